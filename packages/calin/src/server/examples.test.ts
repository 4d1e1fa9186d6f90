import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { JsonSchemaChecker } from '@calin/core/base/json-schema.testing.ts';
import { ok } from '@calin/core/base/result.ts';
import { createPlainHasher } from '@calin/core/crypto/plain-hasher.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import { TestFace } from '@calin/core/rpc/node-view.testing.ts';
import { WebSocket } from 'ws';
import { MemoryIndexStore } from '../index/index.testing.ts';
import { IndexFollower } from '../index/index-follower.ts';
import { answerQuery, isQuery } from '../index/index-queries.ts';
import { noIndex } from '../index/index-service.ts';
import { nextStep } from '../index/index-source.ts';
import { describeNodeApi } from './node-api.ts';
import { patientHost } from './server.testing.ts';
import { startServer } from './start-server.ts';

/**
 * What examples of a chain of its own are about: the documentation cannot name the ids of a chain that does not exist
 * yet. Whatever else they show stays as it is.
 */
function settle(name: string, params: Readonly<Record<string, unknown>>, txid: string) {
  return name === 'tx_get' || name === 'tx_getProof' ? { ...params, txid } : params;
}

/** Methods whose examples this node refuses, and by which rule: one node that develops alone lacks what they need. */
const REFUSED: Readonly<Record<string, string>> = {
  chain_getFinality: 'rpc/no-certificates',
  token_get: 'rpc/token-unknown',
  stake_getValidators: 'rpc/validators-none',
  stake_getValidator: 'rpc/validators-none',
  stake_getDelegations: 'rpc/stake-none',
  net_ban: 'node/no-network',
  net_unban: 'node/no-network',
  net_addPeer: 'node/no-network',
};

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly data: { readonly rule: string } };
}

/** The index of the chain that a face has now, and a faucet that pays nothing. */
async function hostMethods(face: TestFace): Promise<RpcHost['hostMethod']> {
  const { node } = face.node;
  const store = new MemoryIndexStore();
  const follower = new IndexFollower({
    spec: node.spec,
    chainId: node.chain.chainId,
    hasher: createPlainHasher(),
    source: { next: (after) => Promise.resolve(nextStep(node, after)) },
    store,
    log: { write: () => undefined },
    changed: ({ state }) => state === 'following' && follower.close(),
  });
  await follower.run();
  const status = noIndex(node);
  return (name, params, done) => {
    if (name === 'index_status') return status(name, params, done);
    if (name === 'index_rebuild') return done(ok({ started: true }));
    if (!isQuery(name)) return done(ok({ txid: '00'.repeat(32) }));
    void answerQuery(store, node.spec.addressPrefix, name, params).then(done);
  };
}

/** A server on a real node whose clock is moved by every call, with a WebSocket to it. */
async function start(test: TestContext) {
  const face = new TestFace();
  const txid = face.submit(face.payment(0));
  const host: RpcHost = {
    ...patientHost(face),
    hostMethod: await hostMethods(face),
  };
  const started = await startServer({ host, port: 0, log: { write: () => undefined } });
  assert(started.ok);
  test.after(() => started.value.close());
  const socket = new WebSocket(started.value.url.replace('http', 'ws'));
  await once(socket, 'open');
  const call = async (method: string, params: unknown): Promise<Answer> => {
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    const [data] = await once(socket, 'message');
    return JSON.parse(String(data)) as Answer;
  };
  return { face, call, txid };
}

test('every example is answered as the document says', { timeout: 120_000 }, async (t) => {
  const { face, call, txid } = await start(t);
  const document = describeNodeApi('1.0.0');
  const checker = new JsonSchemaChecker({ api: document });
  for (const [i, { name, params, examples, errors }] of document.methods.entries()) {
    const example = Object.fromEntries((examples[0]?.params ?? []).map((one) => [one.name, one.value]));
    for (const { name: field, required } of params)
      assert(!required || Object.hasOwn(example, field), `${name} lacks ${field}`);
    for (const field of Object.keys(example)) {
      const at = params.findIndex((one) => one.name === field);
      assert.deepEqual(checker.check(`api#/methods/${i}/params/${at}/schema`, example[field]), [], name);
    }
    const { result, error } = await call(name, settle(name, example, txid));
    const documented = errors.flatMap(({ data }) => data.rules.map(({ rule }) => rule));
    assert.equal(error?.data.rule, REFUSED[name], name);
    if (error === undefined)
      assert.deepEqual(checker.check(`api#/methods/${i}/result/schema`, result), [], name);
    else assert(documented.includes(error.data.rule), `${name} does not document ${error.data.rule}`);
  }
  assert.deepEqual(face.failures, []);
});

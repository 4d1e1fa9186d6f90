import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { INTAKE_TRANSACTIONS_MAX } from '@calin/core/node/limits.ts';
import { encodeBundleFrame, parseBundleAnswerFrame } from '@calin/core/rpc/bundle-frame.ts';
import { parseVerdicts } from '@calin/core/rpc/bundle-verdicts.ts';
import { BUNDLE_TRANSACTIONS_MAX, REQUEST_BYTES_MAX } from '@calin/core/rpc/limits.ts';
import { failing, TestFace } from '@calin/core/rpc/node-view.testing.ts';
import { encodeBundle } from '@calin/core/rpc/transaction-bundle.ts';
import { WebSocket } from 'ws';
import { until } from '../adapters/until.testing.ts';
import { post, startTestServer, statusCall, TestHost } from './server.testing.ts';

/** Payments of the chain that {@link TestHost} has. */
const PAYMENTS = [0, 1, 2].map((index) => new TestFace().payment(index));
const BUNDLE = encodeBundle(PAYMENTS.map(({ bytes }) => bytes));

function postBundle(url: string, body: Uint8Array<ArrayBuffer>, headers = {}): Promise<Response> {
  return post(`${url}/transactions`, body, { 'content-type': 'application/octet-stream', ...headers });
}

async function ruleOf(response: Response): Promise<string> {
  const { error } = (await response.json()) as { error: { data: { rule: string } } };
  return error.data.rule;
}

/** A host that has more to do than it takes, as long as it is told so. */
class BusyHost extends TestHost {
  isBusy = true;

  override request(...[request, done]: Parameters<TestHost['request']>): void {
    if (this.isBusy && request.kind === 'submit') done(failing('node/busy'));
    else super.request(request, done);
  }
}

test('the client hands in a bundle and hears of each transaction', async (t) => {
  const { server, host } = await startTestServer(t);
  const client = new RpcClient({ url: server.url, timeoutMs: 60_000 });
  const [first, second] = PAYMENTS;
  assert(first !== undefined && second !== undefined);
  const answer = await client.submitBundle([first.bytes, second.bytes, Uint8Array.of(7), first.bytes]);
  assert.deepEqual(answer, {
    ok: true,
    value: [
      { accepted: true, txid: first.txid },
      { accepted: true, txid: second.txid },
      { accepted: false, txid: undefined, rule: 'codec/unknown-tag' },
      { accepted: false, txid: first.txid, rule: 'mempool/known' },
    ],
  });
  const status = host.view.transaction(second.txid);
  assert(status !== undefined);
});

test('bytes come back for bytes, JSON for who accepts it', async (t) => {
  const { server } = await startTestServer(t);
  const bytes = await postBundle(server.url, BUNDLE);
  assert.equal(bytes.status, 200);
  assert.equal(bytes.headers.get('content-type'), 'application/octet-stream');
  assert(parseVerdicts(new Uint8Array(await bytes.arrayBuffer())).ok);
  const json = await postBundle(server.url, BUNDLE, { accept: 'application/json' });
  assert.equal(json.headers.get('content-type'), 'application/json');
  const verdicts = (await json.json()) as { txid: string; accepted: boolean; refusal: { rule: string } }[];
  assert.deepEqual(
    verdicts.map(({ txid, refusal }) => [txid, refusal.rule]),
    // A block has them by now.
    PAYMENTS.map(({ txid }) => [toHex(txid), 'tx/coin-missing']),
  );
});

test('what is no bundle is refused as a whole, by a rule', async (t) => {
  const { server, host } = await startTestServer(t);
  const lie = BUNDLE.slice();
  lie[0] = 4;
  const garbage = new Uint8Array(1000).map((_, i) => (i * 167 + 13) & 0xff);
  const cases: [Promise<Response>, number, string][] = [
    [postBundle(server.url, new Uint8Array(0)), 400, 'codec/truncated'],
    [postBundle(server.url, new Uint8Array(4)), 400, 'rpc/bundle-empty'],
    [postBundle(server.url, BUNDLE.slice(0, -1)), 400, 'codec/truncated'],
    [postBundle(server.url, lie), 400, 'codec/truncated'],
    [postBundle(server.url, garbage), 400, 'codec/limit'],
    [postBundle(server.url, new Uint8Array(REQUEST_BYTES_MAX + 1)), 413, 'server/body-size'],
    [postBundle(server.url, BUNDLE, { 'content-type': 'application/json' }), 415, 'server/content-type'],
    [postBundle(server.url, BUNDLE, { 'content-encoding': 'gzip' }), 415, 'server/content-type'],
    [postBundle(server.url, BUNDLE, { origin: 'https://evil.example' }), 403, 'server/foreign-origin'],
    [fetch(`${server.url}/transactions`), 405, 'server/method-not-allowed'],
  ];
  for (const [request, status, rule] of cases) {
    const response = await request;
    assert.equal(await ruleOf(response), rule);
    assert.equal(response.status, status, rule);
  }
  assert.equal(host.node.node.mempool.size, 0);
  const client = new RpcClient({ url: server.url, timeoutMs: 60_000 });
  await assert.rejects(client.submitBundle([]), /0 transactions/);
});

test('a node that is too busy says 429 and when to try again, in bytes, in JSON and over WebSocket', async (t) => {
  const host = new BusyHost();
  const { server } = await startTestServer(t, { host });
  const submit = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tx_submit',
    params: { transactions: PAYMENTS.map(({ bytes }) => toHex(bytes)) },
  });
  for (const response of [
    await postBundle(server.url, BUNDLE),
    await postBundle(server.url, BUNDLE, { accept: 'application/json' }),
    await post(server.url, submit),
  ]) {
    assert.equal(response.status, 429);
    assert.equal(response.headers.get('retry-after'), '1');
    assert.equal(await ruleOf(response), 'node/busy');
  }
  // Some calls of the batch were made, so this is an answer.
  assert.equal((await post(server.url, `[${submit},${statusCall()}]`)).status, 200);
  assert.equal((await post(server.url, `[${submit},${submit}]`)).status, 429);
  const client = new RpcClient({ url: server.url, timeoutMs: 60_000 });
  for (const refused of [
    await client.submitBundle(PAYMENTS.map(({ bytes }) => bytes)),
    await client.call('tx_submit', { transactions: [] }),
  ]) {
    assert(!refused.ok);
    assert.equal(refused.error.rule, 'node/busy');
    assert.equal(refused.error.retry, true);
  }
  const answer = await overWebSocket(server.url, encodeBundleFrame({ number: 1, bundle: BUNDLE }));
  assert.equal(answer.status, 429);
  assert.match(new TextDecoder().decode(answer.body), /node\/busy/);
  host.isBusy = false;
  assert.equal((await postBundle(server.url, BUNDLE)).status, 200);
});

test('what waits for signatures is bounded: the rest is told to come later, and is taken later', async (t) => {
  const { server, host } = await startTestServer(t);
  const garbage = Array.from({ length: BUNDLE_TRANSACTIONS_MAX }, () => Uint8Array.of(7));
  const room = Math.floor(INTAKE_TRANSACTIONS_MAX / garbage.length);
  const asked = encodeBundle(garbage);
  host.node.holdsSignatures = true;
  const waiting = Array.from({ length: room }, () => postBundle(server.url, asked));
  await until(() => host.node.signaturesAsked.length >= room);
  for (let i = 0; i < 20; i++) {
    const refused = await postBundle(server.url, asked);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.equal(await ruleOf(refused), 'node/busy');
  }
  assert.equal(host.node.signaturesAsked.length, room, 'nothing of what was refused is kept');
  host.node.releaseSignatures();
  for (const response of await Promise.all(waiting)) assert.equal(response.status, 200);
  const [payment] = PAYMENTS;
  assert(payment !== undefined);
  const client = new RpcClient({ url: server.url, timeoutMs: 60_000 });
  const answer = await client.submitBundle([payment.bytes]);
  assert.deepEqual(answer, { ok: true, value: [{ accepted: true, txid: payment.txid }] });
});

test('a WebSocket takes bundles as binary messages and answers by their number', async (t) => {
  const { server } = await startTestServer(t);
  const good = await overWebSocket(server.url, encodeBundleFrame({ number: 0x89abcdef, bundle: BUNDLE }));
  assert.deepEqual([good.number, good.status], [0x89abcdef, 200]);
  const verdicts = parseVerdicts(good.body);
  assert(verdicts.ok);
  assert.deepEqual(
    verdicts.value,
    PAYMENTS.map(({ txid }) => ({ accepted: true, txid })),
  );
  const bad = await overWebSocket(server.url, encodeBundleFrame({ number: 2, bundle: BUNDLE.slice(1) }));
  assert.deepEqual([bad.number, bad.status], [2, 400]);
  assert.match(new TextDecoder().decode(bad.body), /"rule":"codec\//);
});

async function overWebSocket(url: string, message: Uint8Array) {
  const socket = new WebSocket(url.replace('http', 'ws'));
  await once(socket, 'open');
  const answered = once(socket, 'message');
  socket.send(message);
  const [data, binary] = (await answered) as [Buffer, boolean];
  socket.terminate();
  assert.equal(binary, true);
  const frame = parseBundleAnswerFrame(new Uint8Array(data));
  assert(frame.ok);
  return frame.value;
}

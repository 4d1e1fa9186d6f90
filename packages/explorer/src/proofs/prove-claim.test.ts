import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { serverOfView } from '@calin/client/light/face-server.testing.ts';
import type { MethodName, MethodParams, MethodResult } from '@calin/client/rpc/rpc-client.ts';
import { stakesOf, validatorNetwork, votingSpec } from '@calin/core/node/validators.testing.ts';
import type { Claim, Verdict } from './claims.ts';
import { FollowedChain } from './followed-chain.ts';
import { proveClaim } from './prove-claim.ts';

const spec = votingSpec({
  production: { kind: 'dpos', slotMs: 1_000 },
  finality: { kind: 'depth', blocks: 3 },
  validators: stakesOf(4),
});

describe('what is claimed of a chain with validators', () => {
  let server: Parameters<typeof proveClaim>[2];
  let chain: FollowedChain;
  let nowMs = 0;
  const kept: unknown[] = [];

  before(async () => {
    const net = validatorNetwork(spec, { validators: 4 });
    net.run(9_000);
    const { call } = serverOfView(net.node(0).queries);
    server = {
      call,
      batch: async (calls) => {
        const answers = await Promise.all(calls.map(({ method, params }) => call(method, params as never)));
        return { ok: true, value: answers as never };
      },
    };
    nowMs = net.nowMs;
    chain = await follow(null);
  });

  async function follow(before: unknown, ms = nowMs): Promise<FollowedChain> {
    const keep = (checkpoint: unknown) => kept.push(checkpoint);
    const begun = await FollowedChain.begin({ server, nowMs: () => ms, kept: before, keep });
    assert.ok(begun.ok);
    return begun.value;
  }

  async function ask<Name extends MethodName>(method: Name, params: MethodParams<Name>) {
    const answer = await server.call(method, params);
    assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
    return structuredClone(answer.value) as MethodResult<Name>;
  }
  const judge = (claim: Claim): Promise<Verdict> => proveClaim(claim, chain, server);

  async function validators(): Promise<Extract<Claim, { kind: 'validators' }>> {
    const { id, height } = await ask('chain_getHeader', {});
    const set = await ask('stake_getValidators', { candidates: true });
    return { kind: 'validators', set, at: { id, height } };
  }

  test('is proved by running the ledger on a state of which each entry is proved', async () => {
    const verdict = await judge(await validators());
    assert.equal(verdict.kind, 'proved', JSON.stringify(verdict));
  });

  test('is proved from where the chain was followed to before, or from what the node names when that is too old', async () => {
    const claim = await validators();
    const trustOf = async (followed: FollowedChain) => {
      const verdict = await proveClaim(claim, followed, server);
      return verdict.kind === 'proved' ? verdict.trust : verdict;
    };
    assert.deepEqual(await trustOf(await follow(null)), { from: 'genesis', height: 0 });
    const final = chain.finalHeight;
    assert.ok(final > 3);
    assert.deepEqual(await trustOf(await follow(kept.at(-1))), { from: 'kept', height: final });
    assert.deepEqual(await trustOf(await follow('nonsense')), { from: 'genesis', height: 0 });
    const late = await follow(null, spec.genesisTimeMs + 11_000);
    assert.deepEqual(await trustOf(late), { from: 'node', height: final });
  });

  test('is contradicted when a stake is another one, or somebody is left out', async () => {
    const richer = await validators();
    const [first] = richer.set.validators;
    assert.ok(first);
    const changed = [{ ...first, weight: first.weight + 1 }, ...richer.set.validators.slice(1)];
    for (const validators of [changed, richer.set.validators.slice(1)]) {
      const verdict = await judge({ ...richer, set: { ...richer.set, validators } });
      assert.equal(verdict.kind, 'wrong');
    }
  });

  test('is open when nobody knows after which block it was said', async () => {
    assert.equal((await judge({ ...(await validators()), at: null })).kind, 'open');
  });

  test('is proved of all that a block holds, and of nothing else', async () => {
    const block = await ask('chain_getBlock', { height: 5, transactions: 'full' });
    assert.equal((await judge({ kind: 'contents', block })).kind, 'proved');
    const [receipt] = block.receipts ?? [];
    assert.ok(receipt);
    const dearer = { ...block, receipts: [{ ...receipt, fee: receipt.fee + 1 }] };
    const empty = { ...block, txids: [], transactions: [], receipts: [] };
    for (const other of [dearer, empty]) {
      assert.equal((await judge({ kind: 'contents', block: other })).kind, 'wrong');
    }
    const { transactions, receipts, ...ids } = block;
    assert.ok(transactions && receipts);
    assert.equal((await judge({ kind: 'contents', block: ids })).kind, 'open');
  });
});

import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { amount } from '@calin/core/base/amount.ts';
import { refuseData } from '@calin/core/chain/rules.ts';
import { createPlainHasher } from '@calin/core/crypto/plain-hasher.ts';
import { BLOCKS, type BlockRow } from '@calin/core/index/tables.ts';
import { readSupply } from '@calin/core/ledger/supply.ts';
import { AUTHORITY, TestNode } from '@calin/core/node/test-node.testing.ts';
import { stakesOf, votingSpec } from '@calin/core/node/validators.testing.ts';
import { rpcSpec, TestFace } from '@calin/core/rpc/node-view.testing.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { devSpec } from '@calin/core/spec/presets.ts';
import { viewOf } from '@calin/core/state/view.ts';
import { MemoryIndexStore } from './index.testing.ts';
import { IndexFollower } from './index-follower.ts';
import { type IndexStep, nextStep, type Place } from './index-source.ts';

const { genesisTimeMs, allocations } = rpcSpec;
const STAKED = devSpec({ authority: AUTHORITY.publicKey, genesisTimeMs, allocations, validators: 'stake' });

/** The rows of the blocks of a node, indexed from scratch; `known` may hide what a node keeps for a while only. */
async function blocksOf(face: TestFace, known = (step: IndexStep): IndexStep => step): Promise<BlockRow[]> {
  const { node } = face.node;
  const store = new MemoryIndexStore();
  const follower: IndexFollower = new IndexFollower({
    spec: node.spec,
    chainId: node.chain.chainId,
    hasher: createPlainHasher(),
    source: { next: (after) => Promise.resolve(known(nextStep(node, after))) },
    store,
    log: { write: ({ message, fields }) => assert.fail(`${message} ${JSON.stringify(fields)}`) },
    changed: ({ state }) => state === 'following' && follower.close(),
  });
  await follower.run();
  return store.read((reader) => reader.range(BLOCKS, { limit: 1_000 }));
}

/** A chain on which fees are burned, and coins, and, where there is stake, stake is delegated. */
function grown(spec: ChainSpec): TestFace {
  const face = new TestFace({ spec });
  const isStaked = spec.consensus.validators?.kind === 'stake';
  const delegate = { kind: 'delegate', validator: AUTHORITY.publicKey, amount: amount(400_000_000) } as const;
  face.submit(face.payment(0, { actions: isStaked ? [delegate] : [] }));
  face.submit(face.payment(1, { actions: [{ kind: 'token-burn', asset: 0, amount: amount(777) }] }));
  for (let i = 2; i < 6; i++) face.submit(face.payment(i));
  return face;
}

describe('what a node tells its index', () => {
  for (const [name, spec] of [
    ['of an authority', rpcSpec],
    ['with stake', STAKED],
  ] as const) {
    it(`has the supply of every state of a chain ${name}`, async () => {
      const face = grown(spec);
      const { chain } = face.node.node;
      const rows = await blocksOf(face);
      assert.equal(rows.length, chain.head.height + 1);
      for (const { height, totalIssued, totalBurned, inCoins } of rows) {
        const state = chain.stateAt(height);
        assert.ok(state !== undefined, `the state after block ${height}`);
        const { issued, burned } = readSupply(viewOf(state));
        assert.deepEqual([totalIssued, totalBurned], [issued, burned], `block ${height}`);
        const staked = totalIssued - totalBurned - inCoins;
        if (spec === STAKED) assert.ok(staked >= 10_000 * 100_000_000);
        else assert.equal(staked, 0);
      }
    });
  }

  it('lets the supply of old blocks follow from what they say, and sets it right at the head', async () => {
    const face = grown(STAKED);
    const rows = await blocksOf(face, (step) =>
      step.kind === 'block' ? { ...step, undoOfNext: undefined } : step,
    );
    const { issued, burned } = readSupply(face.node.node.view());
    assert.deepEqual([rows.at(-1)?.totalIssued, rows.at(-1)?.totalBurned], [issued, burned]);
    for (const [i, row] of rows.entries())
      assert.ok(i === 0 || row.totalBurned >= (rows[i - 1]?.totalBurned ?? 0));
  });

  it('is the next block, a way back, nothing, or what is missing', () => {
    const face = grown(rpcSpec);
    const { node } = face.node;
    const { head, chainId } = node.chain;
    const at = (height: number, id = node.chain.idAt(height) as Uint8Array): Place => ({ height, id });
    const first = nextStep(node, undefined);
    assert.ok(first.kind === 'block' && first.receipts.length === 0 && first.weight === 0n);
    assert.deepEqual(nextStep(node, at(head.height)), { kind: 'wait', headHeight: head.height });
    for (const place of [at(1, chainId), at(head.height + 1, head.id)])
      assert.equal(nextStep(node, place).kind, 'back');
    const next = nextStep(node, at(0));
    assert.ok(next.kind === 'block' && next.weight === 1n && next.undoOfNext === undefined);
    const { chain } = node;
    const { genesis, layout } = chain;
    const pruned = {
      head,
      genesis,
      layout,
      idAt: (height: number) => chain.idAt(height),
      header: (id: Uint8Array) => chain.header(id),
      blockBytes: () => refuseData('data/pruned'),
      receiptBytes: (id: Uint8Array) => chain.receiptBytes(id),
      weightOf: () => 1n,
    };
    const { store } = node;
    const missing = nextStep({ spec: node.spec, store, view: () => node.view(), chain: pruned }, at(0));
    assert.deepEqual(missing, { kind: 'missing', headHeight: head.height, height: 1, rule: 'data/pruned' });
  });
});

test('where stake can be burned without a trace in blocks, the supply is read from the state at the head', () => {
  const authorities = [AUTHORITY.publicKey];
  const spec = votingSpec({
    production: { kind: 'poa', slotMs: 1, authorities },
    finality: { kind: 'depth', blocks: 2 },
    validators: stakesOf(1),
  });
  const { publicKey, address: payTo } = AUTHORITY;
  const face = new TestNode({
    spec: { ...spec, dev: true },
    production: { kind: 'on-transaction', intervalMs: 0, publicKey, payTo },
  });
  assert(face.ask({ kind: 'mine', blocks: 1 }).ok);
  const { node } = face;
  const step = nextStep(node, { height: 0, id: node.chain.genesis.id });
  assert(step.kind === 'block');
  assert.deepEqual(step.supply, readSupply(node.view()));
});

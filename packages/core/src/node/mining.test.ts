import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import type { Result } from '../base/result.ts';
import { readWorkSeal } from '../consensus/pow/work.ts';
import { keyOpening, testKey } from '../ledger/testing/owners.testing.ts';
import { spend } from '../ledger/testing/spend.testing.ts';
import { type ChainSpec, specHash } from '../spec/chain-spec.ts';
import { devSpec } from '../spec/presets.ts';
import { AUTHORITY, TestNode } from './test-node.testing.ts';

const alice = testKey(1);
const example = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: [1, 2].map(() => ({ address: alice.address, amount: amount(1_000_000_000) })),
  consensus: 'pow',
});
const work = { kind: 'pow', initialDifficulty: 20, blockMs: 1_000, halfLifeMs: 60_000 } as const;
const spec: ChainSpec = { ...example, consensus: { ...example.consensus, production: work } };
const production = {
  kind: 'interval',
  intervalMs: 0,
  publicKey: AUTHORITY.publicKey,
  payTo: AUTHORITY.address,
} as const;

/** A node that mines; its sums of money stay where they are. */
function miner(other = production): TestNode {
  return new TestNode({ spec, production: other });
}

/** Lets a node find its next block. */
function findBlock(node: TestNode): Uint8Array {
  const { height } = node.node.chain.head;
  assert.ok(node.mine(100_000));
  node.advance(1);
  assert.equal(node.node.chain.head.height, height + 1);
  const block = node.node.chain.block(node.node.chain.head.id);
  assert(block.ok);
  return block.value.bytes;
}

function assertOk(result: Result<unknown>): void {
  assert.ok(result.ok, result.ok ? '' : result.error.rule);
}

describe('a node that mines', () => {
  test('searches from the start, and for the next block as soon as one is found', () => {
    const node = miner();
    for (let height = 1; height <= 5; height++) {
      findBlock(node);
      node.advance(1_000);
    }
    assert.equal(node.node.mining?.blocks, 5);
    const { seal } = node.node.chain.head.header;
    assert.equal(readWorkSeal(seal).nonce.length, 8);
    assert.ok(node.node.chain.head.weight >= 5n * 15n);
  });

  test('counts its attempts, also those that found nothing', () => {
    const node = miner();
    let attempts = 0;
    node.advance(100);
    while (!node.mine(1)) {
      attempts += 1;
      assert.equal(node.node.mining?.attempts, attempts);
      assert.equal(node.node.mining.hashesPerSecond, 10);
      node.advance(100);
    }
  });

  test('begins again when another block becomes the head', () => {
    const [one, two] = [miner(), miner({ ...production, payTo: alice.address })];
    const block = findBlock(one);
    const before = two.mining?.message;
    assertOk(two.ask({ kind: 'import', block }));
    two.advance(1);
    assert.notEqual(two.mining, undefined);
    assert.notDeepEqual(two.mining?.message, before);
    assert.deepEqual(two.node.chain.head.id, one.node.chain.head.id);
    findBlock(two);
    assert.deepEqual(two.node.chain.head.header.parent, one.node.chain.head.id);
  });

  test('takes what has come into the pool within five seconds', () => {
    const node = miner();
    const transaction = spend(
      { spec, env: node.node.nextEnvironment(), view: node.node.view() },
      {
        from: [{ outpoint: { txid: specHash(spec), index: 0 }, opening: keyOpening(alice) }],
        outputs: [{ asset: 0, amount: amount(1_000), address: AUTHORITY.address }],
        tip: 0,
      },
    );
    const before = node.mining?.message;
    assertOk(node.ask({ kind: 'submit', transactions: [transaction.bytes] }));
    assert.deepEqual(node.mining?.message, before, 'not for each transaction');
    node.advance(5_000);
    assert.notDeepEqual(node.mining?.message, before);
    findBlock(node);
    assert.equal(node.queries.transaction(transaction.txid)?.block?.height, 1);
  });

  test('two miners at one height are a fork, and the next block decides it', () => {
    const [one, two] = [miner(), miner({ ...production, payTo: alice.address })];
    const [first, second] = [findBlock(one), findBlock(two)];
    assertOk(one.ask({ kind: 'import', block: second }));
    assertOk(two.ask({ kind: 'import', block: first }));
    assert.equal(one.node.chain.counts.sides, 1);
    const third = findBlock(two);
    assertOk(one.ask({ kind: 'import', block: third }));
    assertOk(two.ask({ kind: 'import', block: third }));
    assert.deepEqual(one.node.chain.head.id, two.node.chain.head.id);
  });

  test('gives up the search when it stops', () => {
    const node = miner();
    assert.ok(node.mining !== undefined);
    node.runner.dispatch({ type: 'stop' });
    assert.equal(node.mining, undefined);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { testMapKernel } from '../chain/chain.testing.ts';
import { keyOpening, signBlank, testKey } from '../ledger/testing/owners.testing.ts';
import { spend } from '../ledger/testing/spend.testing.ts';
import { specHash } from '../spec/chain-spec.ts';
import { devSpec } from '../spec/presets.ts';
import { plainKernel } from '../state/kernel.ts';
import { stateRoot } from '../state/world-state.ts';
import { AUTHORITY, TestNode, type TestNodeOptions } from './test-node.testing.ts';

const alice = testKey(1);
/** More transactions than are put together in one turn, on the plain way. */
const LARGE = 500;
const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: Array.from({ length: LARGE + 5 }, () => ({
    address: alice.address,
    amount: amount(1_000_000_000),
  })),
});

const payments = (() => {
  const source = new TestNode({ spec, production: { kind: 'off' } });
  const place = { spec, env: source.node.nextEnvironment(), view: source.node.view() };
  return Array.from({ length: LARGE + 5 }, (_, index) => {
    const outpoint = { txid: specHash(spec), index };
    return spend(place, {
      from: [{ outpoint, opening: keyOpening(alice) }],
      outputs: [{ asset: 0, amount: amount(1000), address: AUTHORITY.address }],
      signer: signBlank,
      tip: 10_000,
    }).bytes;
  });
})();

/** A node that has begun a block of many payments. */
function busyNode(options: Partial<TestNodeOptions> = {}): TestNode {
  const node = new TestNode({ spec, index: false, ...options });
  node.runner.request({ kind: 'submit', transactions: payments.slice(0, LARGE) }, () => {});
  return node;
}

/** Turns until the head is at a height. */
function turnsUntil(height: number, node: TestNode): number {
  for (let turns = 0; turns < 50; turns++) {
    const { chain } = node.node;
    assert.deepEqual(stateRoot(chain.state), chain.head.header.stateRoot);
    if (chain.head.height >= height) return turns;
    node.advance(1);
  }
  throw new Error('a block takes less than fifty turns');
}

/** How many transactions a block has beside the reward. */
function paymentsIn(node: TestNode, height: number): number {
  const block = node.queries.block({ kind: 'height', height });
  assert.ok(block !== undefined);
  return block.transactions.length - 1;
}

describe('a large block of this node', () => {
  test('is put together over several turns; what comes meanwhile is for the next one', () => {
    const node = busyNode({ kernel: plainKernel });
    assert.equal(node.node.chain.head.height, 0);
    // Other events do not hurry it on.
    for (const bytes of payments.slice(LARGE)) {
      assert.ok(node.ask({ kind: 'submit', transactions: [bytes] }, 0).ok);
      assert.equal(node.node.chain.head.height, 0);
    }
    assert.ok(turnsUntil(1, node) >= 1);
    assert.equal(paymentsIn(node, 1), LARGE);
    turnsUntil(2, node);
    assert.equal(paymentsIn(node, 2), 5);
    assert.equal(node.node.mempool.size, 0);
  });

  test('is the same over a tree and over a map', () => {
    const [plain, map] = [busyNode(), busyNode({ kernel: testMapKernel })];
    for (const node of [plain, map]) turnsUntil(1, node);
    assert.equal(paymentsIn(plain, 1), LARGE);
    const [first, second] = [plain, map].map((node) => node.queries.block({ kind: 'height', height: 1 }));
    assert.deepEqual(first?.transactions, second?.transactions);
    assert.deepEqual(first?.header.stateRoot, second?.header.stateRoot);
  });

  test('is given up when another one becomes the head, and made anew', () => {
    const other = new TestNode({ spec, index: false });
    const [first] = payments as [Uint8Array];
    assert.ok(other.ask({ kind: 'submit', transactions: [first] }).ok);
    turnsUntil(1, other);
    const block = other.queries.block({ kind: 'height', height: 1 });
    assert.ok(block !== undefined);
    const node = busyNode();
    node.runner.request({ kind: 'import', block: block.bytes }, () => {});
    assert.deepEqual(node.node.chain.head.id, block.id);
    turnsUntil(2, node);
    assert.equal(paymentsIn(node, 2), LARGE - 1);
    assert.equal(node.node.chain.counts.sides, 0);
  });

  test('is forgotten when the node stops', () => {
    const node = busyNode();
    node.runner.dispatch({ type: 'stop' });
    for (let turn = 0; turn < 20; turn++) node.advance(1);
    assert.equal(node.death, null);
    assert.equal(node.node.chain.head.height, 0);
    const again = new TestNode({ spec, index: false, store: node.store });
    // The pool was saved.
    turnsUntil(1, again);
    assert.equal(paymentsIn(again, 1), LARGE);
  });
});

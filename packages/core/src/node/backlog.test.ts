import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { indexedHeight } from '../history/history-index.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import { devSpec } from '../spec/presets.ts';
import { AUTHORITY, TestNode } from './test-node.testing.ts';

const allocations = [{ address: AUTHORITY.address, amount: amount(1) }];
const spec = devSpec({ authority: AUTHORITY.publicKey, genesisTimeMs: 1_700_000_000_000, allocations });

/** The blocks of a chain, from height 1. */
function blocksOf(count: number): readonly Uint8Array[] {
  const source = new TestNode({ spec });
  assert.ok(source.ask({ kind: 'mine', blocks: count }).ok);
  return Array.from({ length: count }, (_, i) => {
    const block = source.queries.block({ kind: 'height', height: i + 1 });
    assert.ok(block !== undefined);
    return block.bytes;
  });
}

function importer(): TestNode {
  return new TestNode({ spec, production: { kind: 'off' }, nowMs: spec.genesisTimeMs + 60_000 });
}

describe('what a block leaves to be done', () => {
  test('is done in turns of its own, before the next block is imported', () => {
    const node = importer();
    for (const block of blocksOf(3)) node.runner.request({ kind: 'import', block }, () => {});
    const { chain } = node.node;
    assert.deepEqual([chain.head.height, indexedHeight(node.store)], [1, 0]);
    const seen: string[] = [];
    for (let turn = 0; turn < 10; turn++) {
      node.advance(1);
      seen.push(`${chain.head.height} ${indexedHeight(node.store)}`);
    }
    assert.deepEqual([...new Set(seen)], ['1 1', '2 1', '2 2', '3 2', '3 3']);
  });

  test('is waited for by who reads the indexes, and by nobody else', () => {
    const node = importer();
    const [block] = blocksOf(1);
    assert.ok(block !== undefined);
    const order: string[] = [];
    const ask = (kind: 'follow' | 'flush') =>
      node.runner.request({ kind }, () => order.push(`${kind} ${indexedHeight(node.store)}`));
    ask('follow');
    node.runner.request({ kind: 'import', block }, () => order.push('imported'));
    ask('follow');
    ask('flush');
    node.advance(1);
    assert.deepEqual(order, ['follow 0', 'imported', 'flush 0', 'follow 1']);
  });

  test('is never more than one block’s on a node that has no turn for it, and none while somebody waits for it', () => {
    const node = new TestNode({ spec });
    let [made, followed] = [0, false];
    // Time that moves without turns: a node that is always late.
    const hurry = () => {
      for (let i = 0; i < 50; i++) {
        node.nowMs += 1;
        node.runner.whenDurable(() => {});
      }
      return node.node.chain.head.height - indexedHeight(node.store);
    };
    node.runner.request({ kind: 'mine', blocks: 100 }, (answer) => {
      made = answer.ok ? (answer.value as string[]).length : -1;
    });
    // The coins follow in a turn, and wait for none but the block that has just been made.
    assert.equal(hurry(), 1);
    node.runner.request({ kind: 'follow' }, () => {
      followed = true;
      assert.equal(indexedHeight(node.store), node.node.chain.head.height);
    });
    const { height } = node.node.chain.head;
    for (let turn = 0; !followed && turn < 20; turn++) {
      assert.equal(node.node.chain.head.height, height);
      node.advance(1);
    }
    assert.ok(followed);
    for (let turn = 0; made === 0 && turn < 1000; turn++) node.advance(1);
    assert.equal(made, 100);
  });

  test('is finished by a clean stop, and made up for after a crash', () => {
    const [clean, crashed] = [new MemoryStore(), new MemoryStore()];
    for (const store of [clean, crashed]) {
      const node = new TestNode({ spec, store });
      node.runner.request({ kind: 'mine', blocks: 1 }, () => {});
      assert.equal(node.node.chain.head.height, 1);
      if (store === clean) node.runner.dispatch({ type: 'stop' });
      assert.equal(node.death, store === clean ? null : undefined);
    }
    assert.equal(indexedHeight(clean.crash()), 1);
    assert.equal(indexedHeight(crashed.crash()), 0);
    const again = new TestNode({ spec, store: crashed.crash() });
    assert.equal(indexedHeight(again.store), 1);
    assert.ok(again.ask({ kind: 'mine', blocks: 1 }).ok);
  });

  test('of a checkpoint is as much as finishes it within so many blocks', () => {
    // Four chunks of coins and one of the rest, and a batch that says that it is whole.
    const many = Array.from({ length: 7000 }, (_, i) => ({
      address: AUTHORITY.address.with(0, i & 0xff).with(1, i >>> 8),
      amount: amount(1),
    }));
    const large = devSpec({ authority: AUTHORITY.publicKey, genesisTimeMs: 1, allocations: many });
    const finality = { kind: 'depth', blocks: 1 } as const;
    const shallow = { ...large, consensus: { ...large.consensus, finality } };
    // The state after block 5 is written from block 6 on, when it is final.
    for (const [checkpointSpreadBlocks, wholeAfter] of [
      [1, 7],
      [2, 8],
      [64, 11],
    ] as const) {
      const limits = { checkpointChunksPerBatch: 1, checkpointSpreadBlocks };
      const node = new TestNode({ spec: shallow, limits });
      const mine = (blocks: number) => {
        for (let i = 0; i < blocks; i++) {
          assert.ok(node.ask({ kind: 'mine', blocks: 1 }).ok);
          for (let turn = 0; turn < 10; turn++) node.advance(1);
        }
        const store = node.store.crash();
        return new TestNode({ spec: shallow, store, production: { kind: 'off' } }).checkpointHeight;
      };
      assert.equal(mine(wholeAfter - 1), 0);
      assert.equal(mine(1), 5);
    }
  });
});

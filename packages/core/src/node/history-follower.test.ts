import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { equalBytes } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import { blankHistory, contentOf, grown, specOfDepth, TestChain } from '../chain/chain.testing.ts';
import { historyIndex, readIndexed, trailingHistoryIndex } from '../history/history-index.ts';
import type { Block } from '../primitives/block.ts';
import { HistoryFollower } from './history-follower.ts';

const spec = specOfDepth(50);

/** The records of the history alone. */
function historyOf({ batches }: TestChain): Map<string, Uint8Array> {
  return new Map([...contentOf(batches)].filter(([key]) => /^(?:69|78|79|61|65)/.test(key)));
}

/** A chain, and a history that follows it a few pieces at a time. */
class FollowedChain extends TestChain {
  readonly follower = new HistoryFollower(this.store, 3);
  /** Batches of the chain that came while a block was half in the history. */
  interrupted = 0;

  take(block: Block): void {
    const update = this.import(block);
    this.follower.add(update);
  }

  /** Does so many pieces, or fewer when nothing is left; the history is of the best branch after each. */
  follow(pieces: number): void {
    for (let i = 0; i < pieces && this.follower.length > 0; i++) {
      const { batch } = this.follower.next();
      if (batch !== undefined) this.commit(batch);
      this.assertOnBranch();
    }
  }

  assertOnBranch(): void {
    const indexed = readIndexed(this.store);
    const height = indexed?.height ?? 0;
    assert.equal(height + this.follower.length, this.chain.head.height);
    if (indexed !== undefined)
      assert.ok(equalBytes(indexed.id, this.chain.idAt(height) ?? new Uint8Array(0)));
  }
}

test('a history that follows in pieces is that of the best branch, whatever the chain does meanwhile', () => {
  let [behind, reorganised] = [0, 0];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), (seed) => {
      const random = seededRandom(seed);
      const followed = new FollowedChain({ spec, index: trailingHistoryIndex });
      let tip = blankHistory(seed, spec);
      let blocks = grown(tip, 4, 4);
      for (let round = 0; round < 4; round++) {
        for (const block of blocks) {
          followed.take(block);
          followed.assertOnBranch();
          followed.follow(random.below(6));
          if (followed.follower.length > 0) behind++;
        }
        const from = 1 + random.below(tip.blocks.length);
        tip = tip.fork(from, random.u32());
        blocks = grown(tip, tip.blocks.length - from + 1, 4);
        reorganised++;
      }
      followed.follow(Number.MAX_SAFE_INTEGER);
      const { head } = followed.chain;
      const calm = new TestChain({ spec, index: historyIndex });
      for (let height = 1; height <= head.height; height++) {
        const block = followed.chain.block(followed.chain.idAt(height) as Uint8Array);
        assert.ok(block.ok);
        calm.import(block.value);
      }
      assert.deepEqual(historyOf(followed), historyOf(calm));
    }),
    { numRuns: 10 },
  );
  assert.ok(behind > 30 && reorganised > 30, `${behind} times behind, ${reorganised} reorganisations`);
});

test('a block that leaves before it is in the history leaves nothing there', () => {
  const followed = new FollowedChain({ spec, index: trailingHistoryIndex });
  const history = blankHistory(7, spec);
  const [first, second] = grown(history, 2, 6);
  followed.take(first as Block);
  followed.follow(Number.MAX_SAFE_INTEGER);
  const before = historyOf(followed);
  followed.take(second as Block);
  followed.follow(2);
  assert.deepEqual(historyOf(followed), before, 'nothing is written of a block that is half done');
  for (const block of grown(history.fork(1, 8), 2, 0).slice(1)) followed.take(block);
  assert.equal(followed.follower.length, 2);
  followed.follow(Number.MAX_SAFE_INTEGER);
  assert.equal(readIndexed(followed.store)?.height, 3);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Hash } from '../crypto/hash.ts';
import { blankHistory, grown, TestChain } from './chain.testing.ts';
import { LOCATOR_IDS_MAX, locatorHeights } from './locator.ts';

describe('locators', () => {
  it('name the last ten heights, then gaps that double, then genesis', () => {
    assert.deepEqual(locatorHeights(0), [0]);
    assert.deepEqual(locatorHeights(3), [3, 2, 1, 0]);
    const far = [100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 89, 85, 77, 61, 29, 0];
    assert.deepEqual(locatorHeights(100), far);
  });

  it('stay within their limit and never name a height twice', () => {
    for (const height of [9, 10, 11, 12, 1_000_000, 0xffff_ffff]) {
      const heights = locatorHeights(height);
      assert.ok(heights.length <= LOCATOR_IDS_MAX);
      assert.deepEqual(
        heights,
        [...new Set(heights)].toSorted((a, b) => b - a),
      );
      assert.deepEqual([heights[0], heights.at(-1)], [height, 0]);
    }
  });
});

describe('two nodes on one chain', () => {
  const trunk = blankHistory(51);
  const blocks = grown(trunk, 40, 0);
  const ours = new TestChain();
  ours.importAll(blocks);
  const branch = (from: number, length: number) =>
    grown(trunk.fork(from, 7_000 + from), length, 1).map(({ id }) => id);

  /** The locator of a chain of these ids, by the definition and nothing else. */
  const locatorOf = (ids: readonly Hash[]) =>
    locatorHeights(ids.length).map((height) => (height === 0 ? trunk.chainId : (ids[height - 1] as Hash)));

  it('find a common block that is the last one or at most as far again from it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 6 }), (from, length) => {
        const theirs = branch(from, length);
        const found = ours.chain.lastCommonAncestor(locatorOf(theirs));
        // The twin: walk down until a block is shared.
        let last = theirs.length;
        const isOurs = (height: number) => {
          const id = height === 0 ? trunk.chainId : theirs[height - 1];
          return Buffer.from(id ?? []).equals(ours.chain.idAt(height) ?? new Uint8Array(0));
        };
        while (!isOurs(last)) last--;
        assert.ok(found !== undefined && found.height <= last);
        const named = locatorHeights(theirs.length).find((height) => height <= last);
        assert.equal(found.height, named);
        assert.deepEqual(found.id, ours.chain.idAt(found.height));
        assert.ok(theirs.length - found.height <= Math.max(10, 2 * (theirs.length - last) + 10));
      }),
      { numRuns: 30 },
    );
  });

  it('of other chains find nothing, and a long list of strangers is cut', () => {
    const stranger = (n: number) => new Uint8Array(32).fill(n % 251);
    const many = Array.from({ length: LOCATOR_IDS_MAX }, (_, n) => stranger(n));
    assert.equal(ours.chain.lastCommonAncestor(many), undefined);
    assert.equal(ours.chain.lastCommonAncestor([...many, trunk.chainId]), undefined);
    assert.equal(ours.chain.lastCommonAncestor([...many.slice(1), trunk.chainId])?.height, 0);
    assert.equal(ours.chain.lastCommonAncestor([]), undefined);
  });

  it('do not take a side block for a common one', () => {
    const test = new TestChain();
    test.importAll(blocks.slice(0, 5));
    const [side] = grown(trunk.fork(3, 52), 1).slice(3);
    test.importAll([side as (typeof blocks)[0]]);
    assert.equal(test.chain.counts.sides, 1);
    const found = test.chain.lastCommonAncestor([(side as (typeof blocks)[0]).id, trunk.chainId]);
    assert.equal(found?.height, 0);
  });

  it('give each other the ids after a block, oldest first, 100 at most', () => {
    const ids = blocks.map(({ id }) => id);
    assert.deepEqual(ours.chain.idsAfter(0), ids);
    assert.deepEqual(ours.chain.idsAfter(10, 7), ids.slice(10, 17));
    assert.deepEqual(ours.chain.idsAfter(40), []);
    assert.deepEqual(ours.chain.idsAfter(99), []);
    const long = new TestChain();
    long.importAll(grown(blankHistory(53), 120, 0));
    assert.equal(long.chain.idsAfter(3, 5_000).length, 100);
    assert.deepEqual(long.chain.locator().length, locatorHeights(120).length);
    assert.deepEqual(long.chain.locator()[0], long.chain.head.id);
  });
});

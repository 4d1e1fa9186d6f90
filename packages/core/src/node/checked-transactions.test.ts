import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../base/bytes.ts';
import { hash } from '../crypto/hash.ts';
import { CheckedTransactions } from './checked-transactions.ts';
import { CHECKED_TRANSACTIONS_MAX } from './limits.ts';

/** The leaf of number `i`: random, but for its first word where it is given. */
function leafOf(i: number, firstWord?: number): Uint8Array {
  const leaf = hash('tx-leaf', Uint8Array.of(i, i >>> 8, i >>> 16, i >>> 24)).slice();
  if (firstWord !== undefined) new DataView(leaf.buffer).setUint32(0, firstWord, true);
  return leaf;
}

/** A leaf that is cheap to make: a million of them are needed. Its words are spread by a multiplication. */
function quickLeaf(i: number): Uint8Array {
  const words = new Int32Array(8).fill(i);
  words[0] = Math.imul(i, 0x9e3779b1) ^ (i >>> 7);
  return new Uint8Array(words.buffer);
}

describe('transactions that have been checked', () => {
  test('are known, and no others, as in a set', () => {
    const step = fc.record({ leaf: fc.integer({ min: 0, max: 300 }), isAdded: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const checked = new CheckedTransactions();
        const model = new Set<number>();
        for (const { leaf, isAdded } of steps) {
          assert.equal(checked.has(leafOf(leaf), 0), model.has(leaf));
          if (!isAdded) continue;
          checked.add(leafOf(leaf));
          model.add(leaf);
          assert.ok(checked.has(leafOf(leaf), 0));
        }
        assert.equal(checked.count, model.size);
      }),
      { numRuns: 50 },
    );
  });

  test('are found among the leaves of a block, at any alignment', () => {
    const checked = new CheckedTransactions();
    checked.add(leafOf(2));
    const leaves = concatBytes(leafOf(1), leafOf(2), leafOf(3));
    assert.deepEqual(
      [0, 32, 64].map((offset) => checked.has(leaves, offset)),
      [false, true, false],
    );
    for (const shift of [1, 2, 3]) {
      assert.ok(checked.has(concatBytes(new Uint8Array(shift), leafOf(2)), shift));
    }
    assert.throws(() => checked.has(leaves, 65));
    assert.throws(() => checked.has(leaves, -1));
    assert.throws(() => checked.add(leaves, 65));
    checked.add(leaves, 64);
    assert.ok(checked.has(leafOf(3), 0) && !checked.has(leafOf(1), 0));
  });

  test('differ by every single bit of the leaf', () => {
    const checked = new CheckedTransactions();
    const leaf = leafOf(7);
    checked.add(leaf);
    for (let bit = 0; bit < 256; bit++) {
      const other = leaf.slice();
      other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.ok(!checked.has(other, 0), `bit ${bit}`);
    }
    assert.ok(!checked.has(new Uint8Array(32), 0), 'an empty place is no transaction');
  });

  test('the zero leaf is one as any other', () => {
    const checked = new CheckedTransactions();
    checked.add(new Uint8Array(32));
    assert.ok(checked.has(new Uint8Array(32), 0));
    assert.equal(checked.count, 1);
  });

  test('ground into one place push out the oldest of it, and nothing else', () => {
    const checked = new CheckedTransactions();
    for (let i = 0; i < 50; i++) checked.add(leafOf(i, 1 + 2 * i));
    for (let i = 1000; i < 1021; i++) checked.add(leafOf(i, 0x8000_0000));
    for (let i = 1000; i < 1021; i++) {
      assert.equal(checked.has(leafOf(i, 0x8000_0000), 0), i >= 1021 - 8, `${i}`);
    }
    for (let i = 0; i < 50; i++) assert.ok(checked.has(leafOf(i, 1 + 2 * i), 0), `${i}`);
    assert.equal(checked.count, 58);
    // One that is known already does not grow younger, nor push out another.
    checked.add(leafOf(1013, 0x8000_0000));
    checked.add(leafOf(1021, 0x8000_0000));
    assert.ok(!checked.has(leafOf(1013, 0x8000_0000), 0));
    assert.ok(checked.has(leafOf(1014, 0x8000_0000), 0));
  });

  test('keep their age when the places are doubled', () => {
    const checked = new CheckedTransactions();
    for (let i = 0; i < 11; i++) checked.add(leafOf(i, 0));
    for (let i = 100; i < 400; i++) checked.add(leafOf(i, i | 1));
    checked.add(leafOf(11, 0));
    const known = Array.from({ length: 12 }, (_, i) => i).filter((i) => checked.has(leafOf(i, 0), 0));
    assert.deepEqual(known, [4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test('are bounded, and a full pool of them is kept', () => {
    const checked = new CheckedTransactions();
    const total = 3 * CHECKED_TRANSACTIONS_MAX;
    for (let i = 0; i < total; i++) checked.add(quickLeaf(i));
    assert.ok(checked.count <= CHECKED_TRANSACTIONS_MAX);
    assert.ok(checked.count > 0.95 * CHECKED_TRANSACTIONS_MAX);
    let known = 0;
    for (let i = total - 100_000; i < total; i++) if (checked.has(quickLeaf(i), 0)) known += 1;
    assert.ok(known > 99_500, `${known} of the last 100,000`);
  });

  test('take as much memory at the start as they ever do, where that is wanted', () => {
    const [growing, reserved] = [new CheckedTransactions(), new CheckedTransactions(true)];
    const { memoryBytes } = reserved;
    assert.ok(growing.memoryBytes < 20_000);
    const leaves = Array.from({ length: 40_000 }, (_, i) => quickLeaf(i));
    for (const checked of [growing, reserved]) for (const leaf of leaves) checked.add(leaf);
    assert.equal(growing.memoryBytes, memoryBytes);
    assert.equal(reserved.memoryBytes, memoryBytes);
    assert.ok(memoryBytes < 9 * 2 ** 20);
    assert.ok(reserved.count >= growing.count && growing.count > 39_900);
  });
});

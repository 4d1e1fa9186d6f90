import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../base/bytes.ts';
import { keyedHash, ZERO_HASH } from '../crypto/hash.ts';
import { diffTrees } from './diff.ts';
import { emptyTree, updateTree } from './tree.ts';

const hashValue = (value: number) => keyedHash(ZERO_HASH, Uint8Array.of(value));
const keyOf = (n: number) => keyedHash(ZERO_HASH, Uint8Array.of(1, n));

function treeOf(entries: ReadonlyMap<number, number>) {
  const changes = [...entries].map(([n, value]) => ({ key: keyOf(n), value }));
  return updateTree(emptyTree(hashValue), changes);
}

describe('diffTrees', () => {
  test('names exactly the entries in which two trees differ', () => {
    const entries = fc.array(fc.tuple(fc.nat(60), fc.nat(3)), { maxLength: 60 }).map((list) => new Map(list));
    fc.assert(
      fc.property(entries, entries, (before, after) => {
        const expected = new Map<string, string>();
        for (const n of new Set([...before.keys(), ...after.keys()])) {
          if (before.get(n) !== after.get(n))
            expected.set(toHex(keyOf(n)), `${before.get(n)}>${after.get(n)}`);
        }
        const got = new Map<string, string>();
        let previous = '';
        for (const { key, before: b, after: a } of diffTrees(treeOf(before), treeOf(after))) {
          assert.equal(got.has(toHex(key)), false, 'each entry once');
          assert.ok(previous < toHex(key), 'in the order of the keys');
          previous = toHex(key);
          got.set(toHex(key), `${b}>${a}`);
        }
        assert.deepEqual([...got].toSorted(), [...expected].toSorted());
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

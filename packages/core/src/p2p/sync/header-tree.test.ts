import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareBytes } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import { seededRandom } from '../../base/fuzz.testing.ts';
import type { HeadClaim } from '../../chain/fork-choice.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import type { Header } from '../../primitives/header.ts';
import { HeaderTree, type PendingHeader, pendingHeader } from './header-tree.ts';

const compare = (a: HeadClaim, b: HeadClaim) =>
  a.weight === b.weight ? compareBytes(a.id, b.id) : a.weight > b.weight ? -1 : 1;

function header(height: number, parent: Uint8Array, sealBytes = 0): Header {
  const hashes = { producer: ZERO_HASH, txRoot: ZERO_HASH, receiptRoot: ZERO_HASH, stateRoot: ZERO_HASH };
  const rest = { version: 1, timeMs: height, gasUsed: 0, baseFee: 0 as Header['baseFee'] };
  return { ...rest, ...hashes, height, parent, seal: new Uint8Array(sealBytes) };
}

function idOf(number: number): Uint8Array {
  const id = new Uint8Array(32);
  new DataView(id.buffer).setUint32(0, number);
  return id;
}

function entry(number: number, parent: number, weight: number, sealBytes = 0): PendingHeader {
  const rest = { weight: BigInt(weight), source: 'a' };
  return pendingHeader(header(weight, idOf(parent), sealBytes), idOf(number), rest);
}

const treeOf = (pendingHeadersMax = 100, pendingHeaderBytesMax = 1e9) =>
  new HeaderTree({ pendingHeadersMax, pendingHeaderBytesMax }, compare);

describe('the tree of pending headers', () => {
  it('takes as many as fit, in number and in bytes', () => {
    const tree = treeOf(3);
    for (let i = 1; i <= 3; i++) assert.ok(tree.add(entry(i, i - 1, i)));
    assert.ok(!tree.add(entry(4, 3, 4)));
    const heavy = treeOf(1_000, 2_000_000);
    let added = 0;
    while (heavy.add(entry(added + 1, added, added + 1, 500_000))) added += 1;
    assert.equal(added, 4);
    assert.ok(heavy.bytes < 2_000_000 + 502_000);
  });

  it('follows the heaviest branch, of equal ones that with the smaller id', () => {
    const tree = treeOf();
    tree.add(entry(5, 0, 1));
    tree.add(entry(6, 5, 2));
    tree.add(entry(3, 0, 2));
    assert.equal(tree.best?.key, bytesKey(idOf(3)));
    tree.add(entry(7, 6, 3));
    assert.deepEqual(
      tree.branch(tree.best as PendingHeader).map(({ key }) => key),
      [5, 6, 7].map((number) => bytesKey(idOf(number))),
    );
  });

  it('keeps what follows a header whose block has come, and drops what follows one that is dropped', () => {
    const tree = treeOf();
    for (let i = 1; i <= 6; i++) tree.add(entry(i, i - 1, i));
    tree.settle(bytesKey(idOf(1)));
    assert.equal(tree.count, 5);
    assert.equal(tree.best?.key, bytesKey(idOf(6)));
    assert.equal(
      tree.drop(({ key }) => key === bytesKey(idOf(4))),
      3,
    );
    assert.equal(tree.best?.key, bytesKey(idOf(3)));
  });

  it('keeps its best branch alone when told to', () => {
    const tree = treeOf();
    for (let i = 1; i <= 3; i++) tree.add(entry(i, i - 1, i));
    for (let i = 11; i <= 14; i++) tree.add(entry(i, i === 11 ? 1 : i - 1, i - 9));
    tree.keepBest();
    assert.equal(tree.count, 5);
    assert.equal(tree.best?.key, bytesKey(idOf(14)));
  });

  it('holds its books through any run of changes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7fff_ffff }), (seed) => {
        const random = seededRandom(seed);
        const tree = treeOf(40);
        let kept: PendingHeader[] = [];
        for (let step = 1; step <= 120; step++) {
          const parent = kept.length > 0 && !random.oneIn(4) ? random.pick(kept) : undefined;
          const weight = Number(parent?.weight ?? 0n) + 1 + random.below(3);
          const number = parent === undefined ? 0 : new DataView(parent.id.buffer).getUint32(0);
          const added = entry(step, number, weight, random.below(100));
          if (random.oneIn(5) && kept.length > 0) {
            const { key } = random.pick(kept);
            tree.drop((one) => one.key === key);
            kept = kept.filter((one) => tree.find(one.key) !== undefined);
          } else if (tree.add(added)) kept.push(added);
          for (const one of kept) {
            const above = kept.find(({ key }) => key === one.parentKey);
            assert.ok(above !== undefined || tree.find(one.parentKey) === undefined);
          }
          const [best] = kept.toSorted(compare);
          assert.equal(tree.best?.key, best?.key);
          assert.equal(tree.count, kept.length);
          assert.ok(tree.count <= 40);
        }
        tree.drop(() => true);
        assert.deepEqual([tree.count, tree.bytes, tree.best], [0, 0, undefined]);
      }),
      { numRuns: 30 },
    );
  });
});

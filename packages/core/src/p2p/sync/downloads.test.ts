import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import type { Header } from '../../primitives/header.ts';
import { type Download, Downloads } from './downloads.ts';
import { type PendingHeader, pendingHeader } from './header-tree.ts';

function entry(height: number, branch = 0): PendingHeader {
  const id = Uint8Array.from({ length: 32 }, (_, i) =>
    i === 0 ? branch : i === 1 ? height >> 8 : height & 0xff,
  );
  const hashes = { producer: ZERO_HASH, txRoot: ZERO_HASH, receiptRoot: ZERO_HASH, stateRoot: ZERO_HASH };
  const rest = { version: 1, timeMs: 0, gasUsed: 0, baseFee: 0 as Header['baseFee'], seal: new Uint8Array() };
  const header = { ...rest, ...hashes, height, parent: ZERO_HASH };
  return pendingHeader(header, id, { weight: BigInt(height), source: 'a' });
}

const path = (from: number, to: number, branch = 0) =>
  Array.from({ length: to - from + 1 }, (_, i) => entry(from + i, branch));

function wanted(downloads: Downloads, count = 1_000): number[] {
  const heights: number[] = [];
  downloads.forEachWanted(count, ({ entry: { height } }) => {
    heights.push(height);
    return 'go on';
  });
  return heights;
}

/** The sums by the definition of each phase and nothing else. */
function checkBooks(downloads: Downloads, entries: readonly PendingHeader[]): void {
  const all = entries.flatMap(({ key }) => downloads.find(key) ?? []);
  const of = (phase: Download['phase']) => all.filter((one) => one.phase === phase);
  const bytesOf = (some: readonly Download[]) =>
    some.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
  assert.equal(downloads.asked, of('asked').length);
  assert.equal(downloads.bytes, bytesOf([...of('held'), ...of('importing')]));
  assert.deepEqual(downloads.importing, { blocks: of('importing').length, bytes: bytesOf(of('importing')) });
  for (const one of all) {
    const isHere = one.phase === 'held' || one.phase === 'importing';
    assert.equal(one.bytes !== undefined, isHere);
    assert.ok(one.phase !== 'asked' || one.askedOf.length > 0);
  }
  const missing = downloads.path.find(({ key }) => downloads.find(key)?.bytes === undefined);
  assert.equal(downloads.firstMissing?.entry.key, missing?.key);
  const open = downloads.path.filter(({ key }) => (downloads.find(key)?.phase ?? 'wanted') === 'wanted');
  assert.deepEqual(
    wanted(downloads),
    open.map(({ height }) => height),
  );
}

describe('the books of blocks on their way', () => {
  it('follow a block from wanted to imported', () => {
    const downloads = new Downloads();
    downloads.follow(path(1, 3));
    assert.deepEqual(wanted(downloads), [1, 2, 3]);
    const first = downloads.of(entry(1));
    downloads.ask(first, 'a', 5);
    assert.deepEqual(wanted(downloads), [2, 3]);
    downloads.hold(first, new Uint8Array(10), 'a');
    assert.equal(downloads.firstMissing?.entry.height, 2);
    downloads.feed(first);
    assert.deepEqual(downloads.importing, { blocks: 1, bytes: 10 });
    downloads.settle(first.entry.key);
    assert.deepEqual([downloads.bytes, downloads.path.length], [0, 2]);
  });

  it('want a block again when the last peer that was asked is gone', () => {
    const downloads = new Downloads();
    downloads.follow(path(1, 2));
    const first = downloads.of(entry(1));
    downloads.ask(first, 'a', 5);
    downloads.ask(first, 'b', 6);
    downloads.unaskAll('a');
    assert.deepEqual(wanted(downloads), [2]);
    downloads.unaskAll('b');
    assert.deepEqual(wanted(downloads), [1, 2]);
  });

  it('let the last blocks go first when they are too many bytes, and never the next one', () => {
    const downloads = new Downloads();
    const entries = path(1, 4);
    downloads.follow(entries);
    for (const one of entries) downloads.hold(downloads.of(one), new Uint8Array(100), 'a');
    downloads.shrink(250);
    assert.deepEqual(wanted(downloads), [3, 4]);
    downloads.shrink(0);
    assert.equal(downloads.bytes, 100);
  });

  it('balance through any run of changes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7fff_ffff }), (seed) => {
        const random = seededRandom(seed);
        const downloads = new Downloads();
        const branches = [path(1, 30, 1), [...path(1, 10, 1), ...path(11, 40, 2)]];
        const entries = branches.flat();
        const peers = ['a', 'b', 'c'];
        downloads.follow(branches[0] as PendingHeader[]);
        const steps: (() => void)[] = [
          () => downloads.follow([...random.pick(branches)].slice(random.below(5))),
          () => downloads.unaskAll(random.pick(peers)),
          () => downloads.shrink(random.below(2_000)),
          () => downloads.settle(downloads.path[0]?.key ?? ''),
        ];
        for (let step = 0; step < 150; step++) {
          const one = downloads.path.length > 0 ? downloads.of(random.pick(downloads.path)) : undefined;
          if (one === undefined || random.oneIn(6)) random.pick(steps)();
          else if (one.phase === 'wanted' || (one.phase === 'asked' && random.oneIn(3)))
            downloads.ask(one, random.pick(peers), step);
          else if (one.phase === 'asked') downloads.hold(one, random.bytes(random.below(300)), 'a');
          else if (one.phase === 'held') downloads.feed(one);
          else random.pick([() => downloads.unfeed(one), () => downloads.refuse(one)])();
          checkBooks(downloads, [...new Map(entries.map((any) => [any.key, any])).values()]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

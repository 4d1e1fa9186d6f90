import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blake3 } from '@noble/hashes/blake3.js';
import { AssertionError } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../base/fuzz.testing.ts';
import type { BatchHasher } from './batch-hash.ts';
import { LOAD_BYTES_MAX } from './batch-hash.ts';
import { BLAKE3_VECTORS, BLAKE3_VECTORS_KEY, vectorInput } from './blake3.testing.ts';
import { merkleRoot } from './merkle.ts';

/** Runs what every batch hasher must do, as tests of its own; both implementations call it. */
export function hasherCompliance(name: string, create: () => BatchHasher): void {
  describe(`${name}: the batch hasher`, () => {
    describe('official vectors of keyed BLAKE3', () => vectorTests(create));
    describe('spans', () => spanTests(create));
    describe('Merkle roots', () => merkleTests(create));
    describe('contract', () => contractTests(create));
  });
}

function vectorTests(create: () => BatchHasher): void {
  const hasher = create();
  for (const [length, , keyed] of BLAKE3_VECTORS) {
    it(`${length} bytes`, () => {
      assert.equal(toHex(hasher.hash(BLAKE3_VECTORS_KEY, vectorInput(length))), keyed);
      const out = new Uint8Array(32);
      hasher.load(vectorInput(length));
      hasher.hashSpans(BLAKE3_VECTORS_KEY, Uint32Array.of(0, length), 1, out);
      assert.equal(toHex(out), keyed);
    });
  }
}

function spanTests(create: () => BatchHasher): void {
  it('every length from 0 to 1,100, all at once and in runs of equal ones', () => {
    const random = seededRandom(1);
    const each = Array.from({ length: 1101 }, (_, length) => length);
    compare(create(), random, 5000, each);
    compare(
      create(),
      random,
      5000,
      [0, 1, 63, 64, 65, 1023, 1024, 1025].flatMap((n) => Array(7).fill(n)),
    );
  });

  it('mixed lengths at odd and overlapping places, in batches of any size', () => {
    const random = seededRandom(2);
    const hasher = create();
    for (const count of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 30, 31, 33]) {
      for (let round = 0; round < 4; round++) {
        const lengths = Array.from({ length: count }, () => random.below(random.pick([2, 70, 300, 1100])));
        compare(hasher, random, 1100 + random.below(2000), lengths);
      }
    }
  });

  it('long messages among short ones, up to a quarter of a mebibyte', () => {
    compare(create(), seededRandom(3), 300_000, [240, 4096, 64, 262144, 240, 240, 65537, 1025, 3, 240, 2048]);
  });

  it('more messages than any table inside would hold', () => {
    const random = seededRandom(4);
    compare(create(), random, 3000, Array(2500).fill(70));
  });

  it('messages that end with the last of the loaded bytes, of any number', () => {
    const hasher = create();
    const random = seededRandom(5);
    for (const size of [1, 64, 1000, 65_535, 65_536, 131_072, 200_000]) {
      const bytes = random.bytes(size);
      hasher.load(bytes);
      const lengths = [1, 2, 63, 64, 65, 999, 1024, 4097].filter((length) => length <= size);
      const spans = Uint32Array.from(lengths.flatMap((length) => [size - length, length]));
      check(hasher, random.bytes(32), bytes, spans);
    }
  });
}

/** Hashes messages of these lengths, at random places of `size` random bytes, and compares each with noble's. */
function compare(hasher: BatchHasher, random: SeededRandom, size: number, lengths: readonly number[]): void {
  const bytes = random.bytes(size);
  hasher.load(bytes);
  const spans = Uint32Array.from(lengths.flatMap((length) => [random.below(size - length + 1), length]));
  check(hasher, random.bytes(32), bytes, spans);
}

function check(hasher: BatchHasher, key: Uint8Array, bytes: Uint8Array, spans: Uint32Array): void {
  const count = spans.length / 2;
  // What lies behind the last hash is somebody else's.
  const out = new Uint8Array(32 * count + 7).fill(0xee);
  hasher.hashSpans(key, spans, count, out);
  for (let i = 0; i < count; i++) {
    const [at, length] = [spans[2 * i] as number, spans[2 * i + 1] as number];
    const expected = toHex(blake3(bytes.subarray(at, at + length), { key }));
    assert.equal(
      toHex(out.subarray(32 * i, 32 * i + 32)),
      expected,
      `message ${i}: ${length} bytes at ${at}`,
    );
  }
  assert.ok(out.subarray(32 * count).every((byte) => byte === 0xee));
}

function merkleTests(create: () => BatchHasher): void {
  const hasher = create();
  const leaves = seededRandom(6).bytes(32 * 5001);
  const root = (count: number) =>
    toHex(merkleRoot(Array.from({ length: count }, (_, i) => leaves.subarray(32 * i, 32 * i + 32))));

  it('of 0 to 70 leaves', () => {
    for (let count = 0; count <= 70; count++)
      assert.equal(toHex(hasher.merkleRoot(leaves, count)), root(count), `${count} leaves`);
  });

  it('of thousands, around powers of two', () => {
    for (const count of [1023, 1024, 1025, 2047, 2048, 2049, 3073, 4095, 4097, 5000, 5001])
      assert.equal(toHex(hasher.merkleRoot(leaves, count)), root(count), `${count} leaves`);
  });
}

function contractTests(create: () => BatchHasher): void {
  const key = new Uint8Array(32).fill(9);

  it('the other calls leave the loaded bytes alone, and results belong to the caller', () => {
    const hasher = create();
    const bytes = seededRandom(8).bytes(5000);
    hasher.load(bytes);
    const first = hasher.hash(key, seededRandom(9).bytes(300_000));
    const kept = toHex(first);
    const root = hasher.merkleRoot(bytes, 150);
    const keptRoot = toHex(root);
    check(hasher, key, bytes, Uint32Array.of(0, 5000, 4000, 1000, 17, 240));
    hasher.hash(key, bytes);
    hasher.merkleRoot(bytes, 3);
    assert.deepEqual([toHex(first), toHex(root)], [kept, keptRoot]);
  });

  it('a load replaces what was loaded, also by less', () => {
    const hasher = create();
    hasher.load(seededRandom(10).bytes(2000));
    const bytes = seededRandom(11).bytes(100);
    hasher.load(bytes);
    check(hasher, key, bytes, Uint32Array.of(0, 100, 50, 50));
    assert.throws(() => hasher.hashSpans(key, Uint32Array.of(50, 51), 1, new Uint8Array(32)), AssertionError);
  });

  it('asserts on what does not fit together', () => {
    const hasher = create();
    hasher.load(new Uint8Array(64));
    const out = new Uint8Array(32);
    const spans = Uint32Array.of(0, 64);
    assert.throws(() => hasher.hashSpans(key, Uint32Array.of(2 ** 32 - 1, 64), 1, out), AssertionError);
    assert.throws(() => hasher.hashSpans(key, Uint32Array.of(64, 2 ** 32 - 1), 1, out), AssertionError);
    assert.throws(() => hasher.hashSpans(key, spans, 2, new Uint8Array(64)), AssertionError);
    assert.throws(() => hasher.hashSpans(key, spans, 1, out.subarray(1)), AssertionError);
    assert.throws(() => hasher.hashSpans(key.subarray(1), spans, 1, out), AssertionError);
    assert.throws(() => hasher.hash(key.subarray(1), out), AssertionError);
    assert.throws(() => hasher.merkleRoot(new Uint8Array(63), 2), AssertionError);
    assert.throws(() => hasher.load(new Uint8Array(LOAD_BYTES_MAX + 1)), AssertionError);
  });
}

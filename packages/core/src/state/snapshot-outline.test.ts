import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, concatBytes, equalBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { hash } from '../crypto/hash.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { snapshotOf, type TestSnapshot } from './snapshot.testing.ts';
import { CHUNK_HEAD_BYTES, encodeCoinChunk, SNAPSHOT_CHUNK_BYTES_MAX } from './snapshot-chunk.ts';
import { foldPieces } from './snapshot-cut.ts';
import {
  chunkPlaces,
  encodeOutline,
  OUTLINE_VERSION,
  outlineId,
  parseOutline,
  type SnapshotOutline,
  verifyOutline,
  verifyPiece,
} from './snapshot-outline.ts';
import { arbitraryChanges, exampleCoin, hashOf, keyFrom } from './state.testing.ts';
import { subtreeHash } from './subtree-hash.ts';
import { applyChanges, emptyState, stateRoot, type WorldState } from './world-state.ts';

const hasher = createPlainHasher();

function ruleOf(result: Result<unknown>): string {
  return result.ok ? 'accepted' : result.error.rule;
}

/** A state of coins under some keys, and of storage values of some lengths. */
function stateOf(keys: readonly Uint8Array[], values: readonly number[] = []): WorldState {
  return applyChanges(emptyState, {
    coins: keys.map((key, n) => ({ key, coin: exampleCoin(n) })),
    storage: values.map((length, n) => ({
      namespace: 3 as const,
      key: Uint8Array.of(n & 0xff, n >>> 8),
      value: new Uint8Array(length).fill(n),
    })),
  }).state;
}

const keys = Array.from({ length: 7_000 }, (_, n) => hashOf(n));
const plain = stateOf(keys, new Array(20).fill(40_000));
const made = snapshotOf(plain);
const places = chunkPlaces(made.outline);

/** 2,000 random keys, and 2,000 of one prefix of 40 bits, as somebody might grind them. */
const ground = stateOf([
  ...keys.slice(0, 2_000),
  ...Array.from({ length: 2_000 }, (_, n) => {
    const key = hash('coin', Uint8Array.of(n & 0xff, n >>> 8));
    key.set([0xaa, 0xaa, 0xaa, 0xaa, 0xaa]);
    return key;
  }),
]);

/** That a snapshot is whole: every piece proves itself, and all of them are the state. */
function assertWhole(state: WorldState, { outline, chunks }: TestSnapshot): void {
  const read = parseOutline(encodeOutline(outline));
  assert.deepEqual(read, { ok: true, value: outline });
  assert.equal(ruleOf(verifyOutline(outline, stateRoot(state))), 'accepted');
  const found = chunkPlaces(outline);
  assert.equal(found.length, chunks.length);
  for (const [i, place] of found.entries()) {
    assert.equal(ruleOf(verifyPiece(chunks[i] as Uint8Array, place, hasher)), 'accepted');
  }
}

describe('the outline of a snapshot', () => {
  test('proves itself and each chunk, for any state', () => {
    fc.assert(
      fc.property(arbitraryChanges, (changes) => {
        const { state } = applyChanges(emptyState, changes);
        assertWhole(state, snapshotOf(state));
      }),
      { numRuns: 50 },
    );
  });

  test('of large states has pieces that are no larger than they may be, and no smaller than they have to be', () => {
    for (const state of [plain, ground]) {
      const snapshot = snapshotOf(state);
      assertWhole(state, snapshot);
      for (const pieces of [snapshot.outline.coins, snapshot.outline.storage]) {
        for (const { bytes } of pieces) assert.ok(bytes <= SNAPSHOT_CHUNK_BYTES_MAX);
      }
    }
    assert.deepEqual(
      made.outline.coins.map(({ depth }) => depth),
      [2, 2, 2, 2],
    );
  });

  test('goes as deep as keys are alike, and names the empty pieces beside them', () => {
    const alike = Array.from({ length: 3_500 }, (_, n) => {
      const key = hash('coin', Uint8Array.of(n & 0xff, n >>> 8));
      key.fill(0xff, 0, 5);
      return key;
    });
    const state = stateOf(alike);
    const snapshot = snapshotOf(state);
    assertWhole(state, snapshot);
    assert.equal(snapshot.outline.coins.length, 42);
    assert.equal(snapshot.chunks.length, 2);
    assert.deepEqual(
      snapshot.outline.coins.slice(0, 3),
      [1, 2, 3].map((depth) => ({ depth, bytes: 0, hash: new Uint8Array(32) })),
    );
  });

  test('of nothing, of one coin and of one entry of storage', () => {
    for (const state of [emptyState, stateOf([keyFrom(7)]), stateOf([], [3]), stateOf([], [65_536])]) {
      const snapshot = snapshotOf(state);
      assertWhole(state, snapshot);
      assert.equal(snapshot.outline.coins.length, 1);
      assert.equal(snapshot.outline.storage.length, 1);
    }
  });

  test('fills a piece to its last byte', () => {
    const room = SNAPSHOT_CHUNK_BYTES_MAX - CHUNK_HEAD_BYTES - 5 * 8;
    const lengths = (total: number) => [0, 1, 2, 3].map(() => Math.floor(total / 5));
    for (const [total, pieces] of [
      [room, 1],
      [room + 1, 2],
    ] as const) {
      const rest = total - 4 * Math.floor(total / 5);
      const state = stateOf([], [...lengths(total), rest]);
      const snapshot = snapshotOf(state);
      assert.equal(Math.min(snapshot.chunks.length, 2), pieces);
      assertWhole(state, snapshot);
    }
  });
});

describe('the hash of a subtree', () => {
  test('is that of the reference tree at every depth', () => {
    const entries = keys.slice(0, 300).toSorted(compareBytes);
    const whole = stateOf(entries);
    const [run] = whole.coins.entries(300);
    const chunk = { map: 'coins', coins: run as Uint8Array } as const;
    assert.deepEqual(subtreeHash(chunk, 0, hasher), whole.coins.root());
    assert.deepEqual(subtreeHash({ map: 'coins', coins: new Uint8Array(0) }, 5, hasher), new Uint8Array(32));
  });
});

describe('what a stranger sends is refused:', () => {
  test('an outline with any byte changed', () => {
    const bytes = encodeOutline(made.outline);
    const root = stateRoot(plain);
    const rules = new Set<string>();
    for (let at = 0; at < bytes.length; at++) {
      const parsed = parseOutline(bytes.with(at, (bytes[at] as number) ^ (1 << (at % 8))));
      if (!parsed.ok) {
        rules.add(parsed.error.rule);
        continue;
      }
      const { height, blockId } = parsed.value;
      const isOther = height !== made.outline.height || !equalBytes(blockId, made.outline.blockId);
      const verified = verifyOutline(parsed.value, root);
      // Sizes alone are not proved here but by the chunks; a changed height or id is for the header to refuse.
      if (!verified.ok) rules.add(verified.error.rule);
      else assert.ok(isOther || refusesChunks(parsed.value), `byte ${at}`);
    }
    assert.deepEqual([...rules].toSorted(), [
      'codec/limit',
      'codec/truncated',
      'state/snapshot-cut',
      'state/snapshot-root',
      'state/snapshot-version',
    ]);
  });

  /** Whether one of the right chunks shows that a size in the outline is a lie. */
  function refusesChunks(outline: SnapshotOutline): boolean {
    return chunkPlaces(outline).some(
      (place, i) =>
        ruleOf(verifyPiece(made.chunks[i] as Uint8Array, place, hasher)) === 'state/snapshot-chunk-size',
    );
  }

  test('an outline cut, longer, of another version, or with a count that cannot be', () => {
    const bytes = encodeOutline(made.outline);
    for (let length = 0; length < bytes.length; length += 3) {
      assert.equal(ruleOf(parseOutline(bytes.subarray(0, length))), 'codec/truncated');
    }
    assert.equal(ruleOf(parseOutline(concatBytes(bytes, Uint8Array.of(0)))), 'codec/trailing-bytes');
    assert.equal(ruleOf(parseOutline(bytes.with(0, OUTLINE_VERSION + 1))), 'state/snapshot-version');
    assert.equal(ruleOf(parseOutline(bytes.with(43, 1))), 'codec/limit');
    assert.notDeepEqual(outlineId(bytes), outlineId(bytes.with(9, 1)));
  });

  test('pieces with a gap, an overlap, too deep, too long, or that would fit into one', () => {
    const full = SNAPSHOT_CHUNK_BYTES_MAX;
    const cut = (...pieces: readonly (readonly [number, number])[]) =>
      ruleOf(
        foldPieces(
          pieces.map(([depth, bytes]) => ({ depth, bytes })),
          undefined,
        ),
      );
    assert.equal(cut([1, full], [1, full]), 'accepted');
    assert.equal(cut([1, 0], [2, full], [2, full]), 'accepted');
    for (const pieces of [
      [],
      [[1, full]],
      [
        [1, full],
        [2, full],
      ],
      [
        [2, full],
        [1, full],
        [2, full],
      ],
      [
        [0, full],
        [0, full],
      ],
      [
        [1, full],
        [1, full],
        [1, full],
      ],
      [
        [1, 1_000],
        [1, 1_000],
      ],
      [
        [1, 0],
        [1, 0],
      ],
      [[0, full + 1]],
      [[0, 5]],
    ] as const) {
      assert.equal(cut(...pieces), 'state/snapshot-cut', JSON.stringify(pieces));
    }
  });

  test('a chunk with any byte changed', () => {
    const small = snapshotOf(stateOf(keys.slice(0, 5), [0, 9]));
    for (const [i, place] of chunkPlaces(small.outline).entries()) {
      const chunk = small.chunks[i] as Uint8Array;
      for (let at = 0; at < chunk.length; at++) {
        const damaged = chunk.with(at, (chunk[at] as number) ^ (1 << (at % 8)));
        assert.ok(!verifyPiece(damaged, place, hasher).ok, `byte ${at} of chunk ${i}`);
      }
      assert.ok(!verifyPiece(chunk.subarray(0, -1), place, hasher).ok);
      assert.ok(!verifyPiece(concatBytes(chunk, Uint8Array.of(0)), place, hasher).ok);
    }
  });

  test('chunks swapped, too long, out of order, doubled, or of the other map', () => {
    const [first, second] = made.chunks as [Uint8Array, Uint8Array];
    const [place] = places as [(typeof places)[number]];
    assert.equal(ruleOf(verifyPiece(second, place, hasher)), 'state/snapshot-canonical');
    assert.equal(
      ruleOf(verifyPiece(made.chunks.at(-1) as Uint8Array, place, hasher)),
      'state/snapshot-canonical',
    );
    assert.equal(
      ruleOf(verifyPiece(new Uint8Array(SNAPSHOT_CHUNK_BYTES_MAX + 1), place, hasher)),
      'state/snapshot-chunk-hash',
    );
    const entries = first.slice(CHUNK_HEAD_BYTES);
    const swapped = concatBytes(entries.subarray(88, 176), entries.subarray(0, 88), entries.subarray(176));
    assert.equal(ruleOf(verifyPiece(encodeCoinChunk(swapped), place, hasher)), 'state/snapshot-canonical');
    const doubled = concatBytes(entries.subarray(0, 88), entries.subarray(0, 88));
    assert.equal(ruleOf(verifyPiece(encodeCoinChunk(doubled), place, hasher)), 'state/snapshot-canonical');
    const fewer = encodeCoinChunk(entries.slice(88));
    assert.equal(ruleOf(verifyPiece(fewer, place, hasher)), 'state/snapshot-chunk-hash');
  });

  test('the outline of another state', () => {
    assert.equal(ruleOf(verifyOutline(made.outline, stateRoot(ground))), 'state/snapshot-root');
  });
});

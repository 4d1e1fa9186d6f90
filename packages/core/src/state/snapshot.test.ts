import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, equalBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { Writer } from '../codec/writer.ts';
import { writeCoin } from './coin.ts';
import { snapshotBlock as block, snapshotOf } from './snapshot.testing.ts';
import {
  encodeManifest,
  parseManifest,
  SNAPSHOT_CHUNKS_MAX,
  SNAPSHOT_VERSION,
  type SnapshotManifest,
  snapshotManifest,
} from './snapshot.ts';
import { chunkHash, parseChunk, SNAPSHOT_CHUNK_BYTES_MAX } from './snapshot-chunk.ts';
import { SnapshotImport } from './snapshot-import.ts';
import { arbitraryChanges, exampleCoin, hashOf, keyFrom } from './state.testing.ts';
import { STORAGE_KEY_BYTES_MAX, STORAGE_VALUE_BYTES_MAX } from './storage.ts';
import { applyChanges, emptyState, stateRoot, type WorldState } from './world-state.ts';

/** A state of four chunks of coins and two of storage. */
const big: WorldState = applyChanges(emptyState, {
  coins: Array.from({ length: 7000 }, (_, n) => ({ key: hashOf(n), coin: exampleCoin(n) })),
  storage: Array.from({ length: 9 }, (_, n) => ({
    namespace: 3 as const,
    key: Uint8Array.of(n),
    value: new Uint8Array(40_000).fill(n),
  })),
}).state;
const { chunks, manifest } = snapshotOf(big);

function ruleOf(result: Result<unknown>): string {
  return result.ok ? 'accepted' : result.error.rule;
}

function importAll(of: SnapshotManifest, given: readonly Uint8Array[]): Result<WorldState> {
  const session = new SnapshotImport(of);
  for (const chunk of given) {
    const added = session.add(chunk);
    if (!added.ok) return added;
  }
  return session.finish();
}

/** The outcome when the manifest itself vouches for these chunks. */
function ruleOfForged(given: readonly Uint8Array[]): string {
  return ruleOf(importAll({ ...manifest, chunkHashes: given.map((chunk) => chunkHash(chunk)) }, given));
}

function coinChunk(...keys: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer().u8(0).u32(keys.length);
  for (const [n, key] of keys.entries()) writeCoin(writer.bytes(key), exampleCoin(n));
  return writer.finish();
}

describe('snapshot', () => {
  test('of any state comes back as the same state', () => {
    fc.assert(
      fc.property(arbitraryChanges, (changes) => {
        const { state } = applyChanges(emptyState, changes);
        const made = snapshotOf(state);
        const imported = importAll(made.manifest, made.chunks);
        assert.deepEqual(imported, { ok: true, value: state });
      }),
      { numRuns: 60 },
    );
  });

  test('does not depend on how the state came about', () => {
    assert.equal(chunks.length, 6);
    const imported = importAll(manifest, chunks);
    assert.ok(imported.ok);
    assert.deepEqual(snapshotOf(imported.value).chunks, chunks);
    assert.deepEqual(stateRoot(imported.value), stateRoot(big));
  });

  test('of nothing has no chunks', () => {
    const made = snapshotOf(emptyState);
    assert.deepEqual(made.chunks, []);
    assert.deepEqual(importAll(made.manifest, []), { ok: true, value: emptyState });
  });

  test('has room for the longest entry', () => {
    const entry = {
      namespace: 2 as const,
      key: new Uint8Array(STORAGE_KEY_BYTES_MAX),
      value: new Uint8Array(STORAGE_VALUE_BYTES_MAX),
    };
    const { state } = applyChanges(emptyState, { coins: [], storage: [entry] });
    const made = snapshotOf(state);
    assert.equal(ruleOf(importAll(made.manifest, made.chunks)), 'accepted');
  });
});

describe('snapshot import refuses', () => {
  test('chunks that are flipped, cut, longer, swapped or doubled, and goes on with the right one', () => {
    const [first, second] = chunks;
    assert.ok(first && second);
    const session = new SnapshotImport(manifest);
    for (const at of [0, 1, 5, 40, first.length - 1]) {
      assert.equal(
        ruleOf(session.add(first.with(at, (first[at] as number) ^ 1))),
        'state/snapshot-chunk-hash',
      );
    }
    assert.equal(ruleOf(session.add(first.subarray(0, -1))), 'state/snapshot-chunk-hash');
    assert.equal(ruleOf(session.add(concatBytes(first, Uint8Array.of(0)))), 'state/snapshot-chunk-hash');
    assert.equal(ruleOf(session.add(second)), 'state/snapshot-chunk-hash');
    assert.equal(session.added, 0);
    assert.equal(ruleOf(session.add(first)), 'accepted');
    assert.equal(ruleOf(session.add(first)), 'state/snapshot-chunk-hash');
    assert.equal(session.added, 1);
    for (const chunk of chunks.slice(1)) assert.equal(ruleOf(session.add(chunk)), 'accepted');
    assert.equal(ruleOf(session.add(second)), 'state/snapshot-chunk-extra');
    assert.deepEqual(stateRoot((session.finish() as { value: WorldState }).value), stateRoot(big));
  });

  test('an early end', () => {
    for (const given of [[], chunks.slice(0, -1)]) {
      assert.equal(ruleOf(importAll(manifest, given)), 'state/snapshot-incomplete');
    }
  });

  test('chunks that a false manifest vouches for', () => {
    const [c0, c1, c2, c3, s0, s1] = chunks;
    assert.ok(c0 && c1 && c2 && c3 && s0 && s1);
    assert.equal(ruleOfForged([c1, c0, c2, c3, s0, s1]), 'state/snapshot-canonical');
    assert.equal(ruleOfForged([c0, c0, c1, c2, c3, s0, s1]), 'state/snapshot-canonical');
    assert.equal(ruleOfForged([s0, s1, c0, c1, c2, c3]), 'state/snapshot-canonical');
    assert.equal(ruleOfForged([c0, c1, c2, c3, s1, s0]), 'state/snapshot-canonical');
    assert.equal(ruleOfForged([c0, c1, c2, c3, s0]), 'state/snapshot-count');
    assert.equal(ruleOfForged([c0, c1, c3, s0, s1]), 'state/snapshot-count');
    const last = s1.length - 1;
    const altered = [c0, c1, c2, c3, s0, s1.with(last, (s1[last] as number) ^ 1)];
    assert.equal(ruleOfForged(altered), 'state/snapshot-root');
  });

  test('another order or repetition of the same entries', () => {
    const [a, b] = [keyFrom(1), keyFrom(2)];
    assert.equal(ruleOfForged([coinChunk(b), coinChunk(a)]), 'state/snapshot-canonical');
    assert.equal(ruleOfForged([coinChunk(b, a)]), 'state/snapshot-canonical');
    assert.equal(ruleOfForged([coinChunk(a, a)]), 'state/snapshot-canonical');
    assert.equal(ruleOfForged([coinChunk(a, b)]), 'state/snapshot-count');
  });

  test('chunks that are malformed or too long', () => {
    const good = coinChunk(keyFrom(1));
    assert.equal(ruleOf(parseChunk(good)), 'accepted');
    assert.equal(ruleOfForged([coinChunk()]), 'codec/not-canonical');
    assert.equal(ruleOfForged([good.with(0, 2)]), 'codec/unknown-tag');
    assert.equal(ruleOfForged([good.with(1, 2)]), 'codec/truncated');
    assert.equal(ruleOfForged([good.with(4, 1)]), 'codec/limit');
    assert.equal(ruleOfForged([concatBytes(good, Uint8Array.of(0))]), 'codec/trailing-bytes');
    assert.equal(ruleOfForged([new Uint8Array(SNAPSHOT_CHUNK_BYTES_MAX + 1)]), 'state/snapshot-chunk-hash');
  });
});

describe('snapshot manifest', () => {
  const bytes = encodeManifest(manifest);

  test('is read back', () => assert.deepEqual(parseManifest(bytes), { ok: true, value: manifest }));

  test('is refused in another version, cut, longer, or with too many chunks', () => {
    assert.equal(ruleOf(parseManifest(bytes.with(0, SNAPSHOT_VERSION + 1))), 'state/snapshot-version');
    for (let length = 0; length < bytes.length; length++) {
      assert.equal(ruleOf(parseManifest(bytes.subarray(0, length))), 'codec/truncated');
    }
    assert.equal(ruleOf(parseManifest(concatBytes(bytes, Uint8Array.of(0)))), 'codec/trailing-bytes');
    assert.equal(ruleOf(parseManifest(bytes.with(91, 1))), 'codec/limit');
    const chunkHashes = new Array<Uint8Array>(SNAPSHOT_CHUNKS_MAX + 1).fill(hashOf(1));
    assert.throws(() => encodeManifest({ ...manifest, chunkHashes }), /too many/);
  });

  test('of the version before has no cut, and names chunks wherever they are cut', () => {
    const older = { ...snapshotManifest(big, block, [hashOf(1), hashOf(2)], undefined) };
    assert.deepEqual(parseManifest(encodeManifest(older)), { ok: true, value: older });
    const cut = [coinChunk(keyFrom(1)), coinChunk(keyFrom(2))];
    const two = applyChanges(emptyState, {
      coins: [1, 2].map((n) => ({ key: keyFrom(n), coin: exampleCoin(0) })),
      storage: [],
    }).state;
    const hashes = cut.map((chunk) => chunkHash(chunk));
    assert.equal(ruleOf(importAll(snapshotManifest(two, block, hashes, undefined), cut)), 'accepted');
  });

  test('with another number of chunks than pieces is refused', () => {
    const fewer = encodeManifest({ ...manifest, chunkHashes: manifest.chunkHashes.slice(1) });
    assert.equal(ruleOf(parseManifest(fewer)), 'state/snapshot-cut');
  });

  test('that changes anywhere is another manifest or none', () => {
    for (let at = 4; at < bytes.length; at++) {
      const damaged = bytes.with(at, (bytes[at] as number) ^ 1);
      const parsed = parseManifest(damaged);
      if (parsed.ok) assert.ok(equalBytes(encodeManifest(parsed.value), damaged));
    }
  });
});

import { assert } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import type { Result } from '../base/result.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { encodeChanges, parseChanges } from './changes.ts';
import { coinHash, encodeCoin, parseCoin } from './coin.ts';
import { encodeTreeProof, parseTreeProof, verifyTreeProof } from './proof.ts';
import { snapshotOf } from './snapshot.testing.ts';
import { encodeManifest, parseManifest, snapshotManifest } from './snapshot.ts';
import { chunkHash, parseChunk } from './snapshot-chunk.ts';
import { snapshotPieces } from './snapshot-cut.ts';
import { SnapshotImport } from './snapshot-import.ts';
import {
  chunkPlaces,
  encodeOutline,
  outlineOf,
  parseOutline,
  verifyOutline,
  verifyPiece,
} from './snapshot-outline.ts';
import { exampleCoin, hashOf } from './state.testing.ts';
import { encodeStateProof, parseStateProof, proveState } from './state-proof.ts';
import { applyChanges, emptyState, stateRoot, type WorldState } from './world-state.ts';

const hasher = createPlainHasher();

/**
 * Damages every encoding of the state. A parser never throws and accepts one encoding only; a proof that is accepted
 * tells the truth; a snapshot that is accepted is the state.
 */
export const fuzz: FuzzTarget = {
  name: 'state',
  run(random: SeededRandom, iterations: number): void {
    const state = randomState(random);
    for (let i = 0; i < iterations; i++) {
      for (const { name, bytes, reencode } of encodings(state, random)) {
        const damaged = damage(bytes, random);
        const again = reencode(damaged);
        if (again.ok)
          assert(equalBytes(again.value, damaged), `${name} has two encodings: ${toHex(damaged)}`);
      }
      checkProof(state, random);
      checkSnapshot(state, random);
      checkOutline(state, random);
    }
  },
};

function randomState(random: SeededRandom): WorldState {
  const coins = Array.from({ length: random.below(60) }, (_, n) => ({
    key: hashOf(n),
    coin: exampleCoin(n),
  }));
  const storage = Array.from({ length: random.below(9) }, (_, n) => ({
    namespace: 2 as const,
    key: Uint8Array.of(n),
    value: random.bytes(random.below(20)),
  }));
  return applyChanges(emptyState, { coins, storage }).state;
}

interface Encoding {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly reencode: (bytes: Uint8Array) => Result<Uint8Array>;
}

function encodings(state: WorldState, random: SeededRandom): readonly Encoding[] {
  const key = hashOf(random.below(80));
  const changes = {
    coins: [{ key, coin: random.oneIn(2) ? exampleCoin(1) : undefined }],
    storage: [
      { namespace: 1 as const, key: random.bytes(3), value: random.oneIn(2) ? random.bytes(5) : undefined },
    ],
  };
  const manifest = snapshotManifest(state, { height: 1, hash: key }, [key, key], undefined);
  const outline = outlineOf({ height: 1, blockId: key }, snapshotPieces(state), hasher);
  const again = <T>(parse: (bytes: Uint8Array) => Result<T>, encode: (value: T) => Uint8Array) => {
    return (bytes: Uint8Array): Result<Uint8Array> => {
      const parsed = parse(bytes);
      return parsed.ok ? { ok: true, value: encode(parsed.value) } : parsed;
    };
  };
  return [
    { name: 'coin', bytes: encodeCoin(exampleCoin(3)), reencode: again(parseCoin, encodeCoin) },
    { name: 'changes', bytes: encodeChanges(changes), reencode: again(parseChanges, encodeChanges) },
    { name: 'outline', bytes: encodeOutline(outline), reencode: again(parseOutline, encodeOutline) },
    { name: 'manifest', bytes: encodeManifest(manifest), reencode: again(parseManifest, encodeManifest) },
    {
      name: 'proof',
      bytes: encodeStateProof(proveState(state, 'coins', key)),
      reencode: again(parseStateProof, encodeStateProof),
    },
  ];
}

function checkProof({ coins }: WorldState, random: SeededRandom): void {
  const key = hashOf(random.below(80));
  const other = random.oneIn(4) ? hashOf(random.below(80)) : key;
  const parsed = parseTreeProof(damage(encodeTreeProof(coins.prove(other)), random));
  if (!parsed.ok) return;
  const verified = verifyTreeProof(coins.root(), key, parsed.value);
  if (!verified.ok) return;
  const coin = coins.get(key);
  assert(verified.value.present === (coin !== undefined), `a false proof of ${toHex(key)} is accepted`);
  if (verified.value.present && coin !== undefined) {
    assert(equalBytes(verified.value.valueHash, coinHash(coin)), 'a false value is accepted');
  }
}

/** The manifest vouches for the damaged chunk, so only order, counts and root stand between it and the state. */
function checkSnapshot(state: WorldState, random: SeededRandom): void {
  const made = snapshotOf(state);
  const chunks = made.chunks.map((chunk) => (random.oneIn(2) ? damage(chunk, random) : chunk));
  const session = new SnapshotImport({
    ...made.manifest,
    chunkHashes: chunks.map((chunk) => chunkHash(chunk)),
  });
  for (const chunk of chunks) {
    parseChunk(chunk);
    if (!session.add(chunk).ok) return;
  }
  const imported = session.finish();
  if (!imported.ok) return;
  assert(equalBytes(stateRoot(imported.value), stateRoot(state)), 'another state is accepted');
  const again = snapshotOf(imported.value).chunks;
  assert(
    again.every((chunk, i) => equalBytes(chunk, chunks[i] ?? new Uint8Array(0))),
    'a state has two snapshots',
  );
}

/** An outline or a chunk that is accepted for a state is the one that was made of it. */
function checkOutline(state: WorldState, random: SeededRandom): void {
  const { outline, chunks } = snapshotOf(state);
  const damaged = parseOutline(damage(encodeOutline(outline), random));
  if (!damaged.ok || !verifyOutline(damaged.value, stateRoot(state)).ok) return;
  for (const [i, place] of chunkPlaces(damaged.value).entries()) {
    const right = chunks[i] ?? new Uint8Array(0);
    const chunk = damage(right, random);
    if (!verifyPiece(chunk, place, hasher).ok) continue;
    assert(equalBytes(chunk, right), 'a false chunk is accepted');
  }
}

/** Up to three edits: a changed, removed or inserted byte, or a cut; sometimes none. */
function damage(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  let damaged = [...bytes];
  for (let edits = random.below(4); edits > 0; edits--) {
    const at = random.below(damaged.length + 1);
    if (random.oneIn(8)) damaged = damaged.slice(0, at);
    else
      damaged.splice(
        at,
        random.below(2),
        ...(random.oneIn(3) ? [] : [random.pick([0, 1, 2, 0x80, random.below(256)])]),
      );
  }
  return Uint8Array.from(damaged);
}

import { compareBytes } from '../base/bytes.ts';
import type { Hash } from '../crypto/hash.ts';
import { COIN_BYTES } from './coin.ts';
import type { CoinDiff } from './coin-diff.ts';
import { COIN_ENTRY_BYTES } from './coin-state.ts';

/** What a version of the coins has under a key, where that is not what the map holds. */
interface Correction {
  /** The first four bytes of the key as a number: what nearly every comparison of two keys is decided by. */
  readonly prefix: number;
  readonly diff: CoinDiff;
  readonly at: number;
}

/**
 * What some differences say about the keys from one up to another, one entry for each key, in the order of the keys.
 *
 * @param diffs - the one that is nearest to the version first: what it says about a key holds
 * @param last - the last key that counts; all when left out
 */
export function correctionsOf(
  diffs: Iterable<CoinDiff>,
  from: Hash,
  last: Hash | undefined,
): readonly Correction[] {
  const found: Correction[] = [];
  for (const diff of diffs) {
    const end = last === undefined ? diff.count : diff.firstAfter(last);
    for (let at = diff.firstFrom(from); at < end; at++) found.push({ prefix: diff.prefix(at), diff, at });
  }
  // Sorting is stable: among those of one key the nearest comes first.
  const ordered = found.toSorted((a, b) => a.prefix - b.prefix);
  const corrections: Correction[] = [];
  for (let i = 0; i < ordered.length; ) {
    const group: Correction[] = [];
    const { prefix } = ordered[i] as Correction;
    for (; ordered[i]?.prefix === prefix; i++) {
      const next = ordered[i] as Correction;
      // Hardly ever more than a few, nearly always of one key.
      if (!group.some((other) => isSameKey(other, next))) group.push(next);
    }
    const sorted = group.length === 1 ? group : group.toSorted((a, b) => compareBytes(keyOf(a), keyOf(b)));
    for (const correction of sorted) corrections.push(correction);
  }
  return corrections;
}

/** A run of entries (key 32, record) with each corrected key replaced, added or left out. */
export function correctRun(held: Uint8Array, corrections: readonly Correction[]): Uint8Array {
  const view = new DataView(held.buffer, held.byteOffset, held.byteLength);
  const run = new Uint8Array(held.length + corrections.length * COIN_ENTRY_BYTES);
  let [length, at] = [0, 0];
  for (const correction of corrections) {
    const { prefix, diff, at: entry } = correction;
    const start = at;
    let order = -1;
    for (; at < held.length; at += COIN_ENTRY_BYTES) {
      order = view.getUint32(at) - prefix;
      if (order === 0) order = compareBytes(held.subarray(at, at + 32), diff.key(entry));
      if (order >= 0) break;
    }
    run.set(held.subarray(start, at), length);
    length += at - start;
    if (at < held.length && order === 0) at += COIN_ENTRY_BYTES;
    const record = diff.record(entry);
    if (record === undefined) continue;
    run.set(diff.key(entry), length);
    run.set(record, length + 32);
    length += 32 + COIN_BYTES;
  }
  run.set(held.subarray(at), length);
  return run.subarray(0, length + held.length - at);
}

function keyOf({ diff, at }: Correction): Hash {
  return diff.key(at);
}

function isSameKey(a: Correction, b: Correction): boolean {
  return compareBytes(keyOf(a), keyOf(b)) === 0;
}

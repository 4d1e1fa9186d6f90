import { assert } from '../base/assert.ts';
import { compareBytes, equalBytes } from '../base/bytes.ts';
import type { Hash } from '../crypto/hash.ts';
import { COIN_BYTES, type Coin, decodeCoin } from './coin.ts';
import type { CoinMap, CoinMapChanges } from './coin-map.ts';
import { COIN_ENTRY_WORDS, COIN_KEY_WORDS, COIN_RECORD_WORDS } from './coin-map.ts';

const KEY_BYTES = 32;

/**
 * What leads from one version of the coins to another, in the order of the keys: for each key the record that it has
 * there, or its absence. Made of the coin part of an undo record ({@link encodeChanges}), whose bytes it keeps.
 */
export class CoinDiff {
  readonly count: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Offset of each entry in the bytes. Most diffs are never read, so it is made when it is first asked for. */
  #offsets: Uint32Array | undefined;

  /** @param bytes - changes as {@link encodeChanges} writes them; what follows the coins is not looked at */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.count = this.#view.getUint32(0, true);
  }

  /** The key of an entry. */
  key(i: number): Hash {
    const offset = this.#offset(i);
    return this.#bytes.subarray(offset, offset + KEY_BYTES);
  }

  /** The keys of all entries, {@link COIN_KEY_WORDS} words each. */
  keys(): Int32Array {
    const keys = new Int32Array(this.count * COIN_KEY_WORDS);
    const bytes = new Uint8Array(keys.buffer);
    for (let i = 0; i < this.count; i++) bytes.set(this.key(i), i * KEY_BYTES);
    return keys;
  }

  /** The record of an entry; undefined when the coin is absent there. */
  record(i: number): Uint8Array | undefined {
    const offset = this.#offset(i) + KEY_BYTES;
    return this.#bytes[offset] === 1 ? this.#bytes.subarray(offset + 1, offset + 1 + COIN_BYTES) : undefined;
  }

  /** The coin of an entry; undefined when it is absent there. */
  coin(i: number): Coin | undefined {
    const record = this.record(i);
    return record === undefined ? undefined : decodeCoin(record);
  }

  /** The first entry whose key is not below this one; the count when all are. */
  firstFrom(key: Hash): number {
    const start = prefixOf(key);
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      // Four bytes nearly always tell, and looking at them makes no object.
      const order = this.prefix(middle) - start || compareBytes(this.key(middle), key);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first entry whose key is above this one; the count when none is. */
  firstAfter(key: Hash): number {
    const at = this.firstFrom(key);
    return at < this.count && equalBytes(this.key(at), key) ? at + 1 : at;
  }

  /** The first four bytes of the key of an entry, as a number in the order of the keys. */
  prefix(i: number): number {
    return this.#view.getUint32(this.#offset(i));
  }

  /** The entry of a key; −1 when the diff does not have it. */
  find(key: Hash): number {
    const at = this.firstFrom(key);
    return at < this.count && equalBytes(this.key(at), key) ? at : -1;
  }

  #offset(i: number): number {
    this.#offsets ??= entryOffsets(this.#bytes, this.count);
    return this.#offsets[i] as number;
  }
}

function prefixOf(key: Hash): number {
  return new DataView(key.buffer, key.byteOffset).getUint32(0);
}

function entryOffsets(bytes: Uint8Array, count: number): Uint32Array {
  const offsets = new Uint32Array(count);
  let offset = 4;
  for (let i = 0; i < count; i++) {
    offsets[i] = offset;
    offset += KEY_BYTES + 1 + (bytes[offset + KEY_BYTES] === 1 ? COIN_BYTES : 0);
  }
  assert(offset <= bytes.length, 'truncated coin changes');
  return offsets;
}

/**
 * Carries a diff out on a map and gives the diff that leads back, in the same form.
 *
 * @returns the coin part of {@link encodeChanges}
 */
export function applyDiff(map: CoinMap, diff: CoinDiff): Uint8Array {
  const { count } = diff;
  const keys = diff.keys();
  const before = new Int32Array(count * COIN_RECORD_WORDS);
  const keyBytes = new Uint8Array(keys.buffer);
  map.find(keys, count, before);
  const beforeBytes = new Uint8Array(before.buffer);
  const back = new Uint8Array(4 + count * (KEY_BYTES + 1 + COIN_BYTES));
  new DataView(back.buffer).setUint32(0, count, true);
  const removed = new Int32Array(keys.length);
  const added = new Int32Array(count * COIN_ENTRY_WORDS);
  const addedBytes = new Uint8Array(added.buffer);
  let [removedCount, addedCount, length] = [0, 0, 4];
  for (let i = 0; i < count; i++) {
    const key = keys.subarray(i * COIN_KEY_WORDS, (i + 1) * COIN_KEY_WORDS);
    const isThere = isRecord(before, i * COIN_RECORD_WORDS);
    back.set(keyBytes.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES), length);
    back[length + KEY_BYTES] = isThere ? 1 : 0;
    length += KEY_BYTES + 1;
    if (isThere) {
      back.set(beforeBytes.subarray(i * COIN_BYTES, (i + 1) * COIN_BYTES), length);
      length += COIN_BYTES;
      removed.set(key, removedCount++ * COIN_KEY_WORDS);
    }
    const record = diff.record(i);
    if (record === undefined) continue;
    added.set(key, addedCount * COIN_ENTRY_WORDS);
    addedBytes.set(record, addedCount++ * COIN_ENTRY_WORDS * 4 + KEY_BYTES);
  }
  const changes: CoinMapChanges = { removed, removedCount, added, addedCount };
  assert(reserveFor(map, changes), 'room for coins that were there before');
  map.update(changes);
  return back.subarray(0, length);
}

/**
 * Makes room for changes; false when there is no memory for them. Coins that leave make room for those that join: a
 * full map can still go back to a version that it has held.
 */
export function reserveFor(map: CoinMap, { removedCount, addedCount }: CoinMapChanges): boolean {
  return map.reserve(addedCount) || map.reserve(Math.max(0, addedCount - removedCount));
}

/** False for the zeros that stand for a coin that is not there: every coin has an amount. */
export function isRecord(records: Int32Array, at: number): boolean {
  return records[at + 2] !== 0 || records[at + 3] !== 0;
}

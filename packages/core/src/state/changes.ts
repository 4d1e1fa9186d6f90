import { assert } from '../base/assert.ts';
import { compareBytes, concatBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';
import { COIN_BYTES, type Coin, readCoin, writeCoin } from './coin.ts';
import type { Namespace } from './namespaces.ts';
import {
  compareEntries,
  readStorageKey,
  readStorageValue,
  writeStorageKey,
  writeStorageValue,
} from './storage.ts';

/** A coin that is added or, when undefined, removed. */
export interface CoinChange {
  /** See {@link coinKey}. */
  readonly key: Hash;
  readonly coin: Coin | undefined;
}

/** A storage value that is set or, when undefined, deleted. */
export interface StorageChange {
  readonly namespace: Namespace;
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/**
 * What leads from one state to another: what a block does, or what undoes it. Canonical order: coins by key, storage
 * by namespace and key, nothing twice.
 */
export interface StateChanges {
  readonly coins: readonly CoinChange[];
  readonly storage: readonly StorageChange[];
}

/** Changes of each kind in one record: far above what the largest block can do, low enough to allocate for. */
export const STATE_CHANGES_MAX = 4_194_304;

/**
 * The canonical bytes: coinCount u32, each key 32, present u8, record 56 if present; storageCount u32, each namespace
 * u8, keyBytes u8, key, present u8, and if present valueBytes u32, value.
 *
 * @throws AssertionError when the changes are not in canonical order
 */
export function encodeChanges({ coins, storage }: StateChanges): Uint8Array {
  return concatBytes(encodeCoinChanges(coins), encodeStorageChanges(storage));
}

/** The first part of {@link encodeChanges}: the coins. */
export function encodeCoinChanges(coins: readonly CoinChange[]): Uint8Array {
  assert(isAscending(coins, compareCoinChanges), 'coin changes out of order');
  const writer = new Writer(4 + coins.length * (33 + COIN_BYTES));
  writer.u32(coins.length);
  for (const { key, coin } of coins) {
    assert(key.length === 32, `a coin key has 32 bytes, not ${key.length}`);
    writer.bytes(key).u8(coin === undefined ? 0 : 1);
    if (coin !== undefined) writeCoin(writer, coin);
  }
  return writer.finish();
}

/** The second part of {@link encodeChanges}: the storage. */
export function encodeStorageChanges(storage: readonly StorageChange[]): Uint8Array {
  assert(isAscending(storage, compareEntries), 'storage changes out of order');
  const writer = new Writer(64);
  writer.u32(storage.length);
  for (const { namespace, key, value } of storage) {
    writeStorageKey(writer, namespace, key);
    writer.u8(value === undefined ? 0 : 1);
    if (value !== undefined) writeStorageValue(writer, value);
  }
  return writer.finish();
}

/** Reads exactly one record. Refuses by `codec/…` whatever {@link encodeChanges} would not write. */
export function parseChanges(bytes: Uint8Array): Result<StateChanges> {
  const reader = new Reader(bytes);
  const coins: CoinChange[] = [];
  const coinCount = reader.count(reader.u32(), STATE_CHANGES_MAX, 33);
  for (let i = 0; i < coinCount && reader.failure === undefined; i++) {
    const key = reader.hash();
    coins.push({ key, coin: readPresent(reader) ? readCoin(reader) : undefined });
  }
  const storage: StorageChange[] = [];
  const storageCount = reader.count(reader.u32(), STATE_CHANGES_MAX, 3);
  for (let i = 0; i < storageCount && reader.failure === undefined; i++) {
    const entry = readStorageKey(reader);
    storage.push({ ...entry, value: readPresent(reader) ? readStorageValue(reader) : undefined });
  }
  reader.canonical(isAscending(coins, compareCoinChanges), 'coins in order, none twice');
  reader.canonical(isAscending(storage, compareEntries), 'storage in order, none twice');
  return reader.finish({ coins, storage });
}

/**
 * Reads a record that this program wrote.
 *
 * @throws AssertionError when it is malformed
 */
export function decodeChanges(bytes: Uint8Array): StateChanges {
  const parsed = parseChanges(bytes);
  assert(parsed.ok, 'malformed changes');
  return parsed.value;
}

/** Canonical order of coin changes. */
export function compareCoinChanges(a: CoinChange, b: CoinChange): number {
  return compareBytes(a.key, b.key);
}

function readPresent(reader: Reader): boolean {
  const flag = reader.u8();
  reader.canonical(flag <= 1, 'a presence flag is 0 or 1');
  return flag === 1;
}

function isAscending<T>(items: readonly T[], compare: (a: T, b: T) => number): boolean {
  return items.every((item, i) => i === 0 || compare(items[i - 1] as T, item) < 0);
}

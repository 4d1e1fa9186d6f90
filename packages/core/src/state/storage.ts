import { assert } from '../base/assert.ts';
import { compareBytes, concatBytes } from '../base/bytes.ts';
import type { Reader } from '../codec/reader.ts';
import type { Writer } from '../codec/writer.ts';
import { type Hash, hash } from '../crypto/hash.ts';
import { isNamespace, NAMESPACE, type Namespace } from './namespaces.ts';

/** One entry of the storage map. Kept whole, so that a snapshot and a scan need no second store. */
export interface StorageEntry {
  readonly namespace: Namespace;
  /** At most {@link STORAGE_KEY_BYTES_MAX} bytes. */
  readonly key: Uint8Array;
  /** At most {@link STORAGE_VALUE_BYTES_MAX} bytes; no bytes at all is a value like any other. */
  readonly value: Uint8Array;
}

/** Bytes of a storage key: its length is one byte. */
export const STORAGE_KEY_BYTES_MAX = 255;

/** Bytes of a storage value: several fit into one chunk of a snapshot. Longer things are stored in parts. */
export const STORAGE_VALUE_BYTES_MAX = 65_536;

/** The key of an entry in the storage map. */
export function storageKey(namespace: Namespace, key: Uint8Array): Hash {
  return hash('storage-key', concatBytes(Uint8Array.of(namespace), key));
}

/** The hash that the storage map holds for an entry. */
export function storageValueHash({ namespace, value }: Pick<StorageEntry, 'namespace' | 'value'>): Hash {
  return hash('storage-value', concatBytes(Uint8Array.of(namespace), value));
}

/** Order of entries in change lists: by namespace, then by key bytes. */
export function compareEntries(
  a: Pick<StorageEntry, 'namespace' | 'key'>,
  b: Pick<StorageEntry, 'namespace' | 'key'>,
): number {
  return a.namespace - b.namespace || compareBytes(a.key, b.key);
}

/** Layout: namespace u8, keyBytes u8, key. */
export function writeStorageKey(writer: Writer, namespace: Namespace, key: Uint8Array): void {
  assert(key.length <= STORAGE_KEY_BYTES_MAX, `a storage key of ${key.length} bytes is too long`);
  writer.u8(namespace).u8(key.length).bytes(key);
}

/** Reads what {@link writeStorageKey} wrote; refuses a namespace that is not known. */
export function readStorageKey(reader: Reader): Pick<StorageEntry, 'namespace' | 'key'> {
  const namespace = reader.u8();
  const key = reader.take(reader.u8());
  if (isNamespace(namespace)) return { namespace, key };
  reader.fail('codec/unknown-tag', { field: 'namespace', got: namespace });
  return { namespace: NAMESPACE.supply, key };
}

/** Layout: valueBytes u32, value. */
export function writeStorageValue(writer: Writer, value: Uint8Array): void {
  assert(value.length <= STORAGE_VALUE_BYTES_MAX, `a storage value of ${value.length} bytes is too long`);
  writer.u32(value.length).bytes(value);
}

/** Reads what {@link writeStorageValue} wrote. */
export function readStorageValue(reader: Reader): Uint8Array {
  return reader.take(reader.count(reader.u32(), STORAGE_VALUE_BYTES_MAX, 1));
}

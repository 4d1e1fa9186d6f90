import { recordKey } from '../base/bytes-key.ts';
import type { StoreWrites } from '../ports/block-index.ts';
import type { ReadStore, StoreBatch } from '../ports/store.ts';

/** What a batch says about one key. */
export interface StagedEntry {
  /** See {@link recordKey}. */
  readonly name: string;
  readonly key: Uint8Array;
  /** Undefined for a key that is deleted. */
  readonly value: Uint8Array | undefined;
}

/** The entry that puts a value. */
export function stagedPut(key: Uint8Array, value: Uint8Array): StagedEntry {
  return { name: recordKey(key), key, value };
}

/** A batch that is being put together: the last write of a key wins, and reads see the writes. */
export class StagedBatch implements StoreWrites {
  readonly #store: ReadStore;
  readonly #entries = new Map<string, StagedEntry>();

  constructor(store: ReadStore) {
    this.#store = store;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const entry = this.#entries.get(recordKey(key));
    return entry === undefined ? this.#store.get(key) : entry.value;
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#set(stagedPut(key, value));
  }

  /** Puts entries that were made before: chains of one process write the same of a block. */
  putAll(entries: readonly StagedEntry[]): void {
    for (const entry of entries) this.#set(entry);
  }

  delete(key: Uint8Array): void {
    this.#set({ name: recordKey(key), key, value: undefined });
  }

  /** Keys that are written. */
  get size(): number {
    return this.#entries.size;
  }

  /** What this batch says about a key; undefined when it does not mention it. */
  find(name: string): StagedEntry | undefined {
    return this.#entries.get(name);
  }

  /** The batch as the store takes it. */
  finish(): StoreBatch {
    const puts: [Uint8Array, Uint8Array][] = [];
    const deletes: Uint8Array[] = [];
    for (const { key, value } of this.#entries.values()) {
      if (value === undefined) deletes.push(key);
      else puts.push([key, value]);
    }
    return { puts, deletes };
  }

  #set(entry: StagedEntry): void {
    this.#entries.set(entry.name, entry);
  }
}

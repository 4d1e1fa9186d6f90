import { recordKey } from '../base/bytes-key.ts';
import type { StoreWrites } from '../ports/block-index.ts';
import type { ReadStore, StoreBatch } from '../ports/store.ts';

interface Entry {
  readonly key: Uint8Array;
  /** Undefined for a key that is deleted. */
  readonly value: Uint8Array | undefined;
}

/** A batch that is being put together: the last write of a key wins, and reads see the writes. */
export class StagedBatch implements StoreWrites {
  readonly #store: ReadStore;
  readonly #entries = new Map<string, Entry>();

  constructor(store: ReadStore) {
    this.#store = store;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const entry = this.#entries.get(recordKey(key));
    return entry === undefined ? this.#store.get(key) : entry.value;
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#entries.set(recordKey(key), { key, value });
  }

  delete(key: Uint8Array): void {
    this.#entries.set(recordKey(key), { key, value: undefined });
  }

  /** Keys that are written. */
  get size(): number {
    return this.#entries.size;
  }

  /** What this batch says about a key; undefined when it does not mention it. */
  find(name: string): Entry | undefined {
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
}

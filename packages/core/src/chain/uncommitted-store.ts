import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import { recordKey } from '../base/bytes-key.ts';
import type { ReadStore } from '../ports/store.ts';
import { layout } from './layout.ts';
import type { StagedBatch } from './staged-batch.ts';

/**
 * Batches the chain may be ahead of its store. A caller commits at the end of each step, so a handful is usual; far
 * more means that nobody commits.
 */
const UNCOMMITTED_MAX = 4096;

/** What each batch says of the head under. */
const HEAD_NAME = recordKey(layout.head);

/**
 * The store as it will be once every batch that the chain has handed out is committed, so that several blocks can be
 * imported before the first batch is. Each batch puts the head record with a new sequence number: when the store
 * shows the last one, it has them all.
 */
export class UncommittedStore implements ReadStore {
  readonly #store: ReadStore;
  readonly #batches: StagedBatch[] = [];

  constructor(store: ReadStore) {
    this.#store = store;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#batches.length === 0) return this.#store.get(key);
    const name = recordKey(key);
    const latest = this.#batches.findLast((batch) => batch.find(name) !== undefined);
    return latest === undefined ? this.#store.get(key) : latest.find(name)?.value;
  }

  /** Remembers a batch that the caller is going to commit. */
  add(batch: StagedBatch): void {
    this.settle();
    assert(this.#batches.length < UNCOMMITTED_MAX, 'the batches of the chain are not committed');
    this.#batches.push(batch);
  }

  /** Forgets the batches when the store has them. */
  settle(): void {
    if (this.#batches.length === 0) return;
    const latest = this.#batches.at(-1)?.find(HEAD_NAME)?.value;
    const stored = this.#store.get(layout.head);
    if (latest !== undefined && stored !== undefined && equalBytes(latest, stored)) this.#batches.length = 0;
  }
}

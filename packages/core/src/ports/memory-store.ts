import { assert } from '../base/assert.ts';
import { checkBatch } from './check-batch.ts';
import type { Store, StoreBatch, StoreFailure } from './store.ts';
import { STORE_LIMITS } from './store.ts';

/** Choices for a {@link MemoryStore}. */
export interface MemoryStoreOptions {
  /**
   * When a batch reaches the "disk": calls back later, in order. Left out, it happens within `commit`. A simulator
   * gives its virtual disk here.
   */
  readonly schedule?: (write: () => void) => void;
}

/**
 * The store of simulated nodes and tests: two maps, one with what was handed over and one with what is "on disk".
 * {@link MemoryStore.crash} gives what a restarted node would find; {@link MemoryStore.fail} breaks the disk.
 */
export class MemoryStore implements Store {
  readonly #schedule: (write: () => void) => void;
  readonly #handedOver: Map<string, Uint8Array>;
  readonly #onDisk: Map<string, Uint8Array>;
  #pending = 0;
  #failure: StoreFailure | undefined;

  constructor(options: MemoryStoreOptions = {}, content: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.#schedule = options.schedule ?? ((write) => write());
    this.#handedOver = new Map(content);
    this.#onDisk = new Map(content);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#handedOver.get(textOf(key));
  }

  commit(batch: StoreBatch, done: (failure?: StoreFailure) => void): void {
    checkBatch(batch);
    assert(this.#pending < STORE_LIMITS.pendingCommitsMax, 'more commits than pendingCommitsMax are waiting');
    this.#pending++;
    apply(this.#handedOver, batch);
    this.#schedule(() => {
      this.#pending--;
      if (this.#failure !== undefined) return done(this.#failure);
      apply(this.#onDisk, batch);
      done();
    });
  }

  /** Commits that are not acknowledged yet. */
  get pendingCommits(): number {
    return this.#pending;
  }

  /** Entries on the "disk". */
  get size(): number {
    return this.#onDisk.size;
  }

  /** Breaks the disk: from now on every batch that has not reached it fails. */
  fail(failure: StoreFailure): void {
    this.#failure ??= failure;
  }

  /** A new store with what had reached the disk: what a node finds when it starts again after a power cut. */
  crash(options: MemoryStoreOptions = {}): MemoryStore {
    return new MemoryStore(options, this.#onDisk);
  }
}

function apply(map: Map<string, Uint8Array>, batch: StoreBatch): void {
  for (const key of batch.deletes) map.delete(textOf(key));
  for (const [key, value] of batch.puts) map.set(textOf(key), value);
}

/** A map key: one UTF-16 unit per byte. */
function textOf(key: Uint8Array): string {
  return String.fromCharCode(...key);
}

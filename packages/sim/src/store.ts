import { assert } from '@calin/core/base/assert.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import { recordKey } from '@calin/core/base/bytes-key.ts';
import { checkBatch } from '@calin/core/ports/check-batch.ts';
import { STORE_LIMITS, type Store, type StoreBatch, type StoreFailure } from '@calin/core/ports/store.ts';
import type { Agenda } from './clock.ts';
import type { Dice } from './dice.ts';

/**
 * Keys and values that the stores of one run have in common. Thousands of nodes keep the same blocks: each key and
 * each value of them is there once, and every store points to it.
 */
export class SharedRecords {
  readonly #entries = new Map<string, { readonly name: string; value: Uint8Array }>();

  /** The text and the value of an entry, those of an earlier store where they are the same. */
  share(name: string, value: Uint8Array): { readonly name: string; readonly value: Uint8Array } {
    const known = this.#entries.get(name);
    if (known === undefined) {
      const entry = { name, value };
      this.#entries.set(name, entry);
      return entry;
    }
    if (known.value === value || equalBytes(known.value, value)) return known;
    // A record of this node alone, such as its head: the next store is more likely to hold the newer one.
    known.value = value;
    return { name: known.name, value };
  }
}

/** Choices for a {@link SimStore}. */
export interface SimStoreOptions {
  /** From a commit to the moment it is safe. */
  readonly syncUs: number;
}

/** What a {@link SimStore} works with. */
export interface SimStoreDependencies {
  readonly clock: Agenda;
  readonly shared: SharedRecords;
}

/** A batch on its way to the disk: names with their values, undefined for what is deleted; the last of a name holds. */
interface Pending {
  readonly names: readonly string[];
  readonly values: readonly (Uint8Array | undefined)[];
  readonly done: (failure?: StoreFailure) => void;
}

/**
 * The disk of a simulated node. A batch is safe some time after its commit; a crash loses a tail of those that are
 * not, of which any number of whole batches may have reached the disk all the same.
 */
export class SimStore implements Store {
  readonly #options: SimStoreOptions;
  readonly #deps: SimStoreDependencies;
  readonly #disk: Map<string, Uint8Array>;
  #pending: Pending[] = [];
  #isGone = false;

  constructor(
    options: SimStoreOptions,
    dependencies: SimStoreDependencies,
    disk: Map<string, Uint8Array> = new Map(),
  ) {
    this.#options = options;
    this.#deps = dependencies;
    this.#disk = disk;
  }

  /** Entries that are safe. */
  get size(): number {
    return this.#disk.size;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const name = recordKey(key);
    for (let i = this.#pending.length - 1; i >= 0; i--) {
      const { names, values } = this.#pending[i] as Pending;
      const at = names.lastIndexOf(name);
      if (at >= 0) return values[at];
    }
    return this.#disk.get(name);
  }

  commit(batch: StoreBatch, done: (failure?: StoreFailure) => void): void {
    checkBatch(batch);
    assert(!this.#isGone, 'nobody writes to a disk that has crashed');
    assert(
      this.#pending.length < STORE_LIMITS.pendingCommitsMax,
      'more commits than pendingCommitsMax are waiting',
    );
    const { clock, shared } = this.#deps;
    const names: string[] = [];
    const values: (Uint8Array | undefined)[] = [];
    for (const key of batch.deletes) {
      names.push(recordKey(key));
      values.push(undefined);
    }
    for (const [key, given] of batch.puts) {
      const { name, value } = shared.share(recordKey(key), given);
      names.push(name);
      values.push(value);
    }
    this.#pending.push({ names, values, done });
    clock.schedule(clock.nowUs + this.#options.syncUs, { fire: () => this.#sync() });
  }

  /** Cuts the power: what a node finds when it starts again. Nothing that was on its way is acknowledged any more. */
  crash(dice: Dice): SimStore {
    const kept = this.#pending.slice(0, dice.below(this.#pending.length + 1));
    this.#isGone = true;
    this.#pending = [];
    for (const batch of kept) apply(this.#disk, batch);
    return new SimStore(this.#options, this.#deps, this.#disk);
  }

  #sync(): void {
    // The power was cut before.
    const first = this.#pending.shift();
    if (first === undefined) return;
    apply(this.#disk, first);
    first.done();
  }
}

function apply(disk: Map<string, Uint8Array>, { names, values }: Pending): void {
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const value = values[i];
    if (value === undefined) disk.delete(name);
    else disk.set(name, value);
  }
}

import { assert } from '@calin/core/base/assert.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import { recordKey } from '@calin/core/base/bytes-key.ts';
import { checkBatch } from '@calin/core/ports/check-batch.ts';
import { STORE_LIMITS, type Store, type StoreBatch, type StoreFailure } from '@calin/core/ports/store.ts';
import type { Agenda, SimEvent } from './clock.ts';
import type { Dice } from './dice.ts';

/**
 * Keys and values that the stores of one run have in common. Thousands of nodes keep the same blocks: each key has one
 * number in all of them, and a value that several hold is there once.
 */
export class SharedRecords {
  /** By {@link recordKey}. */
  readonly #numbers = new Map<string, number>();
  /** The last value that some store has put under each number. */
  readonly #values: Uint8Array[] = [];

  /** The number of a key; undefined when no store has ever written it. */
  find(key: Uint8Array): number | undefined {
    return this.#numbers.get(recordKey(key));
  }

  /** The number of a key that is written, from 0 on. */
  numberOf(key: Uint8Array): number {
    const name = recordKey(key);
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(name, number);
    return number;
  }

  /** A value that is put under a number: that of an earlier store where it is the same. */
  share(number: number, value: Uint8Array): Uint8Array {
    const known = this.#values[number];
    if (known !== undefined && (known === value || equalBytes(known, value))) return known;
    // A record of this node alone, such as its head: the next store is more likely to hold the newer one.
    this.#values[number] = value;
    return value;
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

/** What a disk holds, by the numbers of {@link SharedRecords}: a word for each key, where a map has four. */
class Disk {
  readonly #values: (Uint8Array | undefined)[] = [];

  get size(): number {
    return this.#values.reduce((sum, value) => sum + (value === undefined ? 0 : 1), 0);
  }

  get(number: number): Uint8Array | undefined {
    return this.#values[number];
  }

  set(number: number, value: Uint8Array | undefined): void {
    // Without gaps, which would make the list a map.
    while (this.#values.length <= number) this.#values.push(undefined);
    this.#values[number] = value;
  }
}

/** A batch on its way to the disk, and the moment at which it is there. */
class Commit implements SimEvent {
  readonly done: (failure?: StoreFailure) => void;
  readonly #synced: () => void;
  /** Numbers of keys with their values, undefined for what is deleted; the last of a key holds. */
  readonly #numbers: number[] = [];
  readonly #values: (Uint8Array | undefined)[] = [];

  constructor(
    batch: StoreBatch,
    shared: SharedRecords,
    done: (failure?: StoreFailure) => void,
    synced: () => void,
  ) {
    this.done = done;
    this.#synced = synced;
    for (const key of batch.deletes) {
      this.#numbers.push(shared.numberOf(key));
      this.#values.push(undefined);
    }
    for (const [key, value] of batch.puts) {
      const number = shared.numberOf(key);
      this.#numbers.push(number);
      this.#values.push(shared.share(number, value));
    }
  }

  /** What it says of a key: undefined when that is nothing. */
  find(number: number): { readonly value: Uint8Array | undefined } | undefined {
    const at = this.#numbers.lastIndexOf(number);
    return at < 0 ? undefined : { value: this.#values[at] };
  }

  apply(disk: Disk): void {
    this.#numbers.forEach((number, i) => {
      disk.set(number, this.#values[i]);
    });
  }

  fire(): void {
    this.#synced();
  }
}

/**
 * The disk of a simulated node. A batch is safe some time after its commit; a crash loses a tail of those that are
 * not, of which any number of whole batches may have reached the disk all the same.
 */
export class SimStore implements Store {
  readonly #options: SimStoreOptions;
  readonly #deps: SimStoreDependencies;
  readonly #disk: Disk;
  /** Oldest first. */
  #pending: Commit[] = [];
  readonly #synced = () => this.#sync();
  #isGone = false;
  #written = 0;

  constructor(options: SimStoreOptions, dependencies: SimStoreDependencies, disk = new Disk()) {
    this.#options = options;
    this.#deps = dependencies;
    this.#disk = disk;
  }

  /** Entries that are safe. */
  get size(): number {
    return this.#disk.size;
  }

  /** Batches that were handed over: while there are no more of them its node's chain stands where it stood. */
  get written(): number {
    return this.#written;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const number = this.#deps.shared.find(key);
    if (number === undefined) return undefined;
    for (let i = this.#pending.length - 1; i >= 0; i--) {
      const found = this.#pending[i]?.find(number);
      if (found !== undefined) return found.value;
    }
    return this.#disk.get(number);
  }

  commit(batch: StoreBatch, done: (failure?: StoreFailure) => void): void {
    checkBatch(batch);
    assert(!this.#isGone, 'nobody writes to a disk that has crashed');
    assert(
      this.#pending.length < STORE_LIMITS.pendingCommitsMax,
      'more commits than pendingCommitsMax are waiting',
    );
    const { clock, shared } = this.#deps;
    const commit = new Commit(batch, shared, done, this.#synced);
    this.#pending.push(commit);
    this.#written += 1;
    clock.schedule(clock.nowUs + this.#options.syncUs, commit);
  }

  /** Cuts the power: what a node finds when it starts again. Nothing that was on its way is acknowledged any more. */
  crash(dice: Dice): SimStore {
    const kept = this.#pending.slice(0, dice.below(this.#pending.length + 1));
    this.#isGone = true;
    this.#pending = [];
    for (const commit of kept) commit.apply(this.#disk);
    return new SimStore(this.#options, this.#deps, this.#disk);
  }

  #sync(): void {
    // The power was cut before.
    const first = this.#pending.shift();
    if (first === undefined) return;
    first.apply(this.#disk);
    first.done();
  }
}

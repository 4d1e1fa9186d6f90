import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import type { Hash } from '../crypto/hash.ts';
import { type CoinChange, compareCoinChanges, type StateChanges, type StorageChange } from './changes.ts';
import { type Coin, equalCoins } from './coin.ts';
import type { Namespace } from './namespaces.ts';
import { compareEntries, STORAGE_KEY_BYTES_MAX, STORAGE_VALUE_BYTES_MAX } from './storage.ts';
import { getCoin, getValue, type WorldState } from './world-state.ts';

/** What rules may ask of a state. Returned bytes belong to the state and must not be written to. */
export interface StateView {
  /** The coin under a key ({@link coinKey}), unless it is spent or never was. */
  coin(key: Hash): Coin | undefined;
  /** The value of a storage entry, if it is there. */
  value(namespace: Namespace, key: Uint8Array): Uint8Array | undefined;
}

/** The view of an unchanging state. */
export function viewOf(state: WorldState): StateView {
  return {
    coin: (key) => getCoin(state, key),
    value: (namespace, key) => getValue(state, namespace, key),
  };
}

/** A moment to go back to; only good for the overlay that gave it. */
export interface Mark {
  readonly coins: number;
  readonly storage: number;
}

/**
 * Writes on top of a view, which itself stays as it is. A transaction that is refused half way leaves nothing: take a
 * {@link mark} before it and {@link rollback} to it. Overlays stack, since each is a view too.
 */
export class Overlay implements StateView {
  readonly #base: StateView;
  readonly #coins = new Cells<Coin, { readonly key: Hash }>();
  readonly #storage = new Cells<Uint8Array, { readonly namespace: Namespace; readonly key: Uint8Array }>();

  constructor(base: StateView) {
    this.#base = base;
  }

  coin(key: Hash): Coin | undefined {
    const cell = this.#coins.find(mapKey(key));
    return cell === undefined ? this.#base.coin(key) : cell.now;
  }

  value(namespace: Namespace, key: Uint8Array): Uint8Array | undefined {
    const cell = this.#storage.find(mapKey(key, namespace));
    return cell === undefined ? this.#base.value(namespace, key) : cell.now;
  }

  /** Removes a coin and returns it; undefined, and no change, when there is none. */
  spendCoin(key: Hash): Coin | undefined {
    const cell = this.#coinCell(key);
    const spent = cell.now;
    if (spent !== undefined) this.#coins.write(cell, undefined);
    return spent;
  }

  /** Adds a coin. False, and no change, when the key already holds one. */
  addCoin(key: Hash, coin: Coin): boolean {
    const cell = this.#coinCell(key);
    if (cell.now !== undefined) return false;
    this.#coins.write(cell, coin);
    return true;
  }

  /**
   * Sets a storage value; the overlay keeps both arrays.
   *
   * @throws AssertionError when the key or the value is above its limit (see {@link StorageEntry})
   */
  setValue(namespace: Namespace, key: Uint8Array, value: Uint8Array): void {
    assert(key.length <= STORAGE_KEY_BYTES_MAX, `a storage key of ${key.length} bytes is too long`);
    assert(value.length <= STORAGE_VALUE_BYTES_MAX, `a storage value of ${value.length} bytes is too long`);
    this.#storage.write(this.#storageCell(namespace, key), value);
  }

  /** Deletes a storage value, if there is one. */
  deleteValue(namespace: Namespace, key: Uint8Array): void {
    this.#storage.write(this.#storageCell(namespace, key), undefined);
  }

  /** The present moment, for {@link rollback}. */
  mark(): Mark {
    return { coins: this.#coins.written, storage: this.#storage.written };
  }

  /** Takes back every write since the mark. */
  rollback(mark: Mark): void {
    this.#coins.rollback(mark.coins);
    this.#storage.rollback(mark.storage);
  }

  /** How the overlay differs from its base, in canonical order: what was made and undone inside is absent. */
  changes(): StateChanges {
    const coins = this.#coins
      .changed(equalCoins)
      .map(({ id, now }): CoinChange => ({ key: id.key, coin: now }))
      .toSorted(compareCoinChanges);
    const storage = this.#storage
      .changed(equalBytes)
      .map(({ id, now }): StorageChange => ({ ...id, value: now }))
      .toSorted(compareEntries);
    return { coins, storage };
  }

  #coinCell(key: Hash): Cell<Coin, { readonly key: Hash }> {
    const name = mapKey(key);
    return this.#coins.find(name) ?? this.#coins.open(name, { key }, this.#base.coin(key));
  }

  #storageCell(namespace: Namespace, key: Uint8Array) {
    const name = mapKey(key, namespace);
    const cell = this.#storage.find(name);
    return cell ?? this.#storage.open(name, { namespace, key }, this.#base.value(namespace, key));
  }
}

/** Bytes as a map key: one UTF-16 unit per byte, the namespace first. Fit for up to 256 bytes. */
function mapKey(bytes: Uint8Array, ...namespace: readonly Namespace[]): string {
  return String.fromCharCode(...namespace, ...bytes);
}

/** One entry that has been touched: what the base holds and what the overlay holds. */
interface Cell<V, Id> {
  readonly id: Id;
  readonly before: V | undefined;
  now: V | undefined;
}

/** Touched entries by map key, with the journal of their writes. */
class Cells<V, Id> {
  readonly #cells = new Map<string, Cell<V, Id>>();
  readonly #journal: { readonly cell: Cell<V, Id>; readonly previous: V | undefined }[] = [];

  /** Writes so far. */
  get written(): number {
    return this.#journal.length;
  }

  find(name: string): Cell<V, Id> | undefined {
    return this.#cells.get(name);
  }

  open(name: string, id: Id, before: V | undefined): Cell<V, Id> {
    const cell: Cell<V, Id> = { id, before, now: before };
    this.#cells.set(name, cell);
    return cell;
  }

  write(cell: Cell<V, Id>, value: V | undefined): void {
    this.#journal.push({ cell, previous: cell.now });
    cell.now = value;
  }

  rollback(written: number): void {
    assert(written <= this.#journal.length, 'a mark of writes that were already taken back');
    while (this.#journal.length > written) {
      const entry = this.#journal.pop();
      if (entry !== undefined) entry.cell.now = entry.previous;
    }
  }

  changed(equal: (a: V, b: V) => boolean): Cell<V, Id>[] {
    return [...this.#cells.values()].filter(({ before, now }) => {
      if (before === undefined || now === undefined) return before !== now;
      return !equal(before, now);
    });
  }
}

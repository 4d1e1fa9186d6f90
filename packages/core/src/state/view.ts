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

/** The coins of an overlay: writes on top of coins that stay as they are. */
export interface CoinOverlay {
  coin(key: Hash): Coin | undefined;
  /** Removes a coin and returns it; undefined, and no change, when there is none. */
  spendCoin(key: Hash): Coin | undefined;
  /** Adds a coin. False, and no change, when the key already holds one. */
  addCoin(key: Hash, coin: Coin): boolean;
  /** The present moment, for {@link rollback}. */
  mark(): number;
  /** Takes back every write since the mark. */
  rollback(mark: number): void;
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
  readonly #coins: CoinOverlay;
  readonly #storage = new Cells<Uint8Array, { readonly namespace: Namespace; readonly key: Uint8Array }>();

  /** @param coins - keeps the coins that are written; cells of its own when left out */
  constructor(base: StateView, coins: CoinOverlay = new CoinCells(base)) {
    this.#base = base;
    this.#coins = coins;
  }

  coin(key: Hash): Coin | undefined {
    return this.#coins.coin(key);
  }

  value(namespace: Namespace, key: Uint8Array): Uint8Array | undefined {
    const cell = this.#storage.find(mapKey(key, namespace));
    return cell === undefined ? this.#base.value(namespace, key) : cell.now;
  }

  /** Removes a coin and returns it; undefined, and no change, when there is none. */
  spendCoin(key: Hash): Coin | undefined {
    return this.#coins.spendCoin(key);
  }

  /** Adds a coin. False, and no change, when the key already holds one. */
  addCoin(key: Hash, coin: Coin): boolean {
    return this.#coins.addCoin(key, coin);
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
    return { coins: this.#coins.mark(), storage: this.#storage.written };
  }

  /** Takes back every write since the mark. */
  rollback(mark: Mark): void {
    this.#coins.rollback(mark.coins);
    this.#storage.rollback(mark.storage);
  }

  /**
   * How the overlay differs from its base, in canonical order: what was made and undone inside is absent.
   *
   * @throws AssertionError when the coins are kept elsewhere than in the overlay's own cells
   */
  changes(): StateChanges {
    assert(this.#coins instanceof CoinCells, 'the coins of this overlay give their own changes');
    return { coins: this.#coins.changes(), storage: this.storageChanges() };
  }

  /** The part of {@link changes} that is not coins. */
  storageChanges(): readonly StorageChange[] {
    return this.#storage
      .changed(equalBytes)
      .map(({ id, now }): StorageChange => ({ ...id, value: now }))
      .toSorted(compareEntries);
  }

  #storageCell(namespace: Namespace, key: Uint8Array) {
    const name = mapKey(key, namespace);
    const cell = this.#storage.find(name);
    return cell ?? this.#storage.open(name, { namespace, key }, this.#base.value(namespace, key));
  }
}

/** The coins that an overlay has touched, by their keys. */
class CoinCells implements CoinOverlay {
  readonly #base: StateView;
  readonly #cells = new Cells<Coin, { readonly key: Hash }>();

  constructor(base: StateView) {
    this.#base = base;
  }

  coin(key: Hash): Coin | undefined {
    const cell = this.#cells.find(mapKey(key));
    return cell === undefined ? this.#base.coin(key) : cell.now;
  }

  spendCoin(key: Hash): Coin | undefined {
    const cell = this.#cell(key);
    const spent = cell.now;
    if (spent !== undefined) this.#cells.write(cell, undefined);
    return spent;
  }

  addCoin(key: Hash, coin: Coin): boolean {
    const cell = this.#cell(key);
    if (cell.now !== undefined) return false;
    this.#cells.write(cell, coin);
    return true;
  }

  mark(): number {
    return this.#cells.written;
  }

  rollback(mark: number): void {
    this.#cells.rollback(mark);
  }

  changes(): readonly CoinChange[] {
    return this.#cells
      .changed(equalCoins)
      .map(({ id, now }): CoinChange => ({ key: id.key, coin: now }))
      .toSorted(compareCoinChanges);
  }

  #cell(key: Hash): Cell<Coin, { readonly key: Hash }> {
    const name = mapKey(key);
    return this.#cells.find(name) ?? this.#cells.open(name, { key }, this.#base.coin(key));
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

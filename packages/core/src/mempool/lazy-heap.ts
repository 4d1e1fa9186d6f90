import { IndexedHeap, type Positions } from './indexed-heap.ts';

/**
 * An {@link IndexedHeap} that is made when somebody first asks for its order, and kept from then on. Until then adding
 * and removing cost nothing: a pool whose content goes into the next block as a whole never asks.
 */
export class LazyHeap<T> {
  readonly #items: () => Iterable<T>;
  readonly #compare: (a: T, b: T) => number;
  readonly #positions: Positions<T>;
  #heap: IndexedHeap<T> | undefined;

  /**
   * @param items - everything that has been added and not removed, whenever the order is asked for
   * @param compare - see IndexedHeap
   * @param positions - see IndexedHeap
   */
  constructor(items: () => Iterable<T>, compare: (a: T, b: T) => number, positions: Positions<T>) {
    this.#items = items;
    this.#compare = compare;
    this.#positions = positions;
  }

  /** Items that are kept in order. */
  get size(): number {
    return this.#heap?.size ?? 0;
  }

  /** The first item. */
  peek(): T | undefined {
    return this.#ordered().peek();
  }

  /** The items in order, found as they are asked for. */
  inOrder(): Generator<T, void, undefined> {
    return this.#ordered().inOrder();
  }

  add(item: T): void {
    this.#heap?.add(item);
  }

  remove(item: T): void {
    this.#heap?.remove(item);
  }

  /** Removes items at once. */
  removeAll(items: readonly T[]): void {
    this.#heap?.removeAll(items);
  }

  /** Moves an item whose rank has changed. */
  update(item: T): void {
    this.#heap?.update(item);
  }

  /** Forgets the order, if there is nothing to be ordered. */
  rest(): void {
    if (this.#heap?.size === 0) this.#heap = undefined;
  }

  #ordered(): IndexedHeap<T> {
    if (this.#heap !== undefined) return this.#heap;
    const heap = new IndexedHeap(this.#compare, this.#positions);
    for (const item of this.#items()) heap.add(item);
    this.#heap = heap;
    return heap;
  }
}

import { IndexedHeap, type Positions } from './indexed-heap.ts';

/**
 * From this share of a heap upwards (1 / 8) removing items one by one costs more than putting all others in order anew:
 * a removal takes about 2 log n comparisons, a heap that is made about two for each item.
 */
export const FORGET_SHARE = 8;

/**
 * An {@link IndexedHeap} that is made when somebody asks for its order, and kept until many leave at once. Without it
 * adding and removing cost nothing: a pool whose content goes into the next block as a whole never asks, and one whose
 * node makes no blocks seldom does.
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

  /** Removes items at once; when they are many the order is forgotten. */
  removeAll(items: readonly T[]): void {
    const heap = this.#heap;
    if (heap === undefined) return;
    if (items.length * FORGET_SHARE < heap.size) for (const item of items) heap.remove(item);
    else {
      heap.clear();
      this.#heap = undefined;
    }
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
    heap.fill(this.#items());
    this.#heap = heap;
    return heap;
  }
}

import { assert } from '../base/assert.ts';

/** Where the items of a heap stand: undefined for an item that is not in it. A `Map` does. */
export interface Positions<T> {
  get(item: T): number | undefined;
  set(item: T, position: number): void;
  delete(item: T): void;
}

/** For a heap of which only the first item is ever taken out. */
const NOWHERE: Positions<unknown> = { get: () => undefined, set: () => undefined, delete: () => undefined };

/**
 * A binary heap that finds its items again: the first one by an order is at hand, and an item whose rank has changed
 * moves in O(log n). Each item is in it at most once, so it is never larger than what it orders.
 */
export class IndexedHeap<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #items: T[] = [];
  readonly #positions: Positions<T>;
  #version = 0;

  /**
   * @param compare - a total order, negative when `a` comes first; must only change between calls of update
   * @param positions - where the positions are kept; items that keep their own spare a map at every step
   */
  constructor(compare: (a: T, b: T) => number, positions: Positions<T> = new Map<T, number>()) {
    this.#compare = compare;
    this.#positions = positions;
  }

  get size(): number {
    return this.#items.length;
  }

  has(item: T): boolean {
    return this.#positions.get(item) !== undefined;
  }

  /** The first item. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** @throws AssertionError when the item is in the heap */
  add(item: T): void {
    assert(!this.has(item), 'an item is twice in a heap');
    this.#version++;
    this.#push(item);
  }

  /** @throws AssertionError when the item is not in the heap */
  remove(item: T): void {
    const position = this.#positionOf(item);
    this.#version++;
    this.#positions.delete(item);
    const last = this.#items.pop() as T;
    if (last !== item) this.#place(position, last);
  }

  /**
   * Moves an item whose rank has changed.
   *
   * @throws AssertionError when the item is not in the heap
   */
  update(item: T): void {
    this.#version++;
    this.#place(this.#positionOf(item), item);
  }

  /**
   * The items in order, found as they are asked for: the first k cost O(k log k), however large the heap is.
   *
   * @throws AssertionError when the heap changes meanwhile
   */
  *inOrder(): Generator<T, void, undefined> {
    const version = this.#version;
    const byItem = (a: number, b: number) => this.#compare(this.#items[a] as T, this.#items[b] as T);
    // An item's successors stand below it, so the next one is a child of one that was given.
    const frontier = new IndexedHeap<number>(byItem, NOWHERE);
    if (this.#items.length > 0) frontier.#push(0);
    for (let position = frontier.#shift(); position !== undefined; position = frontier.#shift()) {
      const child = 2 * position + 1;
      if (child < this.#items.length) frontier.#push(child);
      if (child + 1 < this.#items.length) frontier.#push(child + 1);
      yield this.#items[position] as T;
      assert(version === this.#version, 'a heap changed while it was read in order');
    }
  }

  /**
   * Fills an empty heap: each item from the last parent upwards sinks to its place, two comparisons for each in all
   * (Floyd's construction).
   *
   * @throws AssertionError when there are items in it
   */
  fill(items: Iterable<T>): void {
    assert(this.#items.length === 0, 'a heap is filled that is not empty');
    this.#version++;
    for (const item of items) this.#items.push(item);
    const count = this.#items.length;
    for (let i = count - 1; i >= count >> 1; i--) this.#positions.set(this.#items[i] as T, i);
    for (let i = (count >> 1) - 1; i >= 0; i--) this.#sink(i, this.#items[i] as T);
  }

  /** Removes all items. */
  clear(): void {
    this.#version++;
    for (const item of this.#items) this.#positions.delete(item);
    this.#items.length = 0;
  }

  #push(item: T): void {
    this.#items.push(item);
    this.#rise(this.#items.length - 1, item);
  }

  /** Takes the first item out, without asking where it is. */
  #shift(): T | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (first !== undefined && this.#items.length > 0) this.#sink(0, last as T);
    return first;
  }

  #positionOf(item: T): number {
    const position = this.#positions.get(item);
    assert(position !== undefined, 'the item is not in the heap');
    return position;
  }

  #place(position: number, item: T): void {
    const parent = this.#items[(position - 1) >> 1];
    if (position > 0 && this.#compare(item, parent as T) < 0) this.#rise(position, item);
    else this.#sink(position, item);
  }

  #rise(start: number, item: T): void {
    let position = start;
    while (position > 0) {
      const above = (position - 1) >> 1;
      const parent = this.#items[above] as T;
      if (this.#compare(item, parent) >= 0) break;
      this.#set(position, parent);
      position = above;
    }
    this.#set(position, item);
  }

  #sink(start: number, item: T): void {
    const length = this.#items.length;
    let position = start;
    for (let child = 2 * position + 1; child < length; child = 2 * position + 1) {
      const right = child + 1;
      if (right < length && this.#compare(this.#items[right] as T, this.#items[child] as T) < 0)
        child = right;
      const next = this.#items[child] as T;
      if (this.#compare(next, item) >= 0) break;
      this.#set(position, next);
      position = child;
    }
    this.#set(position, item);
  }

  #set(position: number, item: T): void {
    this.#items[position] = item;
    this.#positions.set(item, position);
  }
}

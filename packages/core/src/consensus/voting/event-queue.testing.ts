/** Things that happen at a time; of two at one time, the one that was added first comes first. */
export class EventQueue {
  readonly #heap: { readonly atMs: number; readonly order: number; readonly run: () => void }[] = [];
  #order = 0;
  nowMs = 0;

  add(atMs: number, run: () => void): void {
    const heap = this.#heap;
    heap.push({ atMs: Math.max(atMs, this.nowMs), order: this.#order++, run });
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#swapUnlessOrdered(parent, i)) break;
      i = parent;
    }
  }

  /** Lets the next thing happen; false when there is none, or it lies after `untilMs`. */
  next(untilMs: number): boolean {
    const heap = this.#heap;
    const [first] = heap;
    if (first === undefined || first.atMs > untilMs) return false;
    const last = heap.pop() as typeof first;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    this.nowMs = first.atMs;
    first.run();
    return true;
  }

  #sink(): void {
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      if (left >= this.#heap.length) return;
      const child = right < this.#heap.length && this.#isBefore(right, left) ? right : left;
      if (!this.#swapUnlessOrdered(i, child)) return;
      i = child;
    }
  }

  #isBefore(i: number, j: number): boolean {
    const [a, b] = [this.#heap[i], this.#heap[j]];
    if (a === undefined || b === undefined) return false;
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  }

  #swapUnlessOrdered(parent: number, child: number): boolean {
    if (!this.#isBefore(child, parent)) return false;
    const [a, b] = [this.#heap[parent], this.#heap[child]];
    if (a !== undefined && b !== undefined) [this.#heap[parent], this.#heap[child]] = [b, a];
    return true;
  }
}

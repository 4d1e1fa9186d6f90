import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../base/fuzz.testing.ts';
import { IndexedHeap } from './indexed-heap.ts';

interface Item {
  readonly id: number;
  rank: number;
}

const compare = (a: Item, b: Item) => a.rank - b.rank || a.id - b.id;

test('random additions, removals and moves keep the order of a sorted list', () => {
  const random = seededRandom(5);
  const heap = new IndexedHeap(compare);
  const items: Item[] = [];
  for (let step = 0; step < 3000; step++) {
    const kind = random.below(5);
    if (kind < 2 || items.length === 0) {
      const item = { id: step, rank: random.below(50) };
      items.push(item);
      heap.add(item);
    } else if (kind === 2) {
      const [item] = items.splice(random.below(items.length), 1);
      heap.remove(item as Item);
      assert.equal(heap.has(item as Item), false);
    } else {
      const item = random.pick(items);
      item.rank = random.below(50);
      heap.update(item);
    }
    assert.equal(heap.size, items.length);
    const sorted = items.toSorted(compare);
    assert.equal(heap.peek(), sorted[0]);
    if (step % 50 === 0) assert.deepEqual([...heap.inOrder()], sorted);
  }
});

test('a heap that is filled at once has the same order, wherever positions are kept', () => {
  const random = seededRandom(6);
  const places = new WeakMap<Item, number>();
  const heaps = [
    new IndexedHeap(compare),
    new IndexedHeap(compare, {
      get: (item: Item) => places.get(item),
      set: (item, position) => void places.set(item, position),
      delete: (item) => void places.delete(item),
    }),
  ];
  for (const heap of heaps) {
    for (const count of [0, 1, 2, 3, 10, 300]) {
      const items = Array.from({ length: count }, (_, id) => ({ id, rank: random.below(40) }));
      heap.fill(items);
      assert.deepEqual([...heap.inOrder()], items.toSorted(compare));
      const moved = { id: -1, rank: random.below(40) };
      heap.add(moved);
      items.push(moved);
      for (const item of items) assert(heap.has(item));
      moved.rank = random.below(40);
      heap.update(moved);
      assert.deepEqual([...heap.inOrder()], items.toSorted(compare));
      assert.throws(() => heap.fill(items), /not empty/);
      heap.clear();
      assert.equal(heap.size, 0);
      for (const item of items) assert(!heap.has(item));
    }
  }
});

test('reading in order looks at little more than it gives', () => {
  let comparisons = 0;
  const heap = new IndexedHeap<number>((a, b) => {
    comparisons++;
    return a - b;
  });
  for (let i = 0; i < 100_000; i++) heap.add(i);
  comparisons = 0;
  const order = heap.inOrder();
  for (let i = 0; i < 10; i++) assert.equal(order.next().value, i);
  assert.ok(comparisons < 200, `${comparisons} comparisons`);
});

test('a heap that changes while it is read stops the program', () => {
  const heap = new IndexedHeap<number>((a, b) => a - b);
  for (let i = 0; i < 10; i++) heap.add(i);
  const order = heap.inOrder();
  order.next();
  heap.remove(7);
  assert.throws(() => order.next(), /changed while it was read/);
});

test('adding twice, and removing or moving what is not there, stop the program', () => {
  const heap = new IndexedHeap<number>((a, b) => a - b);
  heap.add(1);
  assert.throws(() => heap.add(1), /twice/);
  assert.throws(() => heap.remove(2), /not in the heap/);
  assert.throws(() => heap.update(2), /not in the heap/);
});

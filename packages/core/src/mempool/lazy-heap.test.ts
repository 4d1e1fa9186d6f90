import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FORGET_SHARE, LazyHeap } from './lazy-heap.ts';

interface Item {
  rank: number;
  readonly id: number;
}

const compare = (a: Item, b: Item) => a.rank - b.rank || a.id - b.id;

test('a lazy heap has the order of its items whenever it is asked first', () => {
  const step = fc.record({
    kind: fc.constantFrom('add', 'remove', 'remove-all', 'update', 'peek', 'order'),
    pick: fc.nat(),
    rank: fc.nat(20),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const items = new Set<Item>();
      const heap = new LazyHeap<Item>(() => items, compare, new Map());
      let isOrdered = false;
      for (const { kind, pick, rank } of steps) {
        const item = [...items][pick % Math.max(1, items.size)];
        if (kind === 'add') {
          const added = { rank, id: pick };
          items.add(added);
          heap.add(added);
        } else if (kind === 'peek') {
          assert.equal(heap.peek(), [...items].toSorted(compare)[0]);
          isOrdered = true;
        } else if (kind === 'order') {
          assert.deepEqual([...heap.inOrder()], [...items].toSorted(compare));
          isOrdered = true;
        } else if (kind === 'remove-all') {
          const before = items.size;
          const gone = removeSome(heap, items, rank);
          if (gone * FORGET_SHARE >= before) isOrdered = false;
        } else if (item !== undefined) change(heap, items, item, kind, rank);
        if (items.size === 0) {
          heap.rest();
          isOrdered = false;
        }
        assert.equal(heap.size, isOrdered ? items.size : 0);
      }
    }),
  );
});

function change(heap: LazyHeap<Item>, items: Set<Item>, item: Item, kind: string, rank: number): void {
  if (kind === 'update') {
    item.rank = rank;
    heap.update(item);
  } else {
    items.delete(item);
    heap.remove(item);
  }
}

/** @returns how many have gone */
function removeSome(heap: LazyHeap<Item>, items: Set<Item>, rank: number): number {
  const gone = [...items].filter((one) => one.rank <= rank);
  for (const one of gone) items.delete(one);
  heap.removeAll(gone);
  return gone.length;
}

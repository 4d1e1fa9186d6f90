import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Holder, MemoryBudget } from './memory-budget.ts';

class Sink implements Holder {
  heldBytes = 0;
  dropped = false;
  readonly #budget: MemoryBudget;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
    budget.enter(this);
  }

  take(bytes: number): void {
    this.heldBytes += bytes;
    this.#budget.note(bytes);
  }

  drop(): void {
    this.dropped = true;
    this.#budget.leave(this);
  }
}

test('who holds most has to go when there is too little for all', () => {
  const budget = new MemoryBudget(100);
  const [small, large, late] = [new Sink(budget), new Sink(budget), new Sink(budget)];
  small.take(30);
  large.take(60);
  late.take(10);
  assert.equal(budget.heldBytes, 100);
  late.take(1);
  assert.deepEqual(
    [small, large, late].map(({ dropped }) => dropped),
    [false, true, false],
  );
  assert.equal(budget.heldBytes, 41);
  small.take(-30);
  assert.equal(budget.heldBytes, 11);
});

test('who alone holds too much goes as well, and leaving twice gives back once', () => {
  const budget = new MemoryBudget(100);
  const one = new Sink(budget);
  one.take(101);
  assert(one.dropped);
  one.drop();
  assert.equal(budget.heldBytes, 0);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blankHistory, grown, specOfDepth, TestChain } from '@calin/core/chain/chain.testing.ts';
import { historyIndex, indexedHeight } from '@calin/core/history/history-index.ts';
import { MemoryStore } from '@calin/core/ports/memory-store.ts';
import type { Store, StoreBatch } from '@calin/core/ports/store.ts';
import { refuseAdapter } from '../rules.ts';
import { indexHistory } from './index-history.ts';

const spec = specOfDepth(50);

/** Commits that came before one was refused. */
class CountingStore implements Store {
  readonly batches: StoreBatch[] = [];
  readonly #store: Store;
  readonly #commitsMax: number;

  constructor(store: Store, commitsMax: number) {
    this.#store = store;
    this.#commitsMax = commitsMax;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#store.get(key);
  }

  commit(batch: StoreBatch, done: Parameters<Store['commit']>[1]): void {
    const full = refuseAdapter('store/disk-full');
    if (this.batches.length === this.#commitsMax) return done(full.error);
    this.batches.push(batch);
    this.#store.commit(batch, done);
  }
}

/** What a store holds of the history. */
function contentOf(
  store: Store,
  twin: TestChain,
): readonly (readonly [Uint8Array, Uint8Array | undefined])[] {
  return twin.batches.flatMap(({ puts }) =>
    puts
      .filter(([key]) => 'ixyae'.includes(String.fromCharCode(key[0] ?? 0)))
      .map(([key]) => [key, store.get(key)] as const),
  );
}

describe('catching up with the history', () => {
  const blocks = grown(blankHistory(91, spec), 12, 6);
  const store = new MemoryStore();
  const off = new TestChain({ spec }, store);
  off.importAll(blocks);
  const twin = new TestChain({ spec, index: historyIndex });
  twin.importAll(blocks);

  it('commits in bounded pieces, goes on after an interruption, and ends where the head is', async () => {
    const heights: number[] = [];
    const failing = new CountingStore(store, 2);
    const stopped = await indexHistory(off.chain, failing, (height) => heights.push(height), 20);
    assert.ok(!stopped.ok && stopped.error.rule === 'store/disk-full');
    const reached = indexedHeight(store);
    assert.ok(reached > 0 && reached < 12, `${reached}`);
    const whole = new CountingStore(store, 100);
    const rest = await indexHistory(off.chain, whole, (height) => heights.push(height), 20);
    assert.ok(rest.ok);
    assert.ok(whole.batches.length > 1);
    assert.deepEqual(
      [...new Set(heights)],
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
    const keysOfBlockMax = Math.max(...twin.batches.map(({ puts }) => puts.length));
    for (const { puts } of [...failing.batches, ...whole.batches])
      assert.ok(puts.length < 20 + keysOfBlockMax);
    assert.deepEqual(contentOf(store, twin), contentOf(twin.store, twin));
  });

  it('does nothing when there is nothing to catch up', async () => {
    const counting = new CountingStore(store, 0);
    assert.ok((await indexHistory(off.chain, counting, () => assert.fail('progress'))).ok);
  });
});

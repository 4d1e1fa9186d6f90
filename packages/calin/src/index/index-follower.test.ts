import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RowChange } from '@calin/core/index/index-stage.ts';
import { IndexStage } from '@calin/core/index/index-stage.ts';
import { COINS, META, TABLES, UNDO } from '@calin/core/index/tables.ts';
import { History, historySpec } from '@calin/core/ledger/testing/history.testing.ts';
import { contentOf, MemoryIndexStore, TestFollower } from './index.testing.ts';

const ROWS = TABLES.filter((table) => table !== UNDO);

function grown(seed: number, blocks: number, spec = historySpec()): History {
  const history = new History({ seed, spec });
  for (let i = 0; i < blocks; i++) history.grow(3);
  return history;
}

async function fromScratch(history: History): Promise<Record<string, unknown>> {
  const store = new MemoryIndexStore();
  const follower = new TestFollower(history, store);
  await follower.atHead();
  await follower.close();
  return contentOf(store, ROWS);
}

/** A store that fails at the next commits. */
class FailingStore extends MemoryIndexStore {
  failures = 0;

  override commit(changes: readonly RowChange[]): Promise<void> {
    if (this.failures === 0) return super.commit(changes);
    this.failures -= 1;
    return Promise.reject(new Error('the disk said no'));
  }
}

describe('following a chain', () => {
  it('goes on where it ended, and commits what comes together while it catches up', async () => {
    const history = grown(1, 5);
    let commits = 0;
    class CountingStore extends MemoryIndexStore {
      override commit(changes: readonly RowChange[]): Promise<void> {
        commits += 1;
        return super.commit(changes);
      }
    }
    const store = new CountingStore();
    const first = new TestFollower(history, store);
    await first.atHead();
    await first.close();
    assert.equal(commits, 1);
    history.grow(3);
    history.grow(3);
    const second = new TestFollower(history, store);
    await second.atHead();
    await second.close();
    assert.equal(commits, 2);
    assert.deepEqual(await contentOf(store, ROWS), await fromScratch(history));
  });

  it('makes the index anew where the chain goes back further than it can', async () => {
    const spec = { ...historySpec(), dev: false };
    const history = grown(2, 140, spec);
    const store = new MemoryIndexStore();
    const following = new TestFollower(history, store);
    await following.atHead();
    const branch = history.fork(2, 9);
    branch.grow(3);
    following.source.history = branch;
    await following.atHead();
    await following.close();
    assert.match(following.log.join(), /further than the index can/);
    assert.deepEqual(await contentOf(store, ROWS), await fromScratch(branch));
  });

  it('makes one of another chain or format anew', async () => {
    const history = grown(3, 2);
    for (const row of [
      { name: 'chain', value: '00' },
      { name: 'format', value: '0' },
    ]) {
      const store = new MemoryIndexStore();
      const first = new TestFollower(history, store);
      await first.atHead();
      await first.close();
      const stage = new IndexStage();
      stage.create(META, row);
      await store.commit(stage.finish());
      const second = new TestFollower(history, store);
      await second.atHead();
      await second.close();
      assert.ok(second.told.some(({ indexedTo }) => indexedTo === undefined));
      assert.deepEqual(await contentOf(store, ROWS), await fromScratch(history));
    }
  });

  it('stops before a block that is not here, says which, and goes on when it has come', async () => {
    const history = grown(4, 6);
    const store = new MemoryIndexStore();
    const following = new TestFollower(history, store);
    following.source.missingFrom = 4;
    const { problem, indexedTo } = await following.until(({ state }) => state === 'stopped');
    assert.deepEqual([problem?.rule, problem?.evidence['height']], ['index/blocks-missing', 4]);
    assert.equal(indexedTo?.height, 3);
    following.source.missingFrom = Number.POSITIVE_INFINITY;
    await following.atHead();
    await following.close();
  });

  it('makes a damaged index anew, once by itself', async () => {
    const history = grown(5, 4);
    const store = new MemoryIndexStore();
    const following = new TestFollower(history, store);
    await following.atHead();
    const coins = await store.read((reader) => reader.range(COINS, { limit: 1_000 }));
    const stage = new IndexStage();
    for (const coin of coins) stage.remove(COINS, coin);
    await store.commit(stage.finish());
    history.grow(6);
    await following.atHead();
    await following.close();
    assert.match(following.log.join(), /cannot go on/);
    assert.deepEqual(await contentOf(store, ROWS), await fromScratch(history));
  });

  it('loses nothing to a commit that failed', async () => {
    const history = grown(6, 3);
    const store = new FailingStore();
    const following = new TestFollower(history, store);
    await following.atHead();
    store.failures = 1;
    history.grow(4);
    await following.atHead();
    await following.close();
    assert.deepEqual(await contentOf(store, ROWS), await fromScratch(history));
  });

  it('is made anew on demand', async () => {
    const history = grown(7, 3);
    const store = new MemoryIndexStore();
    const following = new TestFollower(history, store);
    await following.atHead();
    const begun = await new Promise((resolve) => following.follower.rebuild(resolve));
    assert.deepEqual(begun, { ok: true, value: { started: true } });
    await following.atHead();
    await following.close();
    assert.deepEqual(await contentOf(store, ROWS), await fromScratch(history));
  });
});

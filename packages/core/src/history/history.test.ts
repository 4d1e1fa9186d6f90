import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import {
  blankHistory,
  contentOf,
  expectOk,
  grown,
  specOfDepth,
  storeOf,
  TestChain,
} from '../chain/chain.testing.ts';
import { StagedBatch } from '../chain/staged-batch.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import type { ReadStore, StoreBatch } from '../ports/store.ts';
import { addressOf } from '../primitives/address.ts';
import type { Block } from '../primitives/block.ts';
import { scanBlock } from '../primitives/flat-block.ts';
import { catchUpHistory } from './catch-up.ts';
import { historyIndex, historyIndexUpTo, indexedHeight, trailingHistoryIndex } from './history-index.ts';
import { historyLayout } from './layout.ts';
import { addressHistory, HISTORY_ENTRIES_MAX, transactionLocation } from './read-history.ts';

const spec = specOfDepth(50);

interface Line {
  readonly txid: string;
  readonly height: number;
  readonly position: number;
  readonly direction: 'in' | 'out' | 'both';
}

/** What the history of every address must be: told again from the blocks. */
function twin(blocks: readonly Block[]): Map<string, Line[]> {
  const lines = new Map<string, Line[]>();
  for (const { header, transactions } of blocks) {
    for (const [position, { txid, outputs, witnesses }] of transactions.entries()) {
      const paid = new Set(outputs.map(({ address }) => toHex(address)));
      const agreed = new Set(witnesses.map(({ lock }) => toHex(addressOf(lock))));
      for (const address of new Set([...paid, ...agreed])) {
        const direction = !agreed.has(address) ? 'in' : paid.has(address) ? 'both' : 'out';
        const line = { txid: toHex(txid), height: header.height, position, direction } as const;
        lines.set(address, [...(lines.get(address) ?? []), line]);
      }
    }
  }
  return lines;
}

function assertHistory(store: ReadStore, blocks: readonly Block[]): void {
  const expected = twin(blocks);
  for (const [address, lines] of expected) {
    const { total, entries } = expectOk(addressHistory(store, Buffer.from(address, 'hex')));
    assert.equal(total, lines.length);
    const told = entries.map(({ txid, index: _, ...rest }) => ({ ...rest, txid: toHex(txid) }));
    assert.deepEqual(told, lines.toReversed().slice(0, HISTORY_ENTRIES_MAX));
  }
  for (const { header, transactions } of blocks) {
    for (const [position, { txid }] of transactions.entries()) {
      const location = expectOk(transactionLocation(store, txid));
      assert.deepEqual(location, { height: header.height, position });
    }
  }
}

/** The entries of the history alone. */
function historyContent(content: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  return new Map([...content].filter(([key]) => /^(?:69|78|79|61|65)/.test(key)));
}

describe('the history of addresses', () => {
  const history = blankHistory(61, spec);
  const blocks = grown(history, 10, 6);

  it('is what the blocks tell', () => {
    const test = new TestChain({ spec, index: historyIndex });
    for (const [i, block] of blocks.entries()) {
      test.import(block);
      if (i % 3 === 0) assertHistory(test.store, blocks.slice(0, i + 1));
    }
    assertHistory(test.store, blocks);
  });

  it('is absent for addresses and transactions that never were', () => {
    const test = new TestChain({ spec, index: historyIndex });
    test.importAll(blocks);
    const nobody = new Uint8Array(32);
    assert.deepEqual(expectOk(addressHistory(test.store, nobody)), { total: 0, entries: [] });
    assert.equal(expectOk(transactionLocation(test.store, nobody)), undefined);
  });

  it('is not written when it is switched off', () => {
    const test = new TestChain({ spec });
    test.importAll(blocks);
    assert.equal(historyContent(contentOf(test.batches)).size, 0);
  });

  it('gives pages, newest first, that together are all of it', () => {
    const test = new TestChain({ spec, index: historyIndex });
    test.importAll(blocks);
    const { address } = testKey(0);
    const all = expectOk(addressHistory(test.store, address));
    assert.ok(all.total > 10);
    for (const limit of [1, 3, 7]) {
      const pages: number[] = [];
      for (let before: number | undefined; before !== 0; ) {
        const { entries, total } = expectOk(addressHistory(test.store, address, { before, limit }));
        assert.ok(entries.length <= limit && total === all.total);
        pages.push(...entries.map(({ index }) => index));
        before = entries.at(-1)?.index ?? 0;
      }
      assert.deepEqual(
        pages,
        all.entries.map(({ index }) => index),
      );
    }
    assert.deepEqual(expectOk(addressHistory(test.store, address, { before: 0 })).entries, []);
    assert.deepEqual(expectOk(addressHistory(test.store, address, { limit: 0 })).entries, []);
    assert.equal(expectOk(addressHistory(test.store, address, { before: 5_000 })).entries.length, all.total);
  });

  it('is bounded in one answer', () => {
    const long = new TestChain({ spec, index: historyIndex });
    const blocks = grown(blankHistory(62, spec), 120, 0);
    long.importAll(blocks);
    assertHistory(long.store, blocks);
    const { total, entries } = expectOk(addressHistory(long.store, testKey(0).address, { limit: 1_000_000 }));
    assert.deepEqual([total, entries.length, entries[0]?.index], [120, 100, 119]);
    const oldest = expectOk(addressHistory(long.store, testKey(0).address, { before: 40, limit: 40 }));
    assert.deepEqual(
      oldest.entries.map(({ index, height }) => [index, height]),
      Array.from({ length: 40 }, (_, i) => [39 - i, 40 - i]),
    );
    const { page } = historyLayout;
    const { store } = new TestChain({ spec }, long.store.crash());
    store.commit({ puts: [], deletes: [page(testKey(0).address, 1)] }, () => {});
    const gone = addressHistory(store, testKey(0).address, { before: 40 });
    assert.ok(!gone.ok && gone.error.evidence['index'] === 39);
  });

  it('is refused where it is damaged', () => {
    const { address } = testKey(0);
    const test = new TestChain({ spec, index: historyIndex });
    test.importAll(blocks);
    const txid = (blocks[0] as Block).transactions[0]?.txid as Uint8Array;
    const damage = (key: Uint8Array, value: Uint8Array) => {
      const store = test.store.crash();
      store.commit({ puts: [[key, value]], deletes: [] }, () => {});
      return store;
    };
    const { account, txids, transaction } = historyLayout;
    const whole = test.store.get(account(address)) as Uint8Array;
    const undirected = whole.with(-4, (whole.at(-4) as number) & ~3);
    const elsewhere = whole.with(-8, 200);
    const cases = [
      addressHistory(damage(account(address), Uint8Array.of(1)), address),
      addressHistory(damage(account(address), Uint8Array.of(0, 0, 0, 0)), address),
      addressHistory(damage(account(address), Uint8Array.of(255, 0, 0, 0)), address),
      addressHistory(damage(account(address), whole.slice(0, -1)), address),
      addressHistory(damage(account(address), undirected), address),
      addressHistory(damage(account(address), elsewhere), address),
      addressHistory(damage(txids(10, 0), new Uint8Array(31)), address),
      transactionLocation(damage(transaction(txid), new Uint8Array(3)), txid),
    ];
    for (const result of cases) assert.ok(!result.ok && result.error.rule === 'history/damaged');
  });
});

test('taking blocks back leaves exactly what was there before them', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), (seed) => {
      const blocks = grown(blankHistory(seed, spec), 5, 5);
      const store = new MemoryStore();
      const batches: StoreBatch[] = [];
      const step = (write: (writes: StagedBatch) => void): void => {
        const writes = new StagedBatch(store);
        write(writes);
        batches.push(writes.finish());
        store.commit(writes.finish(), () => {});
      };
      const contents: Map<string, Uint8Array>[] = [];
      for (const block of blocks) {
        contents.push(contentOf(batches));
        step((writes) => historyIndex.connect(writes, block));
        assert.notDeepEqual(contentOf(batches), contents.at(-1));
      }
      for (const block of blocks.toReversed()) {
        step((writes) => historyIndex.disconnect(writes, block));
        assert.deepEqual(contentOf(batches), contents.pop());
      }
      assert.equal(store.size, 0);
    }),
    { numRuns: 10 },
  );
});

test('a flat block gives the records of a plain one, and takes them back', () => {
  const hasher = createPlainHasher();
  let [transfers, others] = [0, 0];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), (seed) => {
      const history = blankHistory(seed, spec);
      const blocks = grown(history, 4, 12);
      const [plain, flat] = [new MemoryStore(), new MemoryStore()];
      const compare = (step: 'connect' | 'disconnect', block: Block): void => {
        const scanned = expectOk(scanBlock(block.bytes, history.chainId, hasher));
        transfers += scanned.isTransfer.filter((is) => is === 1).length;
        others += scanned.isTransfer.filter((is) => is === 0).length;
        const [plainWrites, flatWrites] = [new StagedBatch(plain), new StagedBatch(flat)];
        historyIndex[step](plainWrites, block);
        historyIndex[step](flatWrites, scanned);
        assert.deepEqual(flatWrites.finish(), plainWrites.finish());
        plain.commit(plainWrites.finish(), () => {});
        flat.commit(flatWrites.finish(), () => {});
      };
      for (const block of blocks) compare('connect', block);
      for (const block of blocks.toReversed()) compare('disconnect', block);
      assert.equal(flat.size, 0);
    }),
    { numRuns: 10 },
  );
  assert.ok(transfers > 20 && others > 20, `${transfers} transfers, ${others} others`);
});

test('after any reorganisations the history is that of the best branch', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), (seed) => {
      const random = seededRandom(seed);
      const busy = new TestChain({ spec, index: historyIndex });
      let tip = blankHistory(seed, spec);
      busy.importAll(grown(tip, 4, 4));
      for (let round = 0; round < 3; round++) {
        const from = 1 + random.below(tip.blocks.length);
        const branch = tip.fork(from, random.u32());
        grown(branch, tip.blocks.length - from + 1, 4);
        busy.importAll(branch.blocks.map(({ block }) => block));
        tip = branch;
      }
      const best = tip.blocks.map(({ block }) => block);
      assert.deepEqual(busy.chain.head.id, tip.head.id);
      assertHistory(busy.store, best);
      const calm = new TestChain({ spec, index: historyIndex });
      calm.importAll(best);
      assert.deepEqual(historyContent(contentOf(busy.batches)), historyContent(contentOf(calm.batches)));
    }),
    { numRuns: 8 },
  );
});

describe('a history that was switched off', () => {
  const history = blankHistory(63, spec);
  const blocks = grown(history, 8, 4);

  function branchOf({ chain }: TestChain) {
    return {
      headHeight: chain.head.height,
      idAt: (height: number) => chain.idAt(height),
      blockAt: (height: number) => chain.block(chain.idAt(height) as Uint8Array),
    };
  }

  for (const on of [0, 3]) {
    it(`catches up from block ${on} and goes on`, () => {
      const early = new TestChain({ spec, index: historyIndex });
      early.importAll(blocks.slice(0, on));
      const off = new TestChain({ spec }, early.store);
      off.importAll(blocks.slice(on, 7));
      const writes = new StagedBatch(off.store);
      const catchUp = catchUpHistory(writes, branchOf(off));
      const heights: number[] = [];
      let step = catchUp.next();
      for (; step.done !== true; step = catchUp.next()) heights.push(step.value);
      assert.ok(step.value.ok);
      assert.deepEqual(
        heights,
        Array.from({ length: 7 - on }, (_, i) => on + 1 + i),
      );
      off.commit(writes.finish());
      const again = new TestChain({ spec, index: historyIndex }, off.store);
      again.importAll(blocks.slice(7));
      assertHistory(again.store, blocks);
    });
  }

  it('is refused when its last block was reorganised away meanwhile', () => {
    const early = new TestChain({ spec, index: historyIndex });
    early.importAll(blocks.slice(0, 5));
    const off = new TestChain({ spec }, early.store);
    off.importAll(grown(history.fork(2, 64), 4, 2).slice(2));
    const result = catchUpHistory(new StagedBatch(off.store), branchOf(off)).next();
    assert.ok(result.done === true && !result.value.ok && result.value.error.rule === 'history/left-behind');
  });

  it('is never left behind while the paused one stands in for it, however the chain is reorganised', () => {
    for (const [keep, forkAt] of [
      [5, 2],
      [2, 4],
      [4, 4],
    ] as const) {
      const early = new TestChain({ spec, index: historyIndex });
      early.importAll(blocks.slice(0, keep));
      const off = new TestChain({ spec, index: trailingHistoryIndex }, early.store);
      const branch = grown(history.fork(forkAt, 64), 8, 2);
      off.importAll(blocks.slice(keep, 6));
      off.importAll(branch.slice(forkAt));
      const left = Math.min(keep, forkAt);
      assert.equal(indexedHeight(off.store), left);
      const writes = new StagedBatch(off.store);
      const catchUp = catchUpHistory(writes, branchOf(off));
      let step = catchUp.next();
      assert.deepEqual(step.value, left + 1);
      while (step.done !== true) step = catchUp.next();
      assert.ok(step.value.ok);
      off.commit(writes.finish());
      const { height } = off.chain.head;
      const best = Array.from({ length: height }, (_, i) => expectOk(branchOf(off).blockAt(i + 1)));
      assert.deepEqual(best.at(-1)?.id, branch.at(-1)?.id);
      assertHistory(off.store, best);
      assert.equal(indexedHeight(off.store), height);
    }
  });

  it('can be checked as far as it goes, and not further', () => {
    const store = new MemoryStore();
    assert.equal(indexedHeight(store), 0);
    const writes = new StagedBatch(store);
    const index = historyIndexUpTo(3);
    for (const block of blocks.slice(0, 5)) index.connect(writes, block);
    assert.equal(indexedHeight(writes), 3);
    assert.equal(writes.size, new Set(writes.finish().puts.map(([key]) => toHex(key))).size);
    writes.put(historyLayout.indexed, Uint8Array.of(1));
    assert.equal(indexedHeight(writes), Number.MAX_SAFE_INTEGER);
  });

  it('stops the chain rather than leave a gap', () => {
    const off = new TestChain({ spec });
    off.importAll(blocks.slice(0, 3));
    const on = new TestChain({ spec, index: historyIndex }, storeOf(off.batches));
    assert.throws(() => on.import(blocks[3] as Block), /does not follow the history/);
  });

  it('stops when it is asked to take back another block than its last', () => {
    const test = new TestChain({ spec, index: historyIndex });
    test.importAll(blocks.slice(0, 3));
    const writes = new StagedBatch(test.store);
    assert.throws(() => historyIndex.disconnect(writes, blocks[1] as Block), /another block/);
  });
});

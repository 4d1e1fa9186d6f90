import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { fromHex, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { historyIndex } from '../history/history-index.ts';
import type { HistoryBlock } from '../ledger/testing/history.testing.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import type { StoreBatch } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';
import { decodeReceipts } from '../primitives/receipt.ts';
import { encodeManifest, parseManifest } from '../state/snapshot.ts';
import { stateRoot } from '../state/world-state.ts';
import {
  blankHistory,
  chainDependencies,
  chainOptions,
  contentOf,
  expectOk,
  grown,
  ruleOf,
  runToEnd,
  specOfDepth,
  storeOf,
  TestChain,
  type TestChainOptions,
  testMapKernel,
} from './chain.testing.ts';
import { layout } from './layout.ts';
import { type OpenedChain, openChain } from './open-chain.ts';
import { parseCheckpoint } from './records.ts';

function openOn(store: MemoryStore, options: TestChainOptions = {}): Result<OpenedChain> {
  return runToEnd(openChain(chainOptions(options), chainDependencies(store, options))).value;
}

function storeFrom(content: ReadonlyMap<string, Uint8Array>): MemoryStore {
  return storeOf([{ puts: [...content].map(([key, value]) => [fromHex(key), value] as const), deletes: [] }]);
}

describe('a power cut', () => {
  const options: TestChainOptions = {
    checkpointBlocks: 2,
    index: historyIndex,
    limits: { checkpointChunksPerBatch: 1, recentStatesMax: 1 },
  };
  const trunk = blankHistory(21);
  const blocks = grown(trunk, 12);
  const branch = grown(trunk.fork(9, 22), 5).slice(9);
  const whole = new TestChain(options);
  const heads = new Map<number, string>();
  for (const block of [...blocks, ...branch]) {
    whole.import(block);
    heads.set(whole.batches.length, toHex(whole.chain.head.id));
  }

  it('between any two batches loses nothing before it, and the chain goes on to the same end', () => {
    let head = toHex(whole.chain.chainId);
    for (let count = 1; count <= whole.batches.length; count++) {
      const survivor = new TestChain(options, storeOf(whole.batches.slice(0, count)));
      const [tip] = whole.batches[count - 1]?.puts.filter(([key]) => toHex(key) === toHex(layout.head)) ?? [];
      if (tip !== undefined) head = toHex(tip[1].slice(0, 32));
      assert.equal(toHex(survivor.chain.head.id), head);
      assert.deepEqual(stateRoot(survivor.chain.state), survivor.chain.head.header.stateRoot);
      survivor.importAll(
        [...blocks, ...branch].filter((block) => block.header.height > survivor.chain.final.height),
      );
      assert.deepEqual(survivor.summary, whole.summary);
    }
    assert.equal(heads.size, blocks.length + branch.length);
  });

  it('before genesis is on disk leaves an empty store, which begins again', () => {
    assert.deepEqual(new TestChain(options, new MemoryStore()).chain.head.height, 0);
  });
});

describe('checkpoints', () => {
  const long = grown(blankHistory(23, specOfDepth(2)), 18);
  const blocks = long.slice(0, 14);
  const options: TestChainOptions = {
    spec: specOfDepth(2),
    checkpointBlocks: 4,
    limits: { checkpointChunksPerBatch: 1 },
  };

  it('are written for final blocks, and spare the blocks before them at the next start', () => {
    const test = new TestChain(options);
    test.importAll(blocks);
    const again = test.reopen();
    assert.ok(again.opened.checkpointHeight >= 8, `${again.opened.checkpointHeight}`);
    assert.ok(again.opened.checkpointHeight <= again.chain.final.height);
    assert.equal(again.opened.replayed, 14 - again.opened.checkpointHeight);
    assert.equal(again.progress[0]?.phase, 'checkpoint');
    assert.deepEqual(again.summary, test.summary);
  });

  it('of final blocks are written without undoing one, however few states are kept', (t) => {
    const spec = specOfDepth(6);
    const limits = { recentStatesMax: 1, recentChangesMax: 1, checkpointChunksPerBatch: 1 };
    const test = new TestChain({ spec, checkpointBlocks: 5, limits, kernel: testMapKernel });
    const get = t.mock.method(test.store, 'get');
    test.importAll(grown(blankHistory(26, spec), 24));
    const read = get.mock.calls.map((call) => call.arguments[0] as Uint8Array);
    const undoKey = layout.undo(test.chain.head.id);
    assert.deepEqual(
      read.filter((key) => key.length === undoKey.length && key[0] === undoKey[0]),
      [],
    );
    const again = test.reopen();
    assert.ok(again.opened.checkpointHeight >= 15, `${again.opened.checkpointHeight}`);
    assert.ok(again.opened.checkpointHeight <= test.chain.final.height);
    assert.deepEqual(again.summary, test.summary);
  });

  it('of the head let a clean stop replay nothing, and a second stop write nothing', () => {
    const test = new TestChain(options);
    test.importAll(blocks);
    for (const batch of test.chain.finalCheckpoint()) test.commit(batch);
    assert.deepEqual([...test.chain.finalCheckpoint()], []);
    const again = test.reopen();
    assert.deepEqual([again.opened.checkpointHeight, again.opened.replayed], [14, 0]);
    assert.deepEqual(again.summary, test.summary);
    assert.deepEqual([...again.chain.finalCheckpoint()], []);
  });

  it('torn after any batch are not used; the one before is', () => {
    const test = new TestChain(options);
    test.importAll(blocks.slice(0, 10));
    for (const batch of test.chain.finalCheckpoint()) test.commit(batch);
    const rest = new TestChain(options, test.store.crash());
    rest.importAll(blocks.slice(10, 12));
    const batches = [...rest.chain.finalCheckpoint()];
    assert.ok(batches.length >= 3);
    for (let count = 0; count <= batches.length; count++) {
      const torn = rest.store.crash();
      for (const batch of batches.slice(0, count)) torn.commit(batch, () => {});
      const again = new TestChain(options, torn);
      assert.equal(again.opened.checkpointHeight, count === batches.length ? 12 : 10);
      assert.deepEqual(again.summary, rest.summary);
      again.importAll(blocks.slice(12));
    }
  });

  it('of a block that was reorganised away are not used, and are the first to be replaced', () => {
    const deep = { ...options, spec: specOfDepth(6), checkpointBlocks: 3, limits: {} };
    const trunk = blankHistory(24, specOfDepth(6));
    const test = new TestChain(deep);
    test.importAll(grown(trunk, 10));
    for (const batch of test.chain.finalCheckpoint()) test.commit(batch);
    const again = test.reopen();
    assert.equal(again.opened.checkpointHeight, 10);
    const branch = grown(trunk.fork(8, 25), 3).slice(8);
    again.importAll(branch);
    const after = again.reopen();
    assert.equal(after.opened.checkpointHeight, 3);
    assert.deepEqual(after.summary, again.summary);
    for (const batch of after.chain.finalCheckpoint()) after.commit(batch);
    assert.equal(after.reopen().opened.checkpointHeight, 11);
    // The checkpoint of the final block is still whole.
    const slots = [0, 1].map(
      (slot) => after.store.get(layout.checkpoint(slot))?.subarray(1) ?? new Uint8Array(0),
    );
    assert.deepEqual(
      slots.map((bytes) => expectOk(parseManifest(bytes)).height).toSorted((a, b) => a - b),
      [3, 11],
    );
  });

  it('are of heights that nodes have in common, whenever each of them was stopped', () => {
    const often = { ...options, spec: specOfDepth(2), checkpointBlocks: 5, limits: {} };
    const longer = grown(blankHistory(31, specOfDepth(2)), 16);
    const heightsOf = (stops: readonly number[]) => {
      let test = new TestChain(often);
      const heights: number[] = [];
      for (const [i, block] of longer.entries()) {
        test.import(block);
        for (const slot of [0, 1]) {
          const record = test.store.get(layout.checkpoint(slot));
          if (record?.[0] === 1) heights.push(expectOk(parseManifest(record.subarray(1))).height);
        }
        if (!stops.includes(i + 1)) continue;
        for (const batch of test.chain.finalCheckpoint()) test.commit(batch);
        test = test.reopen();
      }
      return new Set(heights);
    };
    assert.deepEqual(heightsOf([]), new Set([5, 10]));
    assert.deepEqual(heightsOf([3, 9]), new Set([3, 5, 9, 10]));
  });

  it('leave no chunks behind, also when one was torn', () => {
    const test = new TestChain(options);
    test.importAll(blocks);
    for (const [i, given] of [3, Number.POSITIVE_INFINITY, 2, 1].entries()) {
      const batches = [...test.chain.finalCheckpoint()];
      for (const batch of batches.slice(0, given)) test.commit(batch);
      test.import(long[14 + i] as Block);
    }
    for (const batch of test.chain.finalCheckpoint()) test.commit(batch);
    const content = contentOf(test.batches);
    const counts = [0, 1].map((slot) => {
      const record = expectOk(parseCheckpoint(content.get(toHex(layout.checkpoint(slot))) as Uint8Array));
      return record.kind === 'writing' ? record.chunks : record.manifest.chunkHashes.length;
    });
    const chunks = [...content.keys()].map(fromHex).filter(([prefix]) => prefix === 0x64);
    assert.ok(chunks.length > 2);
    for (const [, slot, , , , chunk] of chunks) assert.ok((chunk ?? 0) < (counts[slot ?? 2] ?? 0));
  });
});

describe('a damaged store', () => {
  const options: TestChainOptions = {
    spec: specOfDepth(3),
    checkpointBlocks: 3,
    index: historyIndex,
    limits: { checkpointChunksPerBatch: 1 },
  };
  const trunk = blankHistory(26, specOfDepth(3));
  const test0 = new TestChain(options);
  test0.importAll(grown(trunk, 9));
  test0.importAll(grown(trunk.fork(7, 27), 1).slice(7));
  const content = contentOf(test0.batches);

  it('is refused or healed by what is left, never served as another state', () => {
    const rules = new Set<string>();
    let healed = 0;
    for (const [key, value] of content) {
      for (const at of [0, Math.floor(value.length / 2)]) {
        if (value.length === 0) continue;
        const damaged = new Map(content).set(key, value.with(at, (value[at] as number) ^ 0x10));
        const opened = openOn(storeFrom(damaged), options);
        rules.add(ruleOf(opened));
        if (!opened.ok) continue;
        healed++;
        assertTrue(opened.value);
      }
    }
    assert.ok(healed > 0);
    const expected = [
      'ok',
      'data/corrupt-block',
      'data/corrupt-record',
      'data/format-version',
      'data/other-chain',
    ];
    for (const rule of [...expected, 'data/missing-block']) assert.ok(rules.has(rule), rule);
    for (const rule of rules) assert.match(rule, /^(?:ok$|data\/)/);
  });

  it('with any one entry gone is refused or healed', () => {
    for (const key of content.keys()) {
      const damaged = new Map(content);
      damaged.delete(key);
      const opened = openOn(storeFrom(damaged), options);
      if (opened.ok) assertTrue(opened.value);
      else assert.match(opened.error.rule, /^data\//);
    }
  });

  /** Whatever a chain gives out is what the history made. */
  function assertTrue({ chain }: OpenedChain): void {
    assert.deepEqual(chain.head.id, test0.chain.head.id);
    assert.deepEqual(stateRoot(chain.state), chain.head.header.stateRoot);
    for (const { block, result } of trunk.blocks) {
      const { id, header } = block;
      const given = chain.block(id);
      if (given.ok) assert.deepEqual(given.value, block);
      else assert.match(given.error.rule, /^data\//);
      const receipts = chain.receipts(id);
      if (receipts.ok) assert.deepEqual(receipts.value, decodeReceipts(result.receipts));
      const state = chain.stateAt(id);
      if (state !== undefined) assert.deepEqual(stateRoot(state), header.stateRoot);
    }
  }

  it('names the height of a damaged block and what to do', () => {
    const { id } = (trunk.blocks[7] as HistoryBlock).block;
    const key = toHex(layout.block(id));
    const bytes = content.get(key) as Uint8Array;
    const opened = openOn(
      storeFrom(new Map(content).set(key, bytes.with(300, (bytes[300] as number) ^ 1))),
      options,
    );
    assert.equal(ruleOf(opened), 'data/corrupt-block');
    assert.ok(!opened.ok && opened.error.evidence['height'] === 8 && opened.error.help.includes('backup'));
  });

  it('of another chain or another format is refused', () => {
    const other = { ...options, spec: { ...specOfDepth(3), name: 'calin-other' } };
    assert.equal(ruleOf(openOn(storeFrom(content), other)), 'data/other-chain');
    const older = new Map(content).set(toHex(layout.meta), (content.get('6d') as Uint8Array).with(0, 1));
    const opened = openOn(storeFrom(older), options);
    assert.equal(ruleOf(opened), 'data/format-version');
    assert.ok(!opened.ok && opened.error.evidence['got'] === 1);
  });

  it('of the format before is read, and marked as one of this format', () => {
    const meta = content.get('6d') as Uint8Array;
    const opened = expectOk(openOn(storeFrom(new Map(content).set('6d', meta.with(0, 2))), options));
    assertTrue(opened);
    assert.deepEqual(opened.batch, { puts: [[layout.meta, meta]], deletes: [] });
    assert.deepEqual(expectOk(openOn(storeFrom(content), options)).batch, { puts: [], deletes: [] });
  });

  it('with checkpoints of the format before is loaded from them', () => {
    const older = new Map(content);
    let checkpoints = 0;
    for (const slot of [0, 1]) {
      const record = content.get(toHex(layout.checkpoint(slot)));
      if (record?.[0] !== 1) continue;
      const manifest = expectOk(parseManifest(record.subarray(1)));
      const before = encodeManifest({ ...manifest, cut: undefined });
      older.set(toHex(layout.checkpoint(slot)), Uint8Array.of(1, ...before));
      checkpoints++;
    }
    assert.ok(checkpoints > 0);
    const opened = expectOk(openOn(storeFrom(older), options));
    assert.ok(opened.checkpointHeight > 0);
    assertTrue(opened);
  });
});

test('a side block in the store that would be the better head is dropped, not followed', () => {
  const trunk = blankHistory(28);
  const made = new TestChain();
  made.importAll(grown(trunk, 3));
  const better = grown(trunk.fork(2, 29), 2).slice(2);
  const planted: StoreBatch = {
    puts: [
      [layout.sides, Uint8Array.of(...better.flatMap(({ id }) => [...id]))],
      ...better.flatMap((block) => [
        [layout.header(block.id), block.bytes.slice(0, block.bytes.length - rest(block))] as const,
        [layout.block(block.id), block.bytes] as const,
      ]),
    ],
    deletes: [],
  };
  made.commit(planted);
  const again = made.reopen();
  assert.deepEqual(again.summary, made.summary);
  again.importAll(better);
  assert.deepEqual(again.chain.head.id, better[1]?.id);
});

/** Bytes of a block after its header. */
function rest({ transactions }: Block): number {
  return 4 + transactions.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

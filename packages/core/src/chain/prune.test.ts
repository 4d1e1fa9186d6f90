import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromHex, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { catchUpHistory } from '../history/catch-up.ts';
import { historyIndex } from '../history/history-index.ts';
import type { HistoryBlock } from '../ledger/testing/history.testing.ts';
import type { MemoryStore } from '../ports/memory-store.ts';
import type { Block } from '../primitives/block.ts';
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
import { openChain } from './open-chain.ts';
import { StagedBatch } from './staged-batch.ts';
import type { StorageMode } from './storage-mode.ts';
import { type VerifiedChain, verifyChain } from './verify-chain.ts';

const DEPTH = 3;
const spec = specOfDepth(DEPTH);
const trunk = blankHistory(71, spec);
const blocks = grown(trunk, 30);
const pruned: StorageMode = { kind: 'pruned', blocks: 6 };
const options: TestChainOptions = {
  spec,
  mode: pruned,
  checkpointBlocks: 4,
  index: historyIndex,
  limits: { undoBlocks: 2, checkpointChunksPerBatch: 1, prunedBlocksPerBatch: 2, recentStatesMax: 1 },
};

/** The heights whose records are in a store. */
function heightsOf(store: MemoryStore, kind: 'block' | 'receipts' | 'undo' | 'header'): number[] {
  const stored = blocks.filter(({ id }) => store.get(layout[kind](id)) !== undefined);
  return stored.map(({ header }) => header.height);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function openOn(store: MemoryStore, given: TestChainOptions): Result<unknown> {
  return runToEnd(openChain(chainOptions(given), chainDependencies(store, given))).value;
}

function verify(store: MemoryStore, given: TestChainOptions = options): Result<VerifiedChain> {
  return runToEnd(verifyChain(chainOptions(given), chainDependencies(store, given))).value;
}

describe('what a store keeps', () => {
  it('in full mode: every block, and undo records for the window below the last final block', () => {
    const test = new TestChain({ ...options, mode: { kind: 'full' } });
    test.importAll(blocks);
    assert.deepEqual(heightsOf(test.store, 'block'), range(1, 30));
    assert.deepEqual(heightsOf(test.store, 'receipts'), range(1, 30));
    assert.deepEqual(heightsOf(test.store, 'undo'), range(30 - DEPTH - 2 + 1, 30));
    assert.deepEqual(test.chain.storage, { mode: 'full', blocksFrom: 1, statesFrom: 25 });
  });

  it('in archive mode: everything', () => {
    const test = new TestChain({ ...options, mode: { kind: 'archive' } });
    test.importAll(blocks);
    for (const kind of ['block', 'receipts', 'undo'] as const)
      assert.deepEqual(heightsOf(test.store, kind), range(1, 30));
    assert.deepEqual(test.chain.storage, { mode: 'archive', blocksFrom: 1, statesFrom: 0 });
  });

  it('in pruned mode: the last blocks, at least those after the older checkpoint, and every header', () => {
    const test = new TestChain(options);
    for (const [i, block] of blocks.entries()) {
      test.import(block);
      const kept = heightsOf(test.store, 'block');
      const { blocksFrom } = test.chain.storage;
      assert.deepEqual(kept, range(blocksFrom, i + 1));
      assert.deepEqual(heightsOf(test.store, 'receipts'), kept);
      assert.deepEqual(heightsOf(test.store, 'header'), range(1, i + 1));
      assert.ok(kept.length >= Math.min(i + 1, 6), `${kept.length} blocks are left`);
      assert.ok(kept.length <= 6 + 2 * 4 + DEPTH, `${kept.length} blocks are left`);
    }
    assert.ok(test.chain.storage.blocksFrom > 10, `${test.chain.storage.blocksFrom}`);
    assert.equal(test.chain.storage.mode, 'pruned');
  });

  it('is asked for by rules that say from where on it is there', () => {
    const test = new TestChain(options);
    test.importAll(blocks);
    const { blocksFrom } = test.chain.storage;
    const [gone, first] = [blocks[blocksFrom - 2] as Block, blocks[blocksFrom - 1] as Block];
    for (const result of [test.chain.block(gone.id), test.chain.receipts(gone.id)]) {
      assert.equal(ruleOf(result), 'data/pruned');
      assert.ok(!result.ok && result.error.evidence['expected'] === blocksFrom);
    }
    assert.deepEqual(expectOk(test.chain.block(first.id)), first);
    assert.deepEqual(expectOk(test.chain.header(gone.id)), gone.header);
    assert.deepEqual(expectOk(test.chain.block(test.chain.chainId)), test.chain.genesis);
    assert.equal(ruleOf(test.chain.block(new Uint8Array(32))), 'data/missing-block');
  });
});

describe('a pruned chain', () => {
  it('reorganises at the edge of finality as a full one does', () => {
    const test = new TestChain(options);
    test.importAll(blocks.slice(0, 20));
    const branch = grown(trunk.fork(20 - DEPTH, 72), DEPTH + 2).slice(20 - DEPTH);
    test.importAll(branch);
    const full = new TestChain({ ...options, mode: { kind: 'full' } });
    full.importAll([...blocks.slice(0, 20), ...branch]);
    assert.deepEqual(test.summary, full.summary);
    assert.deepEqual(test.chain.head.id, branch.at(-1)?.id);
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('comes back after a power cut between any two batches, and goes on to the same end', () => {
    const whole = new TestChain(options);
    const branch = grown(trunk.fork(17, 73), 5).slice(17);
    const rest = [...blocks.slice(0, 19), ...branch];
    whole.importAll(rest.slice(0, 12));
    // A clean stop puts checkpoints of blocks that may be undone into the store, twice.
    for (const batch of whole.chain.finalCheckpoint()) whole.commit(batch);
    whole.importAll(rest.slice(12, 19));
    for (const batch of whole.chain.finalCheckpoint()) whole.commit(batch);
    whole.importAll(rest.slice(19));
    assert.ok(whole.chain.storage.blocksFrom > 4);
    for (let count = 1; count <= whole.batches.length; count++) {
      const survivor = new TestChain(options, storeOf(whole.batches.slice(0, count)));
      assert.deepEqual(stateRoot(survivor.chain.state), survivor.chain.head.header.stateRoot);
      assert.equal(ruleOf(verify(survivor.store)), 'ok', `after ${count} batches`);
      for (const block of rest) survivor.try(block);
      assert.deepEqual(survivor.summary, whole.summary);
    }
  });

  it('is not left without a checkpoint by stops and a reorganisation that takes their blocks away', () => {
    const test = new TestChain(options);
    test.importAll(blocks.slice(0, 18));
    for (const block of blocks.slice(18, 20)) {
      for (const batch of test.chain.finalCheckpoint()) test.commit(batch);
      test.import(block);
    }
    for (const batch of test.chain.finalCheckpoint()) test.commit(batch);
    test.importAll(grown(trunk.fork(17, 74), 4).slice(17));
    assert.ok(test.chain.storage.blocksFrom > 1);
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('starts from the older checkpoint when the newer one is damaged, and from no other', () => {
    const test = new TestChain(options);
    test.importAll(blocks);
    const slots = [0, 1] as const;
    const damaged = slots.map((slot) => {
      const store = test.store.crash();
      store.commit({ puts: [[layout.chunk(slot, 0), Uint8Array.of(1)]], deletes: [] }, () => {});
      return store;
    });
    for (const store of damaged) assert.deepEqual(new TestChain(options, store).summary, test.summary);
    const [neither] = damaged as [MemoryStore, MemoryStore];
    neither.commit({ puts: [[layout.chunk(1, 0), Uint8Array.of(1)]], deletes: [] }, () => {});
    const result = openOn(neither, options);
    assert.ok(!result.ok && result.error.rule === 'data/corrupt-record');
    assert.equal(result.error.evidence['record'], 'checkpoint');
  });

  it('does not go back by force behind its checkpoints', () => {
    const test = new TestChain(options);
    test.importAll(blocks);
    assert.equal(ruleOf(test.chain.rewind((blocks[2] as Block).id)), 'data/pruned');
    const back = expectOk(test.chain.rewind((blocks[28] as Block).id));
    test.commit(back.batch);
    assert.deepEqual(test.reopen().summary, test.summary);
  });
});

describe('a change of the mode', () => {
  const full: TestChainOptions = { ...options, mode: { kind: 'full' } };

  it('from full to pruned deletes little by little, never more in one batch than allowed', () => {
    const before = new TestChain(full);
    before.importAll(blocks.slice(0, 20));
    const test = new TestChain(options, before.store);
    for (const block of blocks.slice(20)) {
      const { blocksFrom } = test.chain.storage;
      test.import(block);
      assert.ok(test.chain.storage.blocksFrom - blocksFrom <= 2);
      assert.deepEqual(verify(test.store).ok, true);
    }
    assert.ok(test.chain.storage.blocksFrom >= 9, `${test.chain.storage.blocksFrom}`);
    assert.equal(ruleOf(openOn(test.store.crash(), full)), 'data/blocks-pruned');
    const archive: TestChainOptions = { ...options, mode: { kind: 'archive' } };
    assert.equal(ruleOf(openOn(test.store.crash(), archive)), 'data/blocks-pruned');
  });

  it('to archive is possible only while every undo record is there', () => {
    const archive: TestChainOptions = { ...options, mode: { kind: 'archive' } };
    const young = new TestChain(full);
    young.importAll(blocks.slice(0, 5));
    assert.equal(ruleOf(openOn(young.store.crash(), archive)), 'ok');
    young.import(blocks[5] as Block);
    assert.equal(ruleOf(openOn(young.store.crash(), archive)), 'data/undo-pruned');
    const old = new TestChain(archive);
    old.importAll(blocks.slice(0, 20));
    const thrifty = new TestChain(full, old.store);
    thrifty.importAll(blocks.slice(20));
    assert.deepEqual(heightsOf(thrifty.store, 'undo')[0], 21, 'two heights a block, ten times');
  });

  it('refuses to keep fewer blocks than may be undone', () => {
    const few: TestChainOptions = { ...options, mode: { kind: 'pruned', blocks: DEPTH + 1 } };
    const result = openOn(storeOf([]), few);
    assert.ok(!result.ok && result.error.rule === 'chain/prune-blocks');
    assert.equal(result.error.evidence['expected'], DEPTH + 2);
  });

  it('reads a store from before there was any of it', () => {
    const archive: TestChainOptions = { ...options, mode: { kind: 'archive' } };
    for (const [mode, rule] of [
      [full, 'data/undo-pruned'],
      [archive, 'ok'],
    ] as const) {
      const test = new TestChain({ ...mode, limits: { ...options.limits, undoBlocks: 0 } });
      test.importAll(blocks.slice(0, 20));
      test.commit({ puts: [], deletes: [layout.pruned] });
      assert.equal(ruleOf(openOn(test.store.crash(), archive)), rule);
      assert.equal(ruleOf(verify(test.store)), 'ok');
    }
  });
});

describe('pruning at once', () => {
  it('deletes everything the mode lets go of, after two checkpoints, and may end after any batch', () => {
    const before = new TestChain({ ...options, mode: { kind: 'full' }, checkpointBlocks: 1_000 });
    before.importAll(blocks);
    const test = new TestChain(options, before.store);
    let last = { done: 0, total: 0 };
    for (const { batch, done, total } of test.chain.prune()) {
      test.commit(batch);
      last = { done, total };
      assert.deepEqual(test.reopen().summary, test.summary);
      assert.equal(ruleOf(verify(test.store)), 'ok');
    }
    assert.ok(test.batches.length > 12);
    assert.equal(last.done, last.total);
    assert.deepEqual(heightsOf(test.store, 'block'), range(25, 30));
    assert.deepEqual(test.chain.storage, { mode: 'pruned', blocksFrom: 25, statesFrom: 25 });
    assert.deepEqual([...test.chain.prune()], [], 'there is nothing left to do');
    test.importAll(grown(trunk.fork(27, 75), 5).slice(27));
    assert.deepEqual(test.reopen().summary, test.summary);
  });
});

describe('a pruned chain over a map that changes in place', () => {
  it('writes the same bytes as over the tree, and verifies', () => {
    const plain = new TestChain(options);
    const map = new TestChain({ ...options, kernel: testMapKernel });
    plain.importAll(blocks);
    map.importAll(blocks);
    assert.deepEqual(contentOf(map.batches), contentOf(plain.batches));
    assert.deepEqual(map.reopen().summary, plain.summary);
    assert.deepEqual(verify(map.store, { ...options, kernel: testMapKernel }), verify(plain.store));
    for (const { batch } of map.chain.prune()) map.commit(batch);
    assert.deepEqual(map.reopen().summary, plain.summary);
  });
});

describe('a history that was off', () => {
  it('cannot be made for blocks that were pruned, and says why', () => {
    const { index: _, ...off } = options;
    const test = new TestChain(off);
    test.importAll(blocks);
    const { chain } = test;
    const result = catchUpHistory(new StagedBatch(test.store), {
      headHeight: chain.head.height,
      idAt: (height) => chain.idAt(height),
      blockAt: (height) => chain.block(chain.idAt(height) as Uint8Array),
    }).next();
    assert.ok(result.done === true && !result.value.ok);
    assert.equal(result.value.error.rule, 'data/pruned');
  });
});

describe('verification of a pruned store', () => {
  const whole = new TestChain(options);
  whole.importAll(blocks);
  const content = contentOf(whole.batches);
  const storeFrom = (changed: ReadonlyMap<string, Uint8Array>) =>
    storeOf([{ puts: [...changed].map(([key, value]) => [fromHex(key), value] as const), deletes: [] }]);

  it('says from where on everything was checked', () => {
    const verified = expectOk(verify(whole.store));
    assert.equal(verified.blocksFrom, whole.chain.storage.blocksFrom);
    assert.ok(verified.executedFrom >= verified.blocksFrom && verified.executedFrom <= 28);
    assert.ok(verified.executedFrom <= whole.chain.storage.statesFrom + 1);
    assert.equal(verified.undos, 30 - whole.chain.storage.statesFrom);
    assert.equal(verified.checkpoints, 2);
  });

  it('executes every block that is there when undo records lead back to the first of them', () => {
    const wide: TestChainOptions = {
      ...options,
      mode: { kind: 'pruned', blocks: 15 },
      limits: { ...options.limits, undoBlocks: 12 },
    };
    const test = new TestChain(wide);
    test.importAll(blocks);
    for (const { batch } of test.chain.prune()) test.commit(batch);
    const { blocksFrom, executedFrom, undos } = expectOk(verify(test.store, wide));
    assert.deepEqual([blocksFrom, executedFrom, undos], [16, 16, 15]);
  });

  it('finds a flipped byte, and the absence, of every header, id, block, receipt and undo record', () => {
    let place = 0;
    for (const [key, value] of content) {
      if (!['68', '6b', '62', '72', '75'].includes(key.slice(0, 2))) continue;
      // Genesis has no receipts, so there is nothing to flip.
      for (const at of value.length === 0
        ? []
        : [[0, value.length >> 1, value.length - 1][place++ % 3] ?? 0]) {
        const damaged = new Map(content).set(key, value.with(at, (value[at] as number) ^ 0x20));
        assert.match(ruleOf(verify(storeFrom(damaged))), /^data\//, `${key} at ${at}`);
      }
      const without = new Map(content);
      without.delete(key);
      assert.match(ruleOf(verify(storeFrom(without))), /^data\//, key);
    }
  });

  it('finds a record that claims more was pruned than was', () => {
    for (const at of [3, 7]) {
      const record = content.get(toHex(layout.pruned)) as Uint8Array;
      const claimed = new Map(content).set(toHex(layout.pruned), record.with(at, 200));
      assert.equal(ruleOf(verify(storeFrom(claimed))), 'data/corrupt-record');
    }
  });
});

describe('states of the past', () => {
  const limits = { ...options.limits, historicBlocksMax: 4, recentStatesMax: 1 };

  function recall(test: TestChain, height: number) {
    const rules: string[] = [];
    for (let requests = 0; requests < 40; requests++) {
      const state = test.chain.historicState(height);
      if (state.ok) return { rules, state: state.value };
      rules.push(state.error.rule);
      if (!state.error.retry) return { rules, state: undefined };
    }
    throw new Error('a state is reached after a bounded number of requests');
  }

  it('are had at every height in archive mode, a bounded way for each request', () => {
    const test = new TestChain({ ...options, mode: { kind: 'archive' }, limits });
    test.importAll(blocks);
    for (const height of [0, 29, 13, 12, 1, 27, 30, 5]) {
      const { state, rules } = recall(test, height);
      const block = height === 0 ? test.chain.genesis : (trunk.blocks[height - 1] as HistoryBlock).block;
      assert.deepEqual(
        state === undefined ? undefined : stateRoot(state),
        block.header.stateRoot,
        `${height}`,
      );
      assert.ok(rules.every((rule) => rule === 'chain/state-far'));
    }
    const fresh = new TestChain({ ...options, mode: { kind: 'archive' }, limits }, test.store);
    assert.equal(recall(fresh, 7).rules.length, 5, 'twenty-three blocks behind the head, four at a time');
    assert.equal(recall(fresh, 5).rules.length, 0, 'it goes on from where it was');
  });

  it('go one block at a time when the undo records are large', () => {
    const test = new TestChain({
      ...options,
      mode: { kind: 'archive' },
      limits: { ...limits, historicUndoBytesMax: 1 },
    });
    test.importAll(blocks);
    assert.equal(recall(test, 20).rules.length, 9);
  });

  it('are refused further back than the memory for them reaches', () => {
    const mode: StorageMode = { kind: 'archive' };
    const test = new TestChain({ ...options, mode, limits: { ...limits, historicArchiveBytesMax: 1_000 } });
    test.importAll(blocks);
    const { rules } = recall(test, 1);
    assert.equal(rules.at(-1), 'chain/state-too-far');
    const result = test.chain.historicState(1);
    assert.ok(!result.ok && result.error.rule === 'chain/state-too-far');
    const reached = Number(result.error.evidence['expected']);
    assert.ok(reached > 15 && reached < 30, `${reached}`);
    assert.notEqual(recall(test, reached).state, undefined);
  });

  it('are the same over a map that changes in place, and the chain goes on between the requests', () => {
    const mode: StorageMode = { kind: 'archive' };
    const test = new TestChain({
      ...options,
      mode,
      kernel: testMapKernel,
      limits: { ...limits, recentStatesMax: 9 },
    });
    test.importAll(blocks.slice(0, 24));
    assert.equal(ruleOf(test.chain.historicState(6)), 'chain/state-far');
    for (const block of blocks.slice(24)) {
      test.import(block);
      assert.deepEqual(stateRoot(test.chain.state), block.header.stateRoot);
      const state = test.chain.historicState(6);
      if (state.ok) assert.deepEqual(stateRoot(state.value), (blocks[5] as Block).header.stateRoot);
      else assert.equal(state.error.rule, 'chain/state-far');
    }
    assert.equal(ruleOf(test.chain.historicState(6)), 'ok');
    assert.equal(ruleOf(verify(test.store, { ...options, mode, kernel: testMapKernel })), 'ok');
  });

  it('are a bounded way for each request also where the block may still be undone', () => {
    const deep = specOfDepth(20);
    const test = new TestChain({
      spec: deep,
      limits: { ...limits, historicBlocksMax: 2 },
      kernel: testMapKernel,
    });
    const long = grown(blankHistory(77, deep), 16);
    test.importAll(long);
    const { state, rules } = recall(test, 5);
    assert.deepEqual(rules, [
      'chain/state-far',
      'chain/state-far',
      'chain/state-far',
      'chain/state-far',
      'chain/state-far',
    ]);
    assert.deepEqual(state === undefined ? undefined : stateRoot(state), long[4]?.header.stateRoot);
  });

  it('are there for the window in full mode, and are refused before it', () => {
    const test = new TestChain({ ...options, mode: { kind: 'full' }, limits: { ...limits, undoBlocks: 5 } });
    test.importAll(blocks);
    const { statesFrom } = test.chain.storage;
    assert.equal(statesFrom, 30 - DEPTH - 5);
    assert.notEqual(recall(test, statesFrom).state, undefined);
    assert.deepEqual(recall(test, statesFrom - 1).rules, ['chain/state-gone']);
  });

  it('are forgotten when the chain goes on or goes back', () => {
    const test = new TestChain({ ...options, mode: { kind: 'archive' }, limits });
    test.importAll(blocks.slice(0, 20));
    assert.equal(recall(test, 14).rules.length, 1);
    assert.equal(recall(test, 14).rules.length, 0, 'it is remembered');
    test.importAll(blocks.slice(20, 23));
    assert.equal(recall(test, 14).rules.length, 2, 'it begins anew at the head');
    test.commit(expectOk(test.chain.rewind((blocks[11] as Block).id)).batch);
    const branch = grown(trunk.fork(12, 76), 6).slice(12);
    test.importAll(branch);
    const { state } = recall(test, 14);
    assert.deepEqual(state === undefined ? undefined : stateRoot(state), branch[1]?.header.stateRoot);
  });

  it('are not made from a damaged undo record', () => {
    const test = new TestChain({ ...options, mode: { kind: 'archive' }, limits });
    test.importAll(blocks);
    const key = layout.undo((blocks[25] as Block).id);
    test.commit({
      puts: [[key, test.store.get(layout.undo((blocks[24] as Block).id)) as Uint8Array]],
      deletes: [],
    });
    assert.equal(recall(test, 20).rules.at(-1), 'data/corrupt-undo');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromHex, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { verifySignature } from '../crypto/signature.ts';
import {
  historyIndex,
  historyIndexUpTo,
  indexedHeight,
  trailingHistoryIndex,
} from '../history/history-index.ts';
import type { MemoryStore } from '../ports/memory-store.ts';
import { createBlock } from '../primitives/block.ts';
import { encodeHeader } from '../primitives/header.ts';
import {
  blankHistory,
  chainDependencies,
  chainOptions,
  contentOf,
  expectOk,
  grown,
  ruleOf,
  runToEnd,
  signedHistory,
  specOfDepth,
  storeOf,
  TestChain,
  type TestChainOptions,
} from './chain.testing.ts';
import { layout } from './layout.ts';
import { type VerifiedChain, verifyChain } from './verify-chain.ts';

const spec = specOfDepth(3);
const options: TestChainOptions = { spec, checkpointBlocks: 3, index: historyIndex };

function verify(store: MemoryStore, given: TestChainOptions = options): Result<VerifiedChain> {
  return runToEnd(verifyChain(chainOptions(given), chainDependencies(store, given))).value;
}

function storeFrom(content: ReadonlyMap<string, Uint8Array>): MemoryStore {
  return storeOf([{ puts: [...content].map(([key, value]) => [fromHex(key), value] as const), deletes: [] }]);
}

describe('verification of a whole store', () => {
  const trunk = blankHistory(31, spec);
  const whole = new TestChain(options);
  whole.importAll(grown(trunk, 8));
  whole.importAll(grown(trunk.fork(6, 32), 1).slice(6));
  for (const batch of whole.chain.finalCheckpoint()) whole.commit(batch);
  const content = contentOf(whole.batches);

  it('accepts what a chain wrote, and counts it', () => {
    const verified = expectOk(verify(whole.store));
    const transactions = trunk.blocks.reduce((sum, { block }) => sum + block.transactions.length, 0);
    const all = { blocksFrom: 1, executedFrom: 1 };
    const expected = {
      height: 8,
      headId: whole.chain.head.id,
      transactions,
      undos: 3,
      checkpoints: 2,
      ...all,
    };
    assert.deepEqual(verified, expected);
    const run = runToEnd(verifyChain(chainOptions(options), chainDependencies(whole.store, options)));
    assert.deepEqual(run.progress[0], { height: 1, headHeight: 8 });
  });

  it('accepts a chain after each block, through a reorganisation, and with all undo records', () => {
    const kept: TestChainOptions = { ...options, mode: { kind: 'archive' } };
    const test = new TestChain(kept);
    const blocks = [...trunk.blocks.map(({ block }) => block), ...grown(trunk.fork(6, 33), 4).slice(6)];
    for (const block of blocks) {
      test.import(block);
      assert.equal(ruleOf(verify(test.store, kept)), 'ok');
    }
    assert.equal(expectOk(verify(test.store, kept)).undos, test.chain.head.height);
  });

  // The list of side blocks may be anything: what it names is checked when it is followed.
  const unchecked = [layout.sides, layout.head].map(toHex);

  it('finds every flipped byte of every record', () => {
    const sides = sideKeys();
    for (const [key, value] of content) {
      if (unchecked.includes(key) || sides.has(key)) continue;
      for (const at of [0, value.length >> 1, value.length - 1].filter(
        (place) => place < value.length && place >= 0,
      )) {
        const damaged = new Map(content).set(key, value.with(at, (value[at] as number) ^ 0x20));
        const result = verify(storeFrom(damaged));
        const isUnusedCheckpoint = key.startsWith('63') && result.ok && result.value.checkpoints < 2;
        assert.ok(!result.ok || isUnusedCheckpoint, `${key} at ${at}`);
        if (!result.ok) assert.match(result.error.rule, /^data\//);
      }
    }
  });

  it('finds every missing record', () => {
    const sides = sideKeys();
    for (const key of content.keys()) {
      // Without the record of what was pruned a store reads as one from before there was any pruning.
      const isOptional = key === toHex(layout.sides) || key === toHex(layout.pruned);
      if (isOptional || sides.has(key) || key.startsWith('63')) continue;
      const damaged = new Map(content);
      damaged.delete(key);
      assert.match(ruleOf(verify(storeFrom(damaged))), /^data\//, key);
    }
  });

  it('finds a head record that contradicts the blocks', () => {
    const head = content.get(toHex(layout.head)) as Uint8Array;
    // id, height, weight: each in its place; see the layout.
    for (const at of [0, 32, 79]) {
      const damaged = new Map(content).set(toHex(layout.head), head.with(at, (head[at] as number) ^ 1));
      assert.match(ruleOf(verify(storeFrom(damaged))), /^data\//);
    }
  });

  it('checks an index that was switched off as far as it goes', () => {
    const early = new TestChain(options);
    early.importAll(trunk.blocks.slice(0, 5).map(({ block }) => block));
    const off = new TestChain({ ...options, index: trailingHistoryIndex }, early.store);
    off.importAll(trunk.blocks.slice(5).map(({ block }) => block));
    const all = contentOf([...early.batches, ...off.batches]);
    assert.equal(indexedHeight(off.store), 5);
    const upTo = { ...options, index: historyIndexUpTo(5) };
    assert.equal(expectOk(verify(off.store, upTo)).height, 8);
    assert.equal(ruleOf(verify(off.store)), 'data/corrupt-record', 'it does not reach the head');
    const transaction = trunk.blocks[4]?.block.transactions[0];
    assert.ok(transaction !== undefined);
    const damaged = new Map(all).set(`78${toHex(transaction.txid)}`, new Uint8Array(40));
    assert.equal(ruleOf(verify(storeFrom(damaged), upTo)), 'data/corrupt-record');
  });

  it('finds an index entry too many', () => {
    const transaction = trunk.blocks[2]?.block.transactions[0];
    const extra = new Map(content).set(`78${'00'.repeat(32)}`, new Uint8Array(40));
    assert.equal(ruleOf(verify(storeFrom(extra))), 'ok', 'unreachable keys are nobody’s');
    const moved = new Map(content).set(
      `78${toHex(transaction?.txid ?? new Uint8Array(0))}`,
      new Uint8Array(40),
    );
    const result = verify(storeFrom(moved));
    assert.ok(
      !result.ok && result.error.evidence['record'] === 'index' && result.error.evidence['height'] === 3,
    );
  });

  function sideKeys(): ReadonlySet<string> {
    const best = new Set(
      Array.from({ length: 9 }, (_, height) => toHex(whole.chain.idAt(height) as Uint8Array)),
    );
    return new Set([...content.keys()].filter((key) => /^(?:6b|62)/.test(key) && !best.has(key.slice(2))));
  }
});

describe('verification of signatures', () => {
  const signed: TestChainOptions = { spec, verify: verifySignature };
  const history = signedHistory(34, spec);
  const blocks = grown(history, 3, 2);

  it('accepts real ones and refuses what an unchecked import let in', () => {
    const good = new TestChain(signed);
    good.importAll(blocks);
    assert.equal(ruleOf(verify(good.store, signed)), 'ok');
    const unsealed = blankHistory(35, spec);
    const careless = new TestChain({ spec });
    careless.importAll(grown(unsealed, 1));
    const result = verify(careless.store, signed);
    assert.ok(
      !result.ok && result.error.rule === 'consensus/seal-invalid' && result.error.evidence['height'] === 1,
    );
  });

  it('checks the seal of every block', () => {
    const test = new TestChain({ spec });
    test.importAll(blocks);
    const last = blocks.at(-1);
    assert.ok(last !== undefined);
    const forged = createBlock({ ...last.header, seal: new Uint8Array(64) }, last.transactions);
    const old = contentOf(test.batches);
    const head = (old.get(toHex(layout.head)) as Uint8Array).slice();
    head.set(forged.id);
    const planted = new Map(old)
      .set(toHex(layout.head), head)
      .set(toHex(layout.height(3)), forged.id)
      .set(toHex(layout.header(forged.id)), encodeHeader(forged.header))
      .set(toHex(layout.block(forged.id)), forged.bytes);
    assert.equal(ruleOf(verify(storeFrom(planted), signed)), 'consensus/seal-invalid');
  });
});

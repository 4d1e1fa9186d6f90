import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { createConsensus } from '../consensus/create-consensus.ts';
import { historyIndex } from '../history/history-index.ts';
import { History } from '../ledger/testing/history.testing.ts';
import { signBlank, testKey } from '../ledger/testing/owners.testing.ts';
import type { Block } from '../primitives/block.ts';
import type { Header } from '../primitives/header.ts';
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
  TestChain,
} from './chain.testing.ts';
import { layout } from './layout.ts';
import { verifyChain } from './verify-chain.ts';

const ids = (blocks: readonly Block[]) => blocks.map(({ id }) => toHex(id));

describe('a reorganisation', () => {
  const trunk = blankHistory(8);
  const blocks = grown(trunk, 6);
  const fork = trunk.fork(2, 80);
  const branch = grown(fork, 5).slice(2);

  it('is one update: the old branch off, the new one on', () => {
    const test = new TestChain();
    test.importAll(blocks);
    for (const block of branch.slice(0, 3)) assert.equal(test.import(block).kind, 'side');
    const side = test.import(branch[3] as Block);
    const wins = toHex((branch[3] as Block).id) < toHex((blocks[5] as Block).id);
    const update = wins ? side : test.import(branch[4] as Block);
    assert.equal(update.kind, 'head');
    assert.deepEqual(ids(update.removed), ids(blocks.slice(2).toReversed()));
    const added = branch.slice(0, wins ? 4 : 5);
    assert.deepEqual(ids(update.added), ids(added));
    const results = fork.blocks.slice(2).map(({ result }) => result.receipts);
    assert.deepEqual(
      update.added.map(({ id }) => test.store.get(layout.receipts(id))),
      results.slice(0, added.length),
    );
    assert.deepEqual(stateRoot(test.chain.state), added.at(-1)?.header.stateRoot);
    for (const block of blocks.slice(2)) {
      assert.equal(test.store.get(layout.undo(block.id)), undefined);
      assert.equal(test.store.get(layout.receipts(block.id)), undefined);
      assert.deepEqual(expectOk(test.chain.block(block.id)).id, block.id);
    }
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('can go back by undo records alone, and forth again', () => {
    const limits = { recentStatesMax: 0 };
    const test = new TestChain({ limits });
    test.importAll(blocks);
    test.importAll(branch);
    assert.deepEqual(test.chain.head.id, (branch.at(-1) as Block).id);
    const back = grown(trunk.fork(6, 81), 2).slice(6);
    test.importAll(back);
    assert.deepEqual(test.chain.head.id, (back[1] as Block).id);
    assert.deepEqual(stateRoot(test.chain.state), (back[1] as Block).header.stateRoot);
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('leaves the store as if the other branch had only ever been at its side', () => {
    const spec = specOfDepth(100);
    const [one, two] = [new TestChain({ spec }), new TestChain({ spec })];
    const other = blankHistory(8, spec);
    const all = grown(other, 6);
    const beside = grown(other.fork(2, 80), 5).slice(2);
    one.importAll([...all, ...beside]);
    two.importAll([...all.slice(0, 2), ...beside, ...all.slice(2)]);
    const [first, second] = [contentOf(one.batches), contentOf(two.batches)];
    for (const content of [first, second]) {
      // They saw the blocks in another order, and numbered their batches by it.
      content.delete(toHex(layout.head));
      content.delete(toHex(layout.sides));
    }
    assert.deepEqual(first, second);
    assert.deepEqual(one.summary, two.summary);
  });

  it('continues after a restart with the side blocks that were there', () => {
    const test = new TestChain();
    test.importAll([...blocks, ...branch.slice(0, 3)]);
    const again = test.reopen();
    assert.equal(again.chain.counts.sides, 3);
    again.importAll(branch.slice(3));
    assert.deepEqual(again.chain.head.id, branch.at(-1)?.id);
    assert.deepEqual(again.reopen().summary, again.summary);
  });

  it('drops side branches when finality passes their fork', () => {
    const test = new TestChain();
    test.importAll(blocks.slice(0, 4));
    test.importAll(branch.slice(0, 1));
    assert.equal(test.chain.counts.sides, 1);
    const [side] = branch as [Block];
    test.importAll(blocks.slice(4));
    const on = grown(trunk.fork(6, 82), 3).slice(6);
    test.importAll(on.slice(0, 2));
    assert.equal(test.chain.final.height, 2);
    assert.equal(test.chain.counts.sides, 1);
    test.importAll(on.slice(2));
    assert.equal(test.chain.final.height, 3);
    assert.equal(test.chain.counts.sides, 0);
    assert.equal(test.store.get(layout.block(side.id)), undefined);
    assert.equal(test.store.get(layout.header(side.id)), undefined);
    assert.equal(ruleOf(test.try(side)), 'chain/behind-final');
  });

  it('drops a damaged side block and takes it again', () => {
    const test = new TestChain();
    test.importAll(blocks);
    test.importAll(branch.slice(0, 3));
    const [damaged, healthy] = branch as [Block, Block];
    const broken = damaged.bytes.with(damaged.bytes.length - 1, (damaged.bytes.at(-1) ?? 0) ^ 1);
    test.store.commit({ puts: [[layout.block(damaged.id), broken]], deletes: [] }, () => {});
    const before = test.summary;
    const tail = branch.slice(3).map((block) => ruleOf(test.try(block)));
    assert.ok(tail.includes('chain/parent-unknown'));
    assert.deepEqual(test.summary, before);
    test.importAll([damaged, healthy, ...branch.slice(2)]);
    assert.deepEqual(test.chain.head.id, branch.at(-1)?.id);
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('does not happen on damaged undo records; the head stays', () => {
    const limits = { recentStatesMax: 0 };
    for (const damage of ['missing', 'flipped'] as const) {
      const test = new TestChain({ limits });
      test.importAll(blocks);
      const key = layout.undo((blocks[4] as Block).id);
      const undo = test.store.get(key) as Uint8Array;
      // Byte 37 is within the first change: its coin, or whether it has one.
      const flipped = undo.with(37, (undo[37] ?? 0) ^ 1);
      const batch =
        damage === 'missing'
          ? { puts: [], deletes: [key] }
          : { puts: [[key, flipped] as const], deletes: [] };
      test.store.commit(batch, () => {});
      const before = test.summary;
      const rules = branch.map((block) => ruleOf(test.try(block)));
      assert.ok(rules.includes('data/corrupt-undo'));
      assert.deepEqual(test.summary, before);
    }
  });
});

describe('a heavier branch that is shorter', () => {
  const spec = specOfDepth(6);
  const consensus = createConsensus(spec);
  // Blocks whose time has a fraction of a second weigh ten of the others.
  const weight = ({ timeMs }: Header) => (timeMs % 1_000 === 0 ? 1n : 10n);
  const options = {
    spec,
    consensus: { ...consensus, production: { ...consensus.production, weight } },
    index: historyIndex,
  };
  let fractionMs = 0;
  const trunk = new History({
    seed: 85,
    spec,
    signer: signBlank,
    seal: () => new Uint8Array(64),
    origin: ({ timeMs }) => ({ timeMs: timeMs + 1_000 + fractionMs, producer: testKey(0).address }),
  });
  const blocks = grown(trunk, 10);
  fractionMs = 500;
  const heavy = grown(trunk.fork(5, 86), 1).slice(5);

  it('becomes the best one, and leaves nothing above its head', () => {
    const test = new TestChain(options);
    test.importAll(blocks);
    assert.equal(test.chain.head.weight, 10n);
    test.importAll(heavy);
    assert.deepEqual(test.chain.head.id, heavy[0]?.id);
    assert.deepEqual([test.chain.head.height, test.chain.head.weight], [6, 15n]);
    for (const height of [7, 8, 9, 10]) assert.equal(test.chain.idAt(height), undefined);
    const run = verifyChain(chainOptions(options), chainDependencies(test.store, options));
    assert.equal(ruleOf(runToEnd(run).value), 'ok');
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('does not take finality back', () => {
    const test = new TestChain(options);
    test.importAll(blocks);
    assert.equal(test.chain.final.height, 4);
    test.importAll(heavy);
    assert.equal(test.chain.final.height, 4);
    assert.equal(test.reopen().chain.final.height, 4);
  });
});

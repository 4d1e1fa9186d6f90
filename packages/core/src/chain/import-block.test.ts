import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { equalBytes, toHex } from '../base/bytes.ts';
import type { Block } from '../primitives/block.ts';
import { createBlock } from '../primitives/block.ts';
import { stateRoot } from '../state/world-state.ts';
import { blankHistory, contentOf, emptyChild, grown, ruleOf, spoiled, TestChain } from './chain.testing.ts';
import { layout } from './layout.ts';

const ids = (blocks: readonly Block[]) => blocks.map(({ id }) => toHex(id));

describe('an invalid block', () => {
  const trunk = blankHistory(7);
  const blocks = grown(trunk, 4);

  it('leaves everything as it was, and costs nothing when it comes again', () => {
    const test = new TestChain();
    test.importAll(blocks.slice(0, 3));
    const before = { ...test.summary, batches: test.batches.length };
    const bad = spoiled(blocks[3] as Block);
    assert.equal(ruleOf(test.try(bad)), 'block/state-root-mismatch');
    const again = test.try(bad);
    assert.equal(ruleOf(again), 'chain/block-invalid');
    assert.equal(ruleOf(test.try(emptyChild(bad))), 'chain/ancestor-invalid');
    assert.deepEqual({ ...test.summary, batches: test.batches.length }, before);
    test.import(blocks[3] as Block);
  });

  it('inside a heavier branch leaves the old head, and its descendants are refused', () => {
    const test = new TestChain();
    test.importAll(blocks);
    const branch = trunk.fork(1, 70);
    grown(branch, 1);
    const good = branch.head;
    const bad = spoiled(grown(branch, 1).at(-1) as Block);
    const heavy = [bad];
    for (let i = 0; i < 3; i++) heavy.push(emptyChild(heavy[i] as Block));
    test.import(good);
    test.import(bad);
    const before = test.summary;
    const content = contentOf(test.batches);
    test.import(heavy[1] as Block);
    const refused = test.try(heavy[2] as Block);
    assert.equal(ruleOf(refused), 'chain/ancestor-invalid');
    assert.ok(!refused.ok && refused.error.evidence['rule'] === 'block/state-root-mismatch');
    assert.deepEqual(test.summary, before);
    assert.equal(ruleOf(test.try(heavy[3] as Block)), 'chain/ancestor-invalid');
    assert.equal(ruleOf(test.try(bad)), 'chain/block-invalid');
    assert.equal(test.chain.counts.sides, 1);
    // The next batch clears the store of what was condemned.
    const fifth = grown(trunk.fork(4, 71), 1).at(-1) as Block;
    test.import(fifth);
    for (const gone of [bad, heavy[1] as Block]) {
      assert.equal(test.store.get(layout.block(gone.id)), undefined);
      assert.equal(test.store.get(layout.header(gone.id)), undefined);
    }
    assert.ok(content.has(toHex(layout.block(bad.id))));
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('among waiting blocks does not harm those before it', () => {
    const test = new TestChain();
    const bad = spoiled(blocks[2] as Block);
    for (const block of [emptyChild(bad), bad, blocks[1] as Block]) test.try(block);
    const update = test.import(blocks[0] as Block);
    assert.deepEqual(ids(update.added), ids(blocks.slice(0, 2)));
    assert.equal(ruleOf(test.try(bad)), 'chain/block-invalid');
    test.importAll(blocks.slice(2));
  });

  it('is not condemned for transactions that somebody else put beside its header', () => {
    const test = new TestChain();
    const side = grown(trunk.fork(0, 72), 1)[0] as Block;
    test.import(blocks[0] as Block);
    for (const block of [blocks[1] as Block, side]) {
      const swapped = createBlock(block.header, block.transactions.slice(0, -1));
      assert.deepEqual(swapped.id, block.id);
      assert.equal(ruleOf(test.try(swapped)), 'block/tx-root-mismatch');
      assert.equal(ruleOf(test.try(block)), 'ok');
    }
    // The same while it waits for its parent.
    const fourth = blocks[3] as Block;
    assert.equal(ruleOf(test.try(createBlock(fourth.header, []))), 'chain/parent-unknown');
    assert.equal(ruleOf(test.try(fourth)), 'chain/parent-unknown');
    test.import(blocks[2] as Block);
    assert.deepEqual(test.chain.head.id, fourth.id);
  });
});

test('side blocks are bounded: the worst go, the best stays, and a branch that wins still can', () => {
  const trunk = blankHistory(11);
  const blocks = grown(trunk, 6);
  const made = new TestChain({ limits: { sideBlocksMax: 4 } });
  made.importAll(blocks);
  for (let seed = 0; seed < 12; seed++) {
    const height = 1 + (seed % 5);
    made.try(grown(trunk.fork(height, 200 + seed), 1).at(-1) as Block);
    assert.ok(made.chain.counts.sides <= 4);
  }
  const stored = [...contentOf(made.batches).keys()].filter((key) => key.startsWith('62'));
  const best = new Set(blocks.map(({ id }) => toHex(layout.block(id))));
  const low = grown(trunk.fork(0, 300), 1)[0] as Block;
  assert.equal(ruleOf(made.try(low)), 'chain/too-many-side-blocks');
  assert.equal(stored.filter((key) => !best.has(key)).length, 1 + 4, 'genesis and the side blocks');
  const winner = grown(trunk.fork(5, 301), 2).slice(5);
  made.importAll(winner);
  assert.deepEqual(made.chain.head.id, winner[1]?.id);
  assert.ok(equalBytes(stateRoot(made.chain.state), (winner[1] as Block).header.stateRoot));
});

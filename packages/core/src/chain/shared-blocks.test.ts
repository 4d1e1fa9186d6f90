import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBlock } from '../primitives/block.ts';
import { blankHistory, expectOk, grown, ruleOf, spoiled, TEST_NOW_MS, TestChain } from './chain.testing.ts';
import { SharedBlocks } from './shared-blocks.ts';

const blocks = () => grown(blankHistory(5), 12);

describe('shared blocks', () => {
  it('executes each block once for many chains, which end alike and equal to a chain of its own', () => {
    const shared = new SharedBlocks({ blocksMax: 100 });
    const chains = [1, 2, 3].map(() => new TestChain({ shared }));
    const alone = new TestChain();
    const all = blocks();
    for (const block of all) {
      for (const chain of [...chains, alone]) chain.import(expectOk(chain.chain.scanBlock(block.bytes)));
    }
    assert.equal(shared.executed, all.length);
    for (const chain of chains) {
      assert.deepEqual(chain.summary, alone.summary);
      assert.equal(chain.chain.state, chains[0]?.chain.state);
      assert.deepEqual(chain.store.size, alone.store.size);
    }
  });

  it('gives everybody the same block for the same bytes, and only for those', () => {
    const shared = new SharedBlocks({ blocksMax: 100 });
    const [a, b] = [new TestChain({ shared }), new TestChain({ shared })];
    const [block] = blocks();
    assert.ok(block !== undefined);
    const first = expectOk(a.chain.scanBlock(block.bytes));
    assert.equal(expectOk(b.chain.scanBlock(block.bytes.slice())), first);
    const emptied = createBlock(block.header, []);
    assert.notEqual(expectOk(b.chain.scanBlock(emptied.bytes)), first);
    assert.equal(expectOk(b.chain.scanBlock(block.bytes)), first);
    assert.equal(ruleOf(b.chain.scanBlock(block.bytes.slice(0, 50))), 'codec/truncated');
  });

  it('gives no result to other transactions beside the same header', () => {
    const shared = new SharedBlocks({ blocksMax: 100 });
    const [a, b] = [new TestChain({ shared }), new TestChain({ shared })];
    const [block] = blocks();
    assert.ok(block !== undefined);
    a.import(block);
    const other = createBlock(block.header, block.transactions.slice(0, -1));
    assert.equal(ruleOf(b.try(other)), 'block/tx-root-mismatch');
    b.import(block);
    assert.deepEqual(b.summary, a.summary);
  });

  it('refuses everywhere what is refused once, by the same rule', () => {
    const shared = new SharedBlocks({ blocksMax: 100 });
    const [a, b] = [new TestChain({ shared }), new TestChain({ shared })];
    const [block] = blocks();
    assert.ok(block !== undefined);
    const bad = spoiled(block);
    assert.equal(ruleOf(a.try(bad)), 'block/state-root-mismatch');
    assert.equal(ruleOf(b.try(bad)), 'block/state-root-mismatch');
    assert.equal(shared.executed, 1);
  });

  it('forgets the oldest, which costs another execution and nothing else', () => {
    const shared = new SharedBlocks({ blocksMax: 2 });
    const [a, b] = [new TestChain({ shared }), new TestChain({ shared })];
    const all = blocks();
    a.importAll(all);
    b.importAll(all);
    assert.ok(shared.executed > all.length);
    assert.deepEqual(b.summary, a.summary);
  });

  it('serves a chain that starts again', () => {
    const shared = new SharedBlocks({ blocksMax: 100 });
    const chain = new TestChain({ shared });
    chain.importAll(blocks());
    const { executed } = shared;
    assert.deepEqual(chain.reopen().summary, chain.summary);
    assert.equal(shared.executed, executed);
    assert.equal(chain.reopen().chain.importBlock(blocks()[0] as never, TEST_NOW_MS).ok, true);
  });
});

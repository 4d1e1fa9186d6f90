import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ZERO_HASH } from '../crypto/hash.ts';
import { createGenesis } from '../ledger/genesis.ts';
import type { Block } from '../primitives/block.ts';
import { blankHistory, emptyChild, grown, specOfDepth, spoiled, TestChain } from './chain.testing.ts';
import { CheckedHeaders } from './checked-headers.ts';
import { InvalidBlocks } from './invalid-blocks.ts';
import { Orphans } from './orphans.ts';
import { RecentStates } from './recent-states.ts';

/** A long line of blocks whose first parent nobody knows. */
function strangers(count: number): readonly Block[] {
  const [unknown] = grown(blankHistory(41), 1) as [Block];
  const blocks = [emptyChild(unknown)];
  while (blocks.length < count) blocks.push(emptyChild(blocks.at(-1) as Block));
  return blocks;
}

describe('everything that strangers can grow is bounded', () => {
  it('blocks that wait for their parent, by number: the oldest go', () => {
    const orphans = new Orphans({ orphanBlocksMax: 5, orphanBytesMax: 1_000_000 });
    const blocks = strangers(20);
    for (const [i, block] of blocks.entries()) {
      orphans.add(block);
      orphans.add(block);
      assert.equal(orphans.count, Math.min(i + 1, 5));
    }
    assert.deepEqual(orphans.take((blocks[10] as Block).header.parent), []);
    assert.deepEqual(orphans.take((blocks[17] as Block).header.parent), [blocks[17]]);
    assert.equal(orphans.count, 4);
    orphans.dropUpTo((blocks[18] as Block).header.height);
    assert.equal(orphans.count, 1);
    orphans.dropUpTo(0xffff_ffff);
    assert.deepEqual([orphans.count, orphans.bytes], [0, 0]);
  });

  it('blocks that wait for their parent, by bytes', () => {
    const blocks = strangers(20);
    const size = (blocks[0] as Block).bytes.length;
    const orphans = new Orphans({ orphanBlocksMax: 100, orphanBytesMax: 3 * size + 1 });
    for (const block of blocks) {
      orphans.add(block);
      assert.ok(orphans.bytes <= 3 * size + 1 && orphans.bytes === orphans.count * size);
    }
    assert.equal(orphans.count, 3);
    const none = new Orphans({ orphanBlocksMax: 100, orphanBytesMax: size - 1 });
    none.add(blocks[0] as Block);
    assert.equal(none.count, 0);
  });

  it('a chain flooded with blocks of unknown parents', () => {
    const test = new TestChain({ limits: { orphanBlocksMax: 8 } });
    for (const block of strangers(50)) test.try(block);
    assert.equal(test.chain.counts.orphans, 8);
    assert.equal(test.batches.length, 1);
    // What waits below the last final block is let go when finality passes it.
    test.importAll(grown(blankHistory(42), 60, 0));
    assert.equal(test.chain.counts.orphans, 0);
  });

  it('ids of headers that were found good', () => {
    const checked = new CheckedHeaders(3);
    for (let i = 0; i < 10; i++) {
      checked.add(new Uint8Array(32).fill(i), ZERO_HASH);
      assert.ok(checked.count <= 3);
    }
    assert.ok(checked.has(new Uint8Array(32).fill(9)) && !checked.has(new Uint8Array(32).fill(6)));
    checked.delete(new Uint8Array(32).fill(9));
    assert.equal(checked.count, 2);
  });

  it('ids of invalid blocks, in a chain too', () => {
    const invalid = new InvalidBlocks(3);
    for (let i = 0; i < 10; i++) {
      invalid.add(new Uint8Array(32).fill(i), `rule ${i}`);
      assert.ok(invalid.count <= 3);
    }
    assert.equal(invalid.ruleOf(new Uint8Array(32).fill(9)), 'rule 9');
    assert.equal(invalid.ruleOf(new Uint8Array(32).fill(6)), undefined);
    const [good] = grown(blankHistory(43), 1) as [Block];
    const test = new TestChain({ limits: { invalidBlocksMax: 1 } });
    const [one, two] = [spoiled(good), spoiled({ ...good, header: { ...good.header, gasUsed: 1 } })];
    const rules = [one, two, one, one].map((block) => {
      const result = test.try(block);
      return result.ok ? 'ok' : result.error.rule;
    });
    assert.deepEqual(rules, [
      'block/state-root-mismatch',
      'block/gas-used-mismatch',
      'block/state-root-mismatch',
      'chain/block-invalid',
    ]);
  });

  it('states, by number and by what keeping them costs', () => {
    const { state } = createGenesis(specOfDepth(6));
    const states = new RecentStates({ recentStatesMax: 4, recentChangesMax: 10 });
    const id = (n: number) => new Uint8Array(32).fill(n);
    for (let n = 0; n < 8; n++) states.set(id(n), state, 1);
    assert.equal(states.count, 4);
    assert.equal(states.get(id(3)), undefined);
    assert.equal(states.get(id(4)), state);
    states.set(id(9), state, 9);
    assert.equal(states.count, 2);
    states.set(id(9), state, 2);
    assert.equal(states.count, 2);
    states.set(id(10), state, 11);
    assert.equal(states.count, 0);
    states.delete(id(10));
    states.set(id(11), state, 10);
    assert.equal(states.count, 1);
  });
});

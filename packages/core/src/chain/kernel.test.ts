import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../base/fuzz.testing.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import type { Block } from '../primitives/block.ts';
import { createBlock } from '../primitives/block.ts';
import { scanBlock } from '../primitives/flat-block.ts';
import {
  blankHistory,
  expectOk,
  grown,
  specOfDepth,
  spoiled,
  TEST_NOW_MS,
  TestChain,
  testMapKernel,
} from './chain.testing.ts';
import type { Chain } from './chain.ts';

const hasher = createPlainHasher();

/** The block as it comes from the wire: in columns. */
function scanned({ chainId }: Chain, block: Block): Block {
  return expectOk(scanBlock(block.bytes, chainId, hasher));
}

describe('a chain over a map and one over the tree', () => {
  it('write the same bytes, whatever blocks come in whatever order, with restarts in between', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = seededRandom(seed);
      const spec = specOfDepth(4);
      const trunk = blankHistory(random.u32(), spec);
      const blocks = [...grown(trunk, 9, 3)];
      for (let branch = 0; branch < 4; branch++) {
        const from = random.below(9);
        blocks.push(...grown(trunk.fork(from, random.u32()), 1 + random.below(5), 3).slice(from));
      }
      const limits = { recentStatesMax: random.below(4), checkpointChunksPerBatch: 1 };
      const options = { spec, limits, checkpointBlocks: 2 };
      let plain = new TestChain(options);
      let map = new TestChain({ ...options, kernel: testMapKernel });
      for (let step = 0; step < 80; step++) {
        // Mostly whatever is there; sometimes what moves the chain on.
        const onward = blocks[plain.chain.head.height];
        const offered = random.oneIn(4) && onward !== undefined ? onward : random.pick(blocks);
        const next = disguised(random.below(12), offered);
        const expected = plain.try(next);
        const got = map.try(scanned(map.chain, next));
        assert.deepEqual(got.ok ? got.value.batch : got, expected.ok ? expected.value.batch : expected);
        assert.deepEqual(map.summary, plain.summary);
        assert.deepEqual(map.batches.at(-1), plain.batches.at(-1), 'checkpoints too');
        if (!random.oneIn(10)) continue;
        plain = plain.reopen();
        map = map.reopen();
      }
      assert.ok(plain.chain.head.height >= 5, 'the chain has moved');
    }
  });

  it('do not execute a block again that was drafted here', () => {
    const history = blankHistory(3, specOfDepth(4));
    const [first, second] = grown(history, 2, 3) as [Block, Block];
    for (const kernel of [undefined, testMapKernel]) {
      const test = new TestChain({ spec: history.spec, ...(kernel === undefined ? {} : { kernel }) });
      test.import(first);
      const made = history.blocks[1];
      assert.ok(made !== undefined);
      // Another result under the same header would be taken as it is, which shows that nothing was executed.
      const marked = { ...made.result, receipts: made.result.receipts.with(40, 77), state: test.chain.state };
      test.chain.rememberDraft({ ...second, result: marked, refused: [], refusedNews: [] });
      const other = createBlock(second.header, [...second.transactions]);
      const update = expectOk(test.chain.importBlock(second, TEST_NOW_MS));
      assert.ok(update.batch.puts.some(([, value]) => value === marked.receipts));
      const fresh = new TestChain({ spec: history.spec });
      fresh.import(first);
      fresh.chain.rememberDraft({ ...second, result: marked, refused: [], refusedNews: [] });
      const executed = expectOk(fresh.chain.importBlock(other, TEST_NOW_MS));
      assert.ok(
        !executed.batch.puts.some(([, value]) => value === marked.receipts),
        'another list is executed',
      );
    }
  });
});

function disguised(choice: number, block: Block): Block {
  if (choice === 0) return spoiled(block);
  return choice === 1 ? createBlock(block.header, block.transactions.slice(0, 2)) : block;
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import type { History } from '../ledger/testing/history.testing.ts';
import type { Block } from '../primitives/block.ts';
import { stateRoot } from '../state/world-state.ts';
import {
  blankHistory,
  contentOf,
  grown,
  ruleOf,
  specOfDepth,
  TEST_NOW_MS,
  TestChain,
} from './chain.testing.ts';
import { layout } from './layout.ts';

/** Blocks that all branches share; the last of them is final when the highest branch is in. */
const STEM = 4;
const DEPTH = 6;
const seeds = fc.integer({ min: 0, max: 0x7fff_ffff });
const RUNS = { numRuns: 15 };

interface RandomTree {
  readonly blocks: readonly Block[];
  readonly tips: readonly History[];
}

/** A stem with branches on branches, none of them more than {@link DEPTH} above the stem. */
function randomTree(seed: number): RandomTree {
  const random = seededRandom(seed);
  const stem = blankHistory(seed, specOfDepth(DEPTH));
  grown(stem, STEM, 2);
  const tips = [stem];
  for (let branch = 0; branch < 4; branch++) {
    const from = random.pick(tips);
    const top = from.head.header.height;
    const tip = from.fork(STEM + random.below(top - STEM + 1), random.u32());
    const room = STEM + DEPTH - tip.head.header.height;
    grown(tip, Math.min(room, 1 + random.below(4)), 2);
    tips.push(tip);
  }
  const byId = new Map(
    tips.flatMap((tip) => tip.blocks.map(({ block }) => [toHex(block.id), block] as const)),
  );
  return { blocks: [...byId.values()], tips };
}

function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const random = seededRandom(seed);
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0] as T);
}

/** The head by the rule itself: the highest tip, the smaller id among equals. */
function expectedHead({ tips }: RandomTree): Block {
  const heads = tips.map(({ head }) => head);
  const [best] = heads.toSorted(
    (a, b) => b.header.height - a.header.height || (toHex(a.id) < toHex(b.id) ? -1 : 1),
  );
  return best as Block;
}

test('every order of arrival ends at the same head and the same state', () => {
  fc.assert(
    fc.property(seeds, seeds, (treeSeed, orderSeed) => {
      const tree = randomTree(treeSeed);
      const chain = new TestChain({ spec: specOfDepth(DEPTH) });
      for (const block of shuffled(tree.blocks, orderSeed)) {
        assert.match(ruleOf(chain.try(block)), /^(?:ok|chain\/parent-unknown)$/);
      }
      const expected = expectedHead(tree);
      assert.deepEqual(chain.chain.head.id, expected.id);
      assert.deepEqual(stateRoot(chain.chain.state), expected.header.stateRoot);
      assert.deepEqual(chain.chain.counts.orphans, 0);
    }),
    RUNS,
  );
});

test('after any reorganisations the store holds the best branch as a chain that never saw another', () => {
  fc.assert(
    fc.property(seeds, seeds, fc.boolean(), (treeSeed, orderSeed, isArchive) => {
      const tree = randomTree(treeSeed);
      const mode = { kind: isArchive ? ('archive' as const) : ('full' as const) };
      const options = { spec: specOfDepth(DEPTH), mode, limits: { recentStatesMax: orderSeed % 3 } };
      const [busy, calm] = [new TestChain(options), new TestChain(options)];
      for (const block of shuffled(tree.blocks, orderSeed)) busy.try(block);
      const best = tree.tips.find(({ head }) => toHex(head.id) === toHex(busy.chain.head.id));
      calm.importAll(best?.blocks.map(({ block }) => block) ?? []);
      assert.deepEqual(busy.summary, calm.summary);
      const [seen, expected] = [contentOf(busy.batches), contentOf(calm.batches)];
      const sides = tree.blocks.filter(
        (block) => toHex(busy.chain.idAt(block.header.height) ?? block.id) !== toHex(block.id),
      );
      for (const { id } of sides)
        for (const key of [layout.header(id), layout.block(id)]) seen.delete(toHex(key));
      for (const content of [seen, expected]) {
        for (const key of [layout.head, layout.sides]) content.delete(toHex(key));
      }
      assert.deepEqual(seen, expected);
    }),
    RUNS,
  );
});

test('a power cut between any two batches loses only what was not committed', () => {
  fc.assert(
    fc.property(seeds, seeds, (treeSeed, orderSeed) => {
      const tree = randomTree(treeSeed);
      const order = shuffled(tree.blocks, orderSeed);
      const options = {
        spec: specOfDepth(DEPTH),
        checkpointBlocks: 1,
        limits: { checkpointChunksPerBatch: 1, recentStatesMax: 2 },
      };
      let running = new TestChain(options);
      const random = seededRandom(orderSeed);
      for (const block of order) {
        running.try(block);
        if (random.oneIn(3)) {
          const before = running.summary;
          running = running.reopen();
          assert.deepEqual(running.summary, before);
        }
      }
      // What waited for its parent in memory is gone, so everything is offered again.
      for (let round = 0; round < 2; round++) {
        for (const block of tree.blocks)
          running.chain.importBlock(block, TEST_NOW_MS).ok && running.try(block);
      }
      assert.deepEqual(running.chain.head.id, expectedHead(tree).id);
    }),
    RUNS,
  );
});

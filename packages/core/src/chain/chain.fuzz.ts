import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { plainKernel } from '../state/kernel.ts';
import { stateRoot } from '../state/world-state.ts';
import {
  blankHistory,
  emptyChild,
  grown,
  specOfDepth,
  spoiled,
  TEST_NOW_MS,
  TestChain,
  testMapKernel,
} from './chain.testing.ts';
import type { StorageMode } from './storage-mode.ts';

const DEPTH = 5;

/**
 * Whatever blocks come in whatever order, with restarts in between: the head has the state its header names, nothing
 * final is undone, and the bounds hold.
 */
export const fuzz: FuzzTarget = {
  name: 'chain/import',
  run(random, iterations) {
    for (let done = 0; done < iterations; done += STEPS) runOnce(random, Math.min(STEPS, iterations - done));
  },
};

/** Blocks offered to one chain. */
const STEPS = 60;

function runOnce(random: SeededRandom, steps: number): void {
  const spec = specOfDepth(DEPTH);
  const blocks = randomBlocks(random, spec);
  const limits = {
    sideBlocksMax: 12,
    orphanBlocksMax: 6,
    invalidBlocksMax: 4,
    recentStatesMax: random.below(4),
    turnWork: 0.1,
  };
  const kernel = random.oneIn(2) ? testMapKernel : plainKernel;
  let test = new TestChain({
    kernel,
    spec,
    limits,
    checkpointBlocks: 2,
    mode: random.pick<StorageMode>([
      { kind: 'archive' },
      { kind: 'full' },
      { kind: 'pruned', blocks: DEPTH },
    ]),
  });
  for (let step = 0; step < steps; step++) {
    const finalBefore = test.chain.final;
    const block = disguised(random, random.pick(blocks));
    if (random.oneIn(3)) executeAhead(test, block, random);
    if (random.oneIn(4)) {
      // Ahead of the store: the next block comes before this one's batch is committed.
      const first = test.chain.importBlock(block, TEST_NOW_MS);
      const second = test.chain.importBlock(random.pick(blocks), TEST_NOW_MS);
      for (const update of [first, second]) if (update.ok) test.commit(update.value.batch);
    } else {
      test.try(block);
    }
    checkChain(test, limits.sideBlocksMax, limits.orphanBlocksMax);
    const kept = test.chain.idAt(finalBefore.height);
    assert(kept !== undefined && equalBytes(kept, finalBefore.id), 'what was final stays on the best branch');
    if (!random.oneIn(12)) continue;
    const before = test.chain.head.id;
    test = test.reopen();
    assert(equalBytes(test.chain.head.id, before), 'a restart finds the same head');
  }
}

/** Executes a block, or a part of it, before it is imported, as a node does with a long one. */
function executeAhead({ chain }: TestChain, block: Block, random: SeededRandom): void {
  const { head, state } = chain;
  const steps = chain.prepareBlock(block, TEST_NOW_MS);
  for (let pieces = random.below(8); pieces > 0 && steps?.next().done === false; pieces--);
  assert(chain.head === head && chain.state === state, 'nothing is decided ahead');
}

function checkChain({ chain }: TestChain, sidesMax: number, orphansMax: number): void {
  assert(equalBytes(stateRoot(chain.state), chain.head.header.stateRoot), 'the head has its state');
  assert(chain.counts.sides <= sidesMax && chain.counts.orphans <= orphansMax, 'the bounds hold');
  assert(chain.final.height >= chain.head.height - DEPTH, 'finality follows the head');
  const stored = chain.block(chain.head.id);
  assert(stored.ok && equalBytes(stored.value.id, chain.head.id), 'the head is in the store');
}

/** Blocks of a trunk and of branches from anywhere on it, some too late to matter. */
function randomBlocks(random: SeededRandom, spec: ChainSpec): readonly Block[] {
  const trunk = blankHistory(random.u32(), spec);
  const blocks = [...grown(trunk, 8, 2)];
  for (let branch = 0; branch < 4; branch++) {
    const from = random.below(8);
    blocks.push(...grown(trunk.fork(from, random.u32()), 1 + random.below(4), 2).slice(from));
  }
  return blocks;
}

/** Mostly the block itself; sometimes what somebody who wants to confuse a node would send instead. */
function disguised(random: SeededRandom, block: Block): Block {
  switch (random.below(10)) {
    case 0:
      return spoiled(block);
    case 1:
      return createBlock(block.header, block.transactions.slice(1));
    case 2:
      return emptyChild(block);
    case 3:
      return createBlock({ ...block.header, height: random.below(12) }, block.transactions);
    default:
      return block;
  }
}

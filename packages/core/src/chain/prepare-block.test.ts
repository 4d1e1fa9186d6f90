import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { equalBytes } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import type { Steps } from '../base/steps.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import { scanBlock } from '../primitives/flat-block.ts';
import type { CoinMapChanges } from '../state/coin-map.ts';
import { mapKernel } from '../state/kernel.ts';
import { TreeCoinMap } from '../state/tree-coin-map.ts';
import { stateRoot } from '../state/world-state.ts';
import {
  blankHistory,
  expectOk,
  grown,
  ruleOf,
  specOfDepth,
  spoiled,
  TEST_NOW_MS,
  TestChain,
  testMapKernel,
} from './chain.testing.ts';
import { SharedBlocks } from './shared-blocks.ts';

const hasher = createPlainHasher();
const spec = specOfDepth(4);

/** Every piece as small as it can be. */
const limits = { turnWork: 0.1 };

/** Does some pieces, all that are left unless a number is given; false when others are left. */
function run(steps: Steps<void> | undefined, pieces = Number.POSITIVE_INFINITY): boolean {
  for (let done = 0; done < pieces; done++) if (steps?.next().done !== false) return true;
  return false;
}

/** A chain on a map, and how often blocks have changed that map. */
function countedChain(): { readonly test: TestChain; readonly updates: () => number } {
  let count = 0;
  class CountedMap extends TreeCoinMap {
    override update(changes: CoinMapChanges): void {
      super.update(changes);
      count += 1;
    }
  }
  const kernel = mapKernel(hasher, () => new CountedMap());
  const test = new TestChain({ spec, limits, kernel });
  return { test, updates: () => count };
}

describe('a block that is executed ahead of its import', () => {
  const trunk = blankHistory(5, spec);
  const [first, second] = grown(trunk, 2, 4) as [Block, Block];
  const [rival] = grown(blankHistory(5, spec).fork(0, 77), 1, 2) as [Block];

  it('changes nothing until it is imported, and is not executed again then', () => {
    const { test, updates } = countedChain();
    const plain = new TestChain({ spec });
    for (const block of [first, second]) {
      const { head, state } = test.chain;
      const before = updates();
      const steps = test.chain.prepareBlock(block, TEST_NOW_MS);
      while (!run(steps, 1)) {
        assert.equal(test.chain.head, head);
        assert.equal(test.chain.state, state);
        assert.deepEqual(stateRoot(state), head.header.stateRoot);
      }
      // Asked for the root in between, the map goes back and forth.
      assert.ok(updates() > before);
      const executed = updates();
      assert.deepEqual(test.import(block).batch, plain.import(block).batch);
      assert.equal(updates(), executed);
      assert.deepEqual(test.summary, plain.summary);
    }
  });

  it('is refused by its import as ever, and remembered', () => {
    const plain = new TestChain({ spec });
    const { test } = countedChain();
    const bad = spoiled(first);
    assert.equal(run(test.chain.prepareBlock(bad, TEST_NOW_MS)), true);
    assert.equal(test.chain.isInvalid(bad.id), false);
    assert.deepEqual(test.try(bad), plain.try(bad));
    assert.equal(test.chain.isInvalid(bad.id), true);
    assert.equal(test.chain.prepareBlock(bad, TEST_NOW_MS), undefined);
    assert.deepEqual(test.import(first).batch, plain.import(first).batch);
  });

  it('is not given for other transactions beside the same header', () => {
    const { test } = countedChain();
    const bare = createBlock(first.header, first.transactions.slice(0, 1));
    run(test.chain.prepareBlock(first, TEST_NOW_MS));
    assert.equal(ruleOf(test.try(bare)), 'block/tx-root-mismatch');
    assert.deepEqual(test.import(first).batch, new TestChain({ spec }).import(first).batch);
  });

  it('is left alone where there is nothing to do ahead', () => {
    const { test } = countedChain();
    assert.equal(test.chain.prepareBlock(second, TEST_NOW_MS), undefined, 'the parent is not here');
    assert.equal(test.chain.prepareBlock(first, 0), undefined, 'too early');
    test.import(first);
    assert.equal(test.chain.prepareBlock(first, TEST_NOW_MS), undefined, 'here already');
    assert.equal(test.chain.prepareBlock(rival, TEST_NOW_MS), undefined, 'beside the head');
    const shared = new TestChain({ spec, shared: new SharedBlocks({ blocksMax: 4 }) });
    assert.equal(shared.chain.prepareBlock(first, TEST_NOW_MS), undefined, 'others have the result');
  });

  it('is given up when the head moves, at whatever piece', () => {
    const plain = new TestChain({ spec });
    plain.importAll([rival]);
    const expected = plain.try(first);
    for (let pieces = 1; ; pieces++) {
      const { test } = countedChain();
      const steps = test.chain.prepareBlock(first, TEST_NOW_MS);
      if (run(steps, pieces)) break;
      test.import(rival);
      assert.equal(run(steps, 1), true, 'nothing is left to do');
      assert.deepEqual(test.try(first), expected);
      assert.deepEqual(test.summary, plain.summary);
    }
  });
});

describe('a chain whose blocks are executed ahead', () => {
  it('writes the same bytes as one whose blocks are not, wherever it is cut and whatever comes between', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = seededRandom(seed);
      const trunk = blankHistory(random.u32(), spec);
      const blocks = [...grown(trunk, 8, 3)];
      for (let branch = 0; branch < 3; branch++) {
        const from = random.below(8);
        blocks.push(...grown(trunk.fork(from, random.u32()), 1 + random.below(4), 3).slice(from));
      }
      const options = { spec, checkpointBlocks: 2, limits: { recentStatesMax: random.below(4) } };
      const plain = new TestChain({ ...options, kernel: testMapKernel });
      const kernel = random.oneIn(3) ? {} : { kernel: testMapKernel };
      const test = new TestChain({ ...options, ...kernel, limits: { ...options.limits, ...limits } });
      const both = (block: Block) => {
        const expected = plain.try(block);
        const got = test.try(block);
        assert.deepEqual(got.ok ? got.value.batch : got, expected.ok ? expected.value.batch : expected);
        assert.deepEqual(test.batches.at(-1), plain.batches.at(-1));
      };
      const offered = () => {
        const onward = blocks[plain.chain.head.height] ?? random.pick(blocks);
        const block = random.oneIn(2) ? onward : random.pick(blocks);
        const changed = random.oneIn(8) ? spoiled(block) : block;
        return random.oneIn(2) ? expectOk(scanBlock(changed.bytes, plain.chain.chainId, hasher)) : changed;
      };
      for (let step = 0; step < 60; step++) {
        const block = offered();
        const steps = test.chain.prepareBlock(block, TEST_NOW_MS);
        run(steps, random.below(8));
        if (random.oneIn(3)) both(offered());
        // Looks at an old state, which moves the map.
        const old = test.chain.stateAt(random.below(test.chain.head.height + 1));
        old?.coins.prove(block.id);
        if (random.oneIn(4)) run(steps);
        both(block);
        assert.ok(equalBytes(stateRoot(test.chain.state), test.chain.head.header.stateRoot));
      }
      assert.ok(test.chain.head.height >= 5, 'the chain has moved');
    }
  });
});

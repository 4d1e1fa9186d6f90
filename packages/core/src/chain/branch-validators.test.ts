import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { verifySignature } from '../crypto/signature.ts';
import { readPool } from '../ledger/stake/pool.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { CALIN, stakeSpec } from '../ledger/testing/stake-chain.testing.ts';
import { SIGNATURES_CHECKED } from '../ledger/transaction-signatures.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import { type Header, headerId } from '../primitives/header.ts';
import { encodeValidatorSet } from '../primitives/validator-set.ts';
import type { ChainSpec, ProductionSpec } from '../spec/chain-spec.ts';
import { plainKernel } from '../state/kernel.ts';
import { viewOf } from '../state/view.ts';
import { stateRoot } from '../state/world-state.ts';
import type { BlockNode } from './block-tree.ts';
import {
  chainDependencies,
  chainOptions,
  expectOk,
  ruleOf,
  runToEnd,
  TEST_NOW_MS,
  TestChain,
  type TestChainOptions,
  testMapKernel,
} from './chain.testing.ts';
import { ValidatorBranch } from './validator-branch.testing.ts';
import { verifyChain } from './verify-chain.ts';

const DEPTH = { kind: 'depth', blocks: 20 } as const;

/** Epochs of 4 blocks, and stake that anybody may move. */
function specOf(production: ProductionSpec): ChainSpec {
  return stakeSpec({}, { production, finality: DEPTH });
}

/** Seals are checked, signatures of transactions are blank. */
function optionsOf(spec: ChainSpec, other: Partial<TestChainOptions> = {}): TestChainOptions {
  return { spec, verify: SIGNATURES_CHECKED, verifySeal: verifySignature, ...other };
}

const delegate = (from: number, to: number, calins: number) =>
  [from, { kind: 'delegate', validator: testKey(to).publicKey, amount: amount(calins * CALIN) }] as const;

/** Two branches after block 2 whose validators differ from epoch 2, which begins with block 9. */
function twoBranches(spec: ChainSpec): readonly [ValidatorBranch, ValidatorBranch] {
  const one = new ValidatorBranch(spec).grow(2);
  const two = one.fork(2);
  one.add({ actions: [delegate(3, 10, 5_000)] });
  two.add({ actions: [delegate(4, 12, 8_000)], afterMs: 7_000 });
  return [one.grow(11), two.grow(9)];
}

const setOf = ({ validators }: ValidatorBranch, epoch: number) => {
  const set = validators.at(epoch);
  return set === undefined ? undefined : toHex(encodeValidatorSet(set));
};

const blockAt = ({ blocks }: ValidatorBranch, index: number) => blocks[index]?.block as Block;

const nodeOf = (test: TestChain, { id }: Block) => test.chain.node(id) as BlockNode;

const PRODUCTIONS: readonly ProductionSpec[] = [
  { kind: 'poa', authorities: [], slotMs: 1_000 },
  { kind: 'dpos', slotMs: 1_000 },
  { kind: 'pos', slotMs: 1_000, winnersPermille: 900 },
  { kind: 'leader' },
];

for (const production of PRODUCTIONS) {
  describe(`two branches with different validators (${production.kind})`, () => {
    const spec = specOf(production);
    const [one, two] = twoBranches(spec);

    it('are what this test takes them for', () => {
      assert.equal(setOf(one, 1), setOf(two, 1));
      assert.notEqual(setOf(one, 2), setOf(two, 2));
      assert.equal(one.blocks.length, 14);
      assert.equal(two.blocks.length, 12);
    });

    for (const kernel of [plainKernel, testMapKernel]) {
      const name = kernel === plainKernel ? 'plain' : 'map';

      it(`are both checked by their own, whichever is the head's, and survive a restart (${name} kernel)`, () => {
        const limits = { recentStatesMax: 0 };
        const test = new TestChain(optionsOf(spec, { kernel, limits }));
        test.importAll(one.above());
        test.importAll(two.above(2));
        assert.deepEqual(test.chain.head.id, one.head.id);
        for (const [branch, blocks] of [
          [one, 14],
          [two, 12],
        ] as const) {
          for (let height = 3; height <= blocks; height++) {
            const node = nodeOf(test, blockAt(branch, height - 1));
            const decided = Math.floor(height / 4) + 1;
            const view = test.chain.validatorsAfter(node);
            for (let epoch = 1; epoch <= decided; epoch++) {
              const set = view.at(epoch);
              const known = branch.fork(height).validators.at(epoch);
              assert.deepEqual(set, known, `epoch ${epoch} after block ${height}`);
            }
            assert.equal(view.at(decided + 1), undefined, 'not decided yet');
          }
        }
        test.importAll(two.fork(12).grow(4).above(12));
        assert.equal(test.chain.head.height, 16, 'the other branch');
        assert.deepEqual(test.reopen().summary, test.summary);
      });
    }

    it('refuse headers that only the other one would take', () => {
      const test = new TestChain(optionsOf(spec));
      test.importAll([...one.above().slice(0, 9), ...two.above(2).slice(0, 7)]);
      const foreign = (branch: ValidatorBranch, at: number, other: ValidatorBranch): Header => {
        const parent = blockAt(other, at - 1);
        return { ...blockAt(branch, at).header, parent: parent.id, height: parent.header.height + 1 };
      };
      for (const [branch, other] of [
        [one, two],
        [two, one],
      ] as const) {
        assert.equal(ruleOf(test.chain.checkHeader(blockAt(branch, 9).header, TEST_NOW_MS)), 'ok');
        const bad = test.chain.checkHeader(foreign(branch, 9, other), TEST_NOW_MS);
        assert.match(ruleOf(bad), /^consensus\//);
      }
    });

    it('joins by itself when blocks come in the wrong order, over borders of epochs', () => {
      const test = new TestChain(optionsOf(spec));
      for (const block of one.above().toReversed()) test.try(block);
      assert.deepEqual(test.chain.head.id, one.head.id);
      assert.equal(test.chain.counts.orphans, 0);
    });

    it('is verified as a store, and found wrong where a seal is', () => {
      const options = optionsOf(spec, { checkpointBlocks: 4 });
      const test = new TestChain(options);
      test.importAll(one.above());
      const verify = (chain: TestChain) =>
        runToEnd(verifyChain(chainOptions(options), chainDependencies(chain.store, options))).value;
      assert.equal(expectOk(verify(test)).height, 14);
      const unsealed = new TestChain({ ...options, verifySeal: SIGNATURES_CHECKED });
      const blocks = one.above().map((block, i) => (i === 13 ? resealed(block) : block));
      unsealed.importAll(blocks);
      assert.equal(ruleOf(verify(unsealed)), 'consensus/seal-invalid');
    });
  });
}

/** The block with a seal whose signature is not one. */
function resealed({ header, transactions }: Block): Block {
  const seal = header.seal.slice();
  seal[seal.length - 40] = (seal[seal.length - 40] as number) ^ 1;
  return createBlock({ ...header, seal }, transactions);
}

describe('headers ahead of their blocks', () => {
  const spec = specOf({ kind: 'dpos', slotMs: 1_000 });
  const branch = new ValidatorBranch(spec).grow(20);
  const blocks = branch.above();

  /** How many headers in a row are taken after the blocks that are there, and why not more. */
  const taken = (test: TestChain): readonly [number, string] => {
    let parent = test.chain.head.header;
    for (let i = test.chain.head.height; i < blocks.length; i++) {
      const { header, id } = blocks[i] as Block;
      const checked = test.chain.checkHeaderAfter(header, id, parent, TEST_NOW_MS);
      if (!checked.ok) return [i, checked.error.rule];
      parent = header;
    }
    return [blocks.length, 'ok'];
  };

  it('are taken as far as the blocks have decided who makes them', () => {
    const test = new TestChain(optionsOf(spec));
    assert.deepEqual(taken(test), [8, 'chain/validators-unknown'], 'genesis decides two epochs');
    test.importAll(blocks.slice(0, 3));
    assert.deepEqual(taken(test), [8, 'chain/validators-unknown']);
    test.import(blocks[3] as Block);
    assert.deepEqual(taken(test), [12, 'chain/validators-unknown'], 'and each epoch one more');
    test.importAll(blocks.slice(4, 12));
    assert.deepEqual(taken(test), [20, 'ok']);
    test.importAll(blocks.slice(12));
  });

  it('say which block is waited for, and cost nobody anything', () => {
    const test = new TestChain(optionsOf(spec));
    taken(test);
    const { header, id } = blocks[8] as Block;
    const refused = test.chain.checkHeaderAfter(header, id, (blocks[7] as Block).header, TEST_NOW_MS);
    assert.ok(!refused.ok);
    assert.deepEqual(refused.error.evidence, { epoch: 2, got: 0, expected: 4 });
    assert.deepEqual([refused.error.banPoints, refused.error.retry], [0, true]);
  });

  it('are unknown when nobody knows the header before', () => {
    const test = new TestChain(optionsOf(spec));
    const { header } = blocks[5] as Block;
    const after = test.chain.checkHeaderAfter(
      header,
      headerId(header),
      blocks[4]?.header as Header,
      TEST_NOW_MS,
    );
    assert.equal(ruleOf(after), 'chain/validators-unknown');
  });

  it('are refused when the side block that would decide them is invalid', () => {
    const test = new TestChain(optionsOf(spec));
    test.importAll(blocks.slice(0, 10));
    const side = branch.fork(2);
    side.add({ afterMs: 5_000, isSpoiled: true });
    side.grow(6);
    const [bad, ...others] = side.above(2) as [Block, ...Block[]];
    // Nobody executes the side branch before a header wants to know its validators.
    for (const block of [bad, ...others.slice(0, 5)]) assert.equal(test.import(block).kind, 'side');
    const { header } = side.head;
    assert.equal(ruleOf(test.chain.checkHeader(header, TEST_NOW_MS)), 'chain/ancestor-invalid');
    assert.equal(test.chain.counts.sides, 0);
    assert.equal(ruleOf(test.try(bad)), 'chain/block-invalid');
    assert.deepEqual(test.reopen().summary, test.summary);
  });
});

describe('a pruned store', () => {
  const spec = specOf({ kind: 'dpos', slotMs: 1_000 });
  const mode = { kind: 'pruned', blocks: 20 } as const;
  const options = optionsOf(spec, { mode, checkpointBlocks: 4, verifySeal: SIGNATURES_CHECKED });

  /** What verifying says of a store with a forged seal at a height. */
  const verified = (forgedAt: number) => {
    const branch = new ValidatorBranch(spec);
    for (let height = 1; height <= 60; height++) branch.add({ isForged: height === forgedAt });
    const test = new TestChain(options);
    test.importAll(branch.above());
    const deps = chainDependencies(test.store, { ...options, verifySeal: verifySignature });
    return runToEnd(verifyChain(chainOptions(options), deps)).value;
  };

  it('is verified as far as it is known who had to seal its headers', () => {
    const { executedFrom, height } = expectOk(verified(0));
    assert.equal(height, 60);
    assert.ok(executedFrom > 30 && executedFrom <= 41, `${executedFrom}`);
    for (const known of [3, executedFrom - 1]) {
      const refused = verified(known);
      assert.equal(ruleOf(refused), 'consensus/seal-invalid');
      assert.equal(refused.ok ? undefined : refused.error.evidence['height'], known);
    }
    assert.equal(ruleOf(verified(14)), 'ok', 'nobody remembers the validators of that time');
  });
});

describe('what the consensus tells the ledger of a block', () => {
  it('reaches it: turns that were missed', () => {
    const spec = specOf({ kind: 'dpos', slotMs: 1_000 });
    const branch = new ValidatorBranch(spec).grow(1);
    const { env } = branch.add({ afterMs: 6_000 });
    assert.ok((env.missed ?? []).length > 0);
    const test = new TestChain(optionsOf(spec));
    test.importAll(branch.above());
    assert.deepEqual(stateRoot(test.chain.state), branch.head.header.stateRoot);
    const pools = (env.missed ?? []).map((key) => readPool(viewOf(test.chain.state), key)?.turnsMissed ?? 0);
    assert.ok(pools.some((missed) => missed > 0));
  });

  it('reaches it: the randomness of a seal', () => {
    const spec = specOf({ kind: 'pos', slotMs: 1_000, winnersPermille: 900 });
    const branch = new ValidatorBranch(spec).grow(5);
    assert.ok(branch.blocks.every(({ env }) => env.randomness !== undefined));
    const test = new TestChain(optionsOf(spec));
    test.importAll(branch.above());
    assert.deepEqual(stateRoot(test.chain.state), branch.head.header.stateRoot);
  });

  it('is the same for the one who makes the block, and no other', () => {
    const spec = specOf({ kind: 'dpos', slotMs: 1_000 });
    const branch = new ValidatorBranch(spec).grow(1);
    const test = new TestChain(optionsOf(spec));
    test.importAll(branch.above());
    const { env } = branch.add({ afterMs: 6_000 });
    const { timeMs, producer } = env;
    const claim = new Uint8Array(0);
    const { head, state } = test.chain;
    const told = test.chain.environmentAfter(head, state, { timeMs, producer, claim });
    assert.deepEqual(told.missed, env.missed);
    assert.equal(told.height, 2);
    assert.notEqual(told.judge, undefined);
    assert.notEqual(test.chain.nextEnvironment({ timeMs, producer }).judge, undefined);
    const { consensus } = branch;
    const silent = { ...consensus, production: { ...consensus.production, facts: () => ({}) } };
    const other = new TestChain(optionsOf(spec, { consensus: silent }));
    other.importAll(branch.above().slice(0, 1));
    assert.equal(ruleOf(other.try(branch.head)), 'block/state-root-mismatch');
  });
});

describe('a delegate', () => {
  it('cannot use a later slot of its own before the one before is half over, and so pass over others', () => {
    const spec = specOf({ kind: 'dpos', slotMs: 3_000 });
    const branch = new ValidatorBranch(spec).grow(3);
    const parent = branch.head.header;
    const now = new TestChain(optionsOf(spec));
    now.importAll(branch.above());
    // Three slots of others lie between; they would be counted as missed.
    const { block, env } = branch.add({ afterMs: 12_000 });
    assert.ok((env.missed ?? []).length >= 3);
    const { timeMs } = block.header;
    const early = now.try(block, parent.timeMs + 100);
    assert.ok(!early.ok && early.error.retry && early.error.banPoints === 0);
    assert.equal(early.error.rule, 'chain/time-early');
    assert.equal(ruleOf(now.try(block, timeMs - 1_501)), 'chain/time-early');
    assert.equal(ruleOf(now.try(block, timeMs - 1_500)), 'ok');
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import type { Result } from '../base/result.ts';
import { testMapKernel } from '../chain/chain.testing.ts';
import { keyOpening, signBlank, testKey } from '../ledger/testing/owners.testing.ts';
import { spend } from '../ledger/testing/spend.testing.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import { createBlock } from '../primitives/block.ts';
import { specHash } from '../spec/chain-spec.ts';
import { devSpec } from '../spec/presets.ts';
import { coinKey } from '../state/coin.ts';
import { plainKernel } from '../state/kernel.ts';
import { proveState, verifyStateProof } from '../state/state-proof.ts';
import { stateRoot } from '../state/world-state.ts';
import type { ProductionConfig } from './config.ts';
import { AUTHORITY, TestNode, type TestNodeOptions } from './test-node.testing.ts';

const onTransaction: ProductionConfig = {
  kind: 'on-transaction',
  intervalMs: 0,
  publicKey: AUTHORITY.publicKey,
  payTo: AUTHORITY.address,
};

const alice = testKey(1);
const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: Array.from({ length: 600 }, () => ({ address: alice.address, amount: amount(1_000_000_000) })),
});

const made = new Map<number, readonly Uint8Array[]>();

/** Two blocks of so many payments each, made once. */
function twoBlocks(payments: number): readonly Uint8Array[] {
  const blocks = made.get(payments) ?? makeBlocks(payments);
  made.set(payments, blocks);
  return blocks;
}

function makeBlocks(payments: number): readonly Uint8Array[] {
  const source = new TestNode({ spec, production: { kind: 'off' } });
  const place = { spec, env: source.node.nextEnvironment(), view: source.node.view() };
  const producing = new TestNode({ spec });
  return [0, 1].map((block) => {
    const transactions = Array.from({ length: payments }, (_, i) => {
      const outpoint = { txid: specHash(spec), index: block * payments + i };
      const outputs = [{ asset: 0, amount: amount(1000), address: AUTHORITY.address }];
      // What the first block has done to the base fee is paid by the tip.
      return spend(place, {
        from: [{ outpoint, opening: keyOpening(alice) }],
        outputs,
        signer: signBlank,
        tip: 10_000,
      }).bytes;
    });
    assert.ok(producing.ask({ kind: 'submit', transactions }).ok);
    producing.advance(5);
    const made = producing.queries.block({ kind: 'height', height: block + 1 });
    assert.equal(made?.transactions.length, payments + 1);
    return made?.bytes as Uint8Array;
  });
}

/** The height after the verdicts on both blocks came in one turn of the event loop, and after the next turn. */
function heights(payments: number): readonly number[] {
  const node = new TestNode({
    spec,
    production: { kind: 'off' },
    index: false,
    nowMs: spec.genesisTimeMs + 60_000,
  });
  node.holdsSignatures = true;
  for (const block of twoBlocks(payments)) node.runner.request({ kind: 'import', block }, () => {});
  node.releaseSignatures();
  const { chain } = node.node;
  const first = chain.head.height;
  node.advance(1);
  return [first, chain.head.height];
}

/** A node on which every long block takes several turns, with the answers it has given. */
function slowNode(options: Partial<TestNodeOptions> = {}): {
  readonly node: TestNode;
  readonly answers: Result<unknown>[];
  readonly bring: (blocks: readonly Uint8Array[]) => void;
} {
  const nowMs = spec.genesisTimeMs + 60_000;
  const node = new TestNode({
    spec,
    production: { kind: 'off' },
    nowMs,
    limits: { turnWork: 100 },
    ...options,
  });
  const answers: Result<unknown>[] = [];
  const bring = (blocks: readonly Uint8Array[]) => {
    node.holdsSignatures = true;
    for (const block of blocks)
      node.runner.request({ kind: 'import', block }, (answer) => answers.push(answer));
    node.releaseSignatures();
  };
  return { node, answers, bring };
}

/** Each turn until some blocks are the chain: what is seen at its end. */
function turnsUntil(height: number, node: TestNode, see: () => void): number {
  for (let turns = 1; turns < 100; turns++) {
    see();
    if (node.node.chain.head.height === height) return turns;
    node.advance(1);
  }
  throw new Error('a block takes less than a hundred turns');
}

describe('a long block', () => {
  for (const kernel of [plainKernel, testMapKernel]) {
    const name = kernel === plainKernel ? 'tree' : 'map';

    test(`is executed over several turns and answered once, over a ${name}`, () => {
      const { node, answers, bring } = slowNode({ kernel });
      const { chain } = node.node;
      const blocks = twoBlocks(300);
      bring(blocks);
      const seen: number[] = [];
      const turns = turnsUntil(2, node, () => {
        seen.push(chain.head.height);
        // Whatever is asked between two pieces is answered from the state of a whole block.
        assert.deepEqual(stateRoot(chain.state), chain.head.header.stateRoot);
        assert.deepEqual(
          node.queries.block({ kind: 'height', height: chain.head.height })?.id,
          chain.head.id,
        );
        const key = coinKey(specHash(spec), seen.length);
        const proof = proveState(chain.state, 'coins', key);
        const proved = verifyStateProof(chain.head.header.stateRoot, 'coins', key, proof);
        assert.equal(proved.ok && proved.value.present, chain.head.height === 0);
      });
      assert.ok(turns >= 6, `${turns} turns`);
      assert.ok(seen.filter((height) => height === 1).length >= 3, seen.join(' '));
      assert.deepEqual(
        answers.map((answer) => answer.ok),
        [true, true],
      );
    });
  }

  test('that is refused is answered once too, and the next one is taken', () => {
    const { node, answers, bring } = slowNode({ verifySeal: () => true });
    const [first, second] = twoBlocks(300) as [Uint8Array, Uint8Array];
    const parsed = node.node.chain.scanBlock(first);
    assert.ok(parsed.ok);
    const stateRoot = parsed.value.header.stateRoot.map((byte) => byte ^ 1);
    const bad = createBlock({ ...parsed.value.header, stateRoot }, parsed.value.transactions);
    bring([bad.bytes, first, second]);
    turnsUntil(2, node, () => {});
    const rules = answers.map((answer) => (answer.ok ? 'ok' : answer.error.rule));
    assert.deepEqual(rules, ['block/state-root-mismatch', 'ok', 'ok']);
  });

  test('is not given up for a block of this node, which comes after it', () => {
    const { node, bring } = slowNode({ production: onTransaction });
    const { chain } = node.node;
    const [block] = twoBlocks(300) as [Uint8Array];
    bring([block]);
    assert.equal(chain.head.height, 0);
    const place = { spec, env: node.node.nextEnvironment(), view: node.node.view() };
    const outpoint = { txid: specHash(spec), index: 599 };
    const { bytes } = spend(place, {
      from: [{ outpoint, opening: keyOpening(alice) }],
      outputs: [{ asset: 0, amount: amount(1000), address: AUTHORITY.address }],
      signer: signBlank,
      tip: 10_000,
    });
    assert.ok(node.ask({ kind: 'submit', transactions: [bytes] }, 0).ok);
    assert.deepEqual([chain.head.height, node.node.mempool.size], [0, 1]);
    turnsUntil(2, node, () => assert.equal(chain.counts.sides, 0));
    assert.deepEqual(node.queries.block({ kind: 'height', height: 1 })?.bytes, block);
    assert.equal(node.queries.block({ kind: 'height', height: 2 })?.transactions.length, 2);
  });

  test('that the end of the node comes before leaves nothing behind, and comes again', () => {
    const store = new MemoryStore();
    const { node, answers, bring } = slowNode({ store });
    const blocks = twoBlocks(300);
    bring(blocks);
    node.advance(1);
    assert.equal(node.node.chain.head.height, 0);
    node.runner.dispatch({ type: 'stop' });
    for (let turn = 0; turn < 20; turn++) node.advance(1);
    assert.equal(node.death, null);
    assert.deepEqual(
      answers.map((answer) => (answer.ok ? 'ok' : answer.error.rule)),
      ['node/not-alive', 'node/not-alive'],
    );
    const again = slowNode({ store });
    assert.equal(again.node.node.chain.head.height, 0);
    again.bring(blocks);
    turnsUntil(2, again.node, () => {});
  });
});

describe('blocks whose signatures are checked at the same time', () => {
  test('have a turn of the event loop each when they are long', () => {
    assert.deepEqual(heights(300), [1, 2]);
  });

  test('share one when they are short', () => {
    assert.deepEqual(heights(10), [2, 2]);
  });
});

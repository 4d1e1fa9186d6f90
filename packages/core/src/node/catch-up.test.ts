import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { mockSign, mockVerify } from '../consensus/voting/mock-signatures.testing.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { TestNetwork } from '../p2p/test-network.testing.ts';
import type { ChainSpec, ConsensusSpec } from '../spec/chain-spec.ts';
import type { TestNode } from './test-node.testing.ts';
import { authoritiesOf, FAST_ROUNDS, stakesOf, validator, votingSpec } from './validators.testing.ts';

/** Epochs in which a hundred certificates can be told of. */
const EPOCH_BLOCKS = 100;

const EACH: ConsensusSpec = {
  production: { kind: 'leader' },
  finality: { ...FAST_ROUNDS, blockMs: 50 },
  validators: { ...authoritiesOf(1), epochBlocks: EPOCH_BLOCKS },
};
const CHECKPOINTS: ConsensusSpec = {
  production: { kind: 'dpos', slotMs: 20 },
  finality: { kind: 'votes', intervalBlocks: 4, lagBlocks: 1, resendMs: 500 },
  validators: { ...stakesOf(1), epochBlocks: EPOCH_BLOCKS },
};

/** Undo records are kept of so many blocks below the last final one, and of those above it. */
const LIMITS = { undoBlocks: 16, prunedBlocksPerBatch: 256 };

/** What a node held at most, at the end of any of its steps. */
interface Most {
  ahead: number;
  undo: number;
}

/** Watches how many blocks of a node may be undone, and of how many the store holds what undoes them. */
function watch({ node, store }: TestNode): Most {
  const most: Most = { ahead: 0, undo: 0 };
  const step = node.step.bind(node);
  let next = 1;
  let lowest = 1;
  const has = (height: number) => {
    const id = node.chain.idAt(height);
    return id !== undefined && store.get(node.chain.layout.undo(id)) !== undefined;
  };
  node.step = (event, nowMs) => {
    const effects = step(event, nowMs);
    const { head, final } = node.chain;
    most.ahead = Math.max(most.ahead, head.height - final.height);
    while (has(next)) next++;
    while (lowest < next && !has(lowest)) lowest++;
    most.undo = Math.max(most.undo, next - lowest);
    return effects;
  };
  return most;
}

/** So that the state stays small, and so do the checkpoints of it. */
const withoutRewards = (spec: ChainSpec): ChainSpec => ({
  ...spec,
  economy: { ...spec.economy, reward: amount(0) },
});

/** A network of one validator and a node that is to come late, which no vote ever reaches. */
function deafNetwork(spec: ChainSpec): TestNetwork {
  return new TestNetwork({
    spec,
    nodes: 1,
    node: (index) => ({
      ...(index === 0 ? validator(0) : { production: { kind: 'off' } }),
      // So many real signatures would take minutes.
      ...(index === 0 ? { sign: (message) => mockSign(testKey(0).publicKey, message) } : {}),
      verifySeal: mockVerify,
      index: false,
      storage: { kind: 'full' },
      limits: LIMITS,
    }),
    wire: (delivery, { kind }) => (delivery.to === 'n1' && kind === 'consensus' ? [] : [delivery]),
  });
}

const BLOCKS = 2_000;

/** Blocks after the last final one of which none may ever be more: two intervals and the lag, or two at a new epoch. */
const CASES = [
  ['votes on each block', EACH, 3],
  ['votes on checkpoints', CHECKPOINTS, 14],
] as const;

describe('a node that is thousands of blocks behind', () => {
  for (const [name, consensus, aheadMax] of CASES) {
    it(`makes them final as it goes, by the certificates that they hold: ${name}`, () => {
      const net = deafNetwork(withoutRewards(votingSpec(consensus)));
      const { chain } = net.node(0).node;
      assert.ok(
        net.runUntil(() => chain.final.height >= BLOCKS, 200_000),
        `${chain.final.height}`,
      );
      const first = watch(net.addNode());
      net.connect(1, 0);
      assert.ok(net.runUntil(() => net.node(1).node.chain.final.height > BLOCKS / 2, 200_000));
      const before = net.node(1).node.chain.final.height;
      assert.ok(before < BLOCKS, 'in the middle');
      net.kill(1);
      net.restart(1);
      const again = net.node(1);
      assert.ok(again.node.chain.final.height >= before - aheadMax);
      const second = watch(again);
      net.connect(1, 0);
      assert.ok(net.runUntil(() => again.node.chain.final.height >= BLOCKS, 200_000));
      for (const { ahead, undo } of [first, second]) {
        assert.ok(ahead >= 1 && ahead <= aheadMax, `${ahead} blocks that may be undone`);
        assert.ok(undo <= LIMITS.undoBlocks + aheadMax + 1, `${undo} undo records`);
      }
      const idOf = (index: number) => toHex(net.node(index).node.chain.idAt(BLOCKS) as Uint8Array);
      assert.equal(idOf(1), idOf(0));
      assert.ok(again.node.chain.lastCertificate !== undefined);
      assert.deepEqual(
        again.logs.filter(({ level }) => level === 'error' || level === 'warn'),
        [],
      );
    });
  }
});

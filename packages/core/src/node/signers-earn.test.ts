import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../base/fuzz.testing.ts';
import { CERTIFICATE_TAG } from '../ledger/actions/certificate.ts';
import { readAttendance } from '../ledger/stake/attendance.ts';
import { readSignersPot } from '../ledger/stake/signers-pot.ts';
import { readSupply } from '../ledger/supply.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { auditStake, poolsOf } from '../ledger/testing/stake-audit.testing.ts';
import { transactionAt } from '../primitives/flat-block.ts';
import type { ConsensusSpec } from '../spec/chain-spec.ts';
import { viewOf } from '../state/view.ts';
import { stakesOf, validatorNetwork, votingSpec } from './validators.testing.ts';

const MINED: ConsensusSpec = {
  production: { kind: 'pow', initialDifficulty: 16, blockMs: 1_000, halfLifeMs: 600_000 },
  finality: { kind: 'votes', intervalBlocks: 4, lagBlocks: 1, resendMs: 500 },
  validators: { ...stakesOf(3), epochBlocks: 12 },
};

/** A miner that has no stake. */
const MINER = 3;

describe('who votes where others mine', () => {
  const net = validatorNetwork(votingSpec(MINED), {
    validators: 3,
    nodes: 4,
    node: (index) => {
      const { publicKey, address } = testKey(MINER);
      const miner = { kind: 'interval', intervalMs: 0, publicKey, payTo: address } as const;
      return index === MINER ? { production: miner } : {};
    },
  });
  const random = seededRandom(9);
  const mine = (blocks: number) => {
    for (let i = 0; i < blocks; i++) {
      net.run(900 + random.below(200));
      const miner = net.node(MINER);
      for (let tries = 0; miner.mining !== undefined && !miner.mine(10_000); tries++) assert.ok(tries < 100);
    }
    net.run(300);
  };
  const { chain, spec } = net.node(0).node;
  const { reward } = spec.economy;
  const part = Math.floor((reward * 200) / 1000);
  const staked = () => [...poolsOf(chain.state).values()].reduce((sum, { tokens }) => sum + tokens, 0);

  it('has a part of each reward put aside, and certificates told of once by those who mine', () => {
    mine(11);
    assert.equal(chain.head.height, 11);
    assert.equal(readSignersPot(viewOf(chain.state)), 11 * part);
    const told: number[] = [];
    for (let height = 1; height <= 11; height++) {
      const block = chain.block(chain.idAt(height) as Uint8Array);
      assert.ok(block.ok);
      const tx = transactionAt(block.value, 0);
      assert.deepEqual(
        tx.outputs.map(({ amount, address }) => [amount, address]),
        [[reward - part, testKey(MINER).address]],
      );
      if (tx.actions.some(({ tag }) => tag === CERTIFICATE_TAG)) told.push(height);
    }
    const { certificates, signed } = readAttendance(viewOf(chain.state), 0) ?? {};
    assert.equal(certificates, told.length);
    assert.ok(told.length === 1, `one checkpoint is final so far, and told of once: ${told.join()}`);
    assert.ok(signed?.every((count) => count <= 1) && signed.filter((count) => count === 1).length >= 3);
    auditStake(chain.state);
  });

  it('gets it at the end of the epoch, on every node alike', () => {
    const before = staked();
    const burned = readSupply(viewOf(chain.state)).burned;
    mine(1);
    assert.equal(readSignersPot(viewOf(chain.state)), 0);
    const earned = staked() - before;
    assert.equal(earned + readSupply(viewOf(chain.state)).burned - burned, 12 * part);
    assert.ok(earned > 12 * part - 5, 'all three had signed');
    mine(21);
    for (const index of [0, 1, 2, 3]) {
      const { head, state } = net.node(index).node.chain;
      assert.equal(head.height, 33);
      auditStake(state);
    }
    assert.ok(staked() - before > earned);
  });
});

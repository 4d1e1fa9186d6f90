import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { equalBytes, toHex } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import type { BlockNode } from '../chain/block-tree.ts';
import type { Hash } from '../crypto/hash.ts';
import { CERTIFICATE_TAG } from '../ledger/actions/certificate.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import type { TestNetwork } from '../p2p/test-network.testing.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { authoritiesOf, stakesOf, validatorNetwork, votingSpec } from './validators.testing.ts';

const FINALITY = { kind: 'votes', intervalBlocks: 4, lagBlocks: 1, resendMs: 500 } as const;

const hybrid: ChainSpec = votingSpec({
  production: { kind: 'pow', initialDifficulty: 16, blockMs: 1_000, halfLifeMs: 600_000 },
  finality: FINALITY,
  validators: authoritiesOf(4),
});

/** Lets these nodes find blocks, one at a time, about a second apart. */
function mine(net: TestNetwork, miners: readonly number[], blocks: number, seed = 1): void {
  const random = seededRandom(seed);
  for (let i = 0; i < blocks; i++) {
    net.run(900 + random.below(200));
    const miner = net.node(random.pick(miners));
    for (let tries = 0; miner.mining !== undefined && !miner.mine(10_000); tries++) assert.ok(tries < 100);
  }
  net.run(200);
}

const finalOf = (net: TestNetwork, index: number) => net.node(index).node.chain.final;
const headOf = (net: TestNetwork, index: number) => net.node(index).node.chain.head;
const idAt = (net: TestNetwork, index: number, height: number) =>
  toHex(net.node(index).node.chain.idAt(height) as Uint8Array);

describe('miners and votes on checkpoints, in nodes', () => {
  it('make checkpoints final while miners go on', () => {
    const net = validatorNetwork(hybrid, { validators: 4 });
    mine(net, [0, 1, 2, 3], 24);
    for (const index of [0, 1, 2, 3]) {
      assert.equal(headOf(net, index).height, 24);
      assert.equal(finalOf(net, index).height, 16, `node ${index}`);
      assert.equal(idAt(net, index, 16), idAt(net, 0, 16));
      assert.ok(net.node(index).node.chain.certificate(16) !== undefined);
    }
  });

  it('do so by stake too, and those who sign earn', () => {
    const { production, finality } = hybrid.consensus;
    const net = validatorNetwork(votingSpec({ production, finality, validators: stakesOf(4) }), {
      validators: 4,
    });
    mine(net, [0, 1], 24);
    for (const index of [0, 1, 2, 3]) assert.equal(finalOf(net, index).height, 16);
    const { chain } = net.node(3).node;
    const told = Array.from({ length: 24 }, (_, i) => chain.block(chain.idAt(i + 1) as Uint8Array)).flatMap(
      (block) => (block.ok ? (block.value.transactions[0]?.actions ?? []) : []),
    );
    // One for each checkpoint that became final in the epoch of its certificate: others come too late to count.
    assert.ok(told.filter(({ tag }) => tag === CERTIFICATE_TAG).length >= 2);
    // Miners are paid elsewhere: what a validator has more than it began with, it has for its signatures, of which a
    // certificate holds those of three.
    const weights = (chain.setOfEpoch(5)?.members ?? assert.fail()).map(({ weight }) => weight);
    assert.ok(weights.filter((weight) => weight > 1_000_000_000).length >= 3, `${weights}`);
  });

  it('never take a heavier branch that excludes a final block, and bring who mined it back', () => {
    const net = validatorNetwork(hybrid, {
      validators: 4,
      nodes: 5,
      node: (index) => (index === 4 ? miner(4) : {}),
    });
    mine(net, [0, 1, 2, 3], 8);
    assert.equal(headOf(net, 4).height, 8);
    for (const other of [0, 1, 2, 3]) net.disconnect(4, other);
    net.run(100);
    // Behind closed doors, three times as many blocks as the others make.
    for (let round = 0; round < 12; round++) {
      mine(net, [4], 3, round);
      mine(net, [0, 1, 2, 3], 1, round);
    }
    assert.deepEqual([headOf(net, 4).height, headOf(net, 0).height], [44, 20]);
    assert.equal(finalOf(net, 0).height, 12);
    const final = idAt(net, 0, 12);
    assert.notEqual(idAt(net, 4, 12), final);
    for (const other of [0, 1, 2, 3]) net.connect(4, other);
    mine(net, [0, 1, 2, 3], 10);
    for (const index of [0, 1, 2, 3]) assert.equal(idAt(net, index, 12), final);
    assert.ok(finalOf(net, 0).height >= 20, `${finalOf(net, 0).height}`);
    assert.equal(idAt(net, 4, 12), final, 'the heavier branch is given up by its own miner');
    assert.ok(finalOf(net, 4).height >= 20);
  });

  it('bound what a miner undoes that shows its blocks late, however long it kept them back', () => {
    const net = validatorNetwork(hybrid, {
      validators: 4,
      nodes: 5,
      node: (index) => (index === 4 ? miner(4) : {}),
    });
    mine(net, [0, 1, 2, 3], 4);
    let undone = 0;
    for (const kept of [1, 2, 3, 4, 6, 9, 14]) {
      for (const other of [0, 1, 2, 3]) net.disconnect(4, other);
      net.run(100);
      // It is one block ahead each time it shows what it has.
      mine(net, [4], kept + 1, kept);
      mine(net, [0, 1, 2, 3], kept, kept);
      const before = headOf(net, 0);
      const final = finalOf(net, 0);
      for (const other of [0, 1, 2, 3]) net.connect(4, other);
      net.run(3_000);
      const shared = Array.from({ length: before.height - final.height }, (_, i) => before.height - i).find(
        (height) => equalBytes(idOf(net, 0, height), ancestorId(net, before, height)),
      );
      undone = Math.max(undone, before.height - (shared ?? final.height));
      assert.equal(idAt(net, 0, final.height), toHex(final.id));
      mine(net, [0, 1, 2, 3], 2, kept);
      for (const index of [1, 2, 3, 4]) assert.equal(idAt(net, index, final.height), toHex(final.id));
    }
    // A checkpoint is final one interval after the next one, and votes come a block late.
    assert.ok(
      undone > 0 && undone <= 2 * FINALITY.intervalBlocks + FINALITY.lagBlocks,
      `${undone} blocks undone`,
    );
  });

  it('go on without votes when a third is away, and become final again when it is back', () => {
    const net = validatorNetwork(hybrid, { validators: 4 });
    mine(net, [0, 1], 10);
    net.kill(3);
    net.kill(2);
    const before = finalOf(net, 0).height;
    mine(net, [0, 1], 20);
    assert.equal(finalOf(net, 0).height, before);
    assert.ok(headOf(net, 1).height >= 30);
    assert.ok(net.node(0).logs.some(({ part, level }) => part === 'voting' && level === 'warn'));
    assert.equal(net.node(0).node.voting?.progress?.quorum, 3);
    net.restart(2);
    for (const other of [0, 1]) net.connect(2, other);
    mine(net, [0, 1], 12);
    assert.ok(finalOf(net, 0).height >= 32, `${finalOf(net, 0).height}`);
    assert.equal(idAt(net, 2, 32), idAt(net, 0, 32));
  });

  it('a node far behind catches up with certificates', () => {
    const net = validatorNetwork(hybrid, { validators: 4 });
    mine(net, [0, 1, 2, 3], 60);
    assert.equal(finalOf(net, 0).height, 52);
    const late = net.addNode({ production: { kind: 'off' } });
    net.connect(4, 1);
    net.connect(4, 2);
    net.run(5_000);
    assert.equal(late.node.chain.head.height, 60);
    assert.equal(late.node.chain.final.height, 52);
    mine(net, [0, 1], 8);
    assert.equal(late.node.chain.final.height, finalOf(net, 0).height);
  });
});

/** The id at a height of a node's best branch. */
function idOf(net: TestNetwork, index: number, height: number): Hash {
  return net.node(index).node.chain.idAt(height) ?? new Uint8Array(32);
}

/** The id at a height of the branch of a block, as node 0 has it stored. */
function ancestorId(
  net: TestNetwork,
  { id, height: top }: Pick<BlockNode, 'id' | 'height'>,
  height: number,
): Hash {
  let at = id;
  for (let above = top; above > height; above--) {
    const header = net.node(0).node.chain.header(at);
    assert.ok(header.ok);
    at = header.value.parent;
  }
  return at;
}

/** A node that mines and has no vote. */
function miner(index: number) {
  const { publicKey, address } = testKey(index);
  return { production: { kind: 'interval', intervalMs: 0, publicKey, payTo: address } } as const;
}

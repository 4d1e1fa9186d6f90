import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, toHex } from '../base/bytes.ts';
import { createConsensus } from '../consensus/create-consensus.ts';
import { sign, verifySignature } from '../crypto/signature.ts';
import { draftBlock } from '../ledger/build-block.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import type { TestNetwork } from '../p2p/test-network.testing.ts';
import { payment } from '../p2p/two-authorities.testing.ts';
import { createBlock } from '../primitives/block.ts';
import type { TestNode } from './test-node.testing.ts';
import { authoritiesOf, FAST_ROUNDS, validator, validatorNetwork, votingSpec } from './validators.testing.ts';

const spec = votingSpec({
  production: { kind: 'leader' },
  finality: FAST_ROUNDS,
  validators: authoritiesOf(4),
});

const network = () => validatorNetwork(spec, { validators: 4 });

const finals = (net: TestNetwork, of = [0, 1, 2, 3]): readonly number[] =>
  of.map((index) => net.node(index).node.chain.final.height);

const idAt = ({ node }: TestNode, height: number): string => toHex(node.chain.idAt(height) as Uint8Array);

/** Asserts that these nodes have the same final blocks, as far as all of them have any. */
function assertAgreed(net: TestNetwork, of = [0, 1, 2, 3]): void {
  const height = Math.min(...finals(net, of));
  const ids = of.map((index) => idAt(net.node(index), height));
  assert.equal(new Set(ids).size, 1, `one block at height ${height}`);
}

const said = ({ logs }: TestNode, level: string, text: string): boolean =>
  logs.some((entry) => entry.part === 'voting' && entry.level === level && entry.message.includes(text));

describe('leaders and votes on each block, in nodes', () => {
  it('make one block after the other final, each with a certificate that anybody can check', () => {
    const net = network();
    net.run(10_000);
    assert.ok(Math.min(...finals(net)) >= 15, `${finals(net)}`);
    assertAgreed(net);
    const { chain } = net.node(3).node;
    const judge = createConsensus(spec).judge({
      chainId: chain.chainId,
      validators: chain.validators(),
      verify: verifySignature,
    });
    for (let height = 1; height <= chain.final.height; height++) {
      const attendance = judge?.certificate(chain.certificate(height) ?? new Uint8Array(0));
      assert.ok(attendance?.ok && attendance.value.height === height && attendance.value.signers.length >= 3);
    }
    for (const { node } of net.nodes) assert.ok(node.chain.head.height - node.chain.final.height <= 1);
  });

  it('take payments, from whichever node they come', () => {
    const net = network();
    net.run(1_500);
    const paid = payment(spec, net.node(2), 0);
    assert.ok(net.node(2).ask({ kind: 'submit', transactions: [paid.bytes] }).ok);
    net.run(3_000);
    for (const { node } of net.nodes) {
      const { height } = node.chain.final;
      const held = Array.from({ length: height }, (_, i) =>
        node.chain.block(node.chain.idAt(i + 1) as Uint8Array),
      );
      assert.ok(
        held.some(
          (block) =>
            block.ok && block.value.transactions.some(({ txid }) => toHex(txid) === toHex(paid.txid)),
        ),
      );
      assert.equal(node.mempool.size, 0);
    }
  });

  it('go on without one of four, stop without two and say so, and go on when these are back', () => {
    const net = network();
    net.run(3_000);
    net.kill(3);
    const before = Math.min(...finals(net, [0, 1, 2]));
    net.run(8_000);
    assert.ok(Math.min(...finals(net, [0, 1, 2])) >= before + 6, `${finals(net)} after ${before}`);
    net.kill(2);
    net.run(2_000);
    const stopped = finals(net, [0, 1]);
    const last = idAt(net.node(0), stopped[0] as number);
    net.run(20_000);
    assert.deepEqual(finals(net, [0, 1]), stopped, 'nothing becomes final');
    for (const node of [net.node(0), net.node(1)]) {
      assert.ok(said(node, 'warn', 'no block becomes final'));
      const { progress, sinceMs } = node.node.voting ?? assert.fail();
      assert.deepEqual([progress?.height, progress?.quorum], [(stopped[0] as number) + 1, 3]);
      assert.ok((progress?.heard ?? 3) < 3);
      assert.ok(node.nowMs - sinceMs >= 20_000);
    }
    net.restart(2);
    for (const other of [0, 1]) net.connect(2, other);
    net.run(10_000);
    assert.ok(
      Math.min(...finals(net, [0, 1, 2])) >= (stopped[0] as number) + 6,
      `${finals(net)} after ${stopped}`,
    );
    assert.ok(said(net.node(0), 'info', 'final again'));
    net.restart(3);
    for (const other of [0, 1, 2]) net.connect(3, other);
    net.run(5_000);
    assertAgreed(net);
    assert.equal(idAt(net.node(3), stopped[0] as number), last, 'what was final is final');
    assert.ok(Math.max(...finals(net)) - Math.min(...finals(net)) <= 1);
  });

  it('all start again, and lose nothing that was final', () => {
    const net = network();
    net.run(4_000);
    const before = finals(net);
    const last = idAt(net.node(0), Math.min(...before));
    for (const index of [0, 1, 2, 3]) net.kill(index);
    for (const index of [0, 1, 2, 3]) net.restart(index);
    for (const [index, height] of finals(net).entries()) assert.ok(height >= (before[index] as number));
    net.connectAll();
    net.run(6_000);
    assert.ok(Math.min(...finals(net)) > Math.max(...before) + 4, `${finals(net)} after ${before}`);
    assert.equal(idAt(net.node(2), Math.min(...before)), last);
    assertAgreed(net);
  });

  it('a node that joins late catches up with certificates, and follows', () => {
    const net = network();
    net.run(60_000);
    assert.ok(Math.min(...finals(net)) > 90);
    const late = net.addNode({ production: { kind: 'off' } });
    net.connect(4, 0);
    net.connect(4, 1);
    net.run(5_000);
    assert.ok(
      late.node.chain.final.height >= net.node(0).node.chain.final.height - 1,
      `${late.node.chain.final.height}`,
    );
    const followed = late.node.chain.final.height;
    net.run(3_000);
    assert.ok(late.node.chain.final.height > followed);
    assertAgreed(net, [0, 4]);
    assert.equal(late.node.isProducing, false);
  });

  it('a node with a key that has no vote follows, and says nothing', () => {
    const net = network();
    const stranger = net.addNode(validator(4));
    net.connect(4, 0);
    net.run(5_000);
    assert.ok(stranger.node.chain.final.height > 5);
    assert.ok(stranger.logs.every(({ level }) => level !== 'error' && level !== 'warn'));
  });

  it('hold no more than a few blocks of a branch that one validator made alone, and find the one that is voted on', () => {
    const net = validatorNetwork(spec, { validators: 3 });
    net.run(12_000);
    const liar = net.addNode({ production: { kind: 'off' } });
    for (let i = 0; i < 200; i++) makeAlone(liar, 3);
    assert.equal(liar.node.chain.head.height, 200);
    const late = net.addNode({ production: { kind: 'off' } });
    net.connect(4, 3);
    net.run(5_000);
    assert.equal(late.node.chain.final.height, 0);
    assert.ok(late.node.chain.head.height > 50 && late.node.chain.head.height <= 128);
    for (const honest of [0, 1, 2]) net.connect(honest, 3);
    net.connect(4, 0);
    net.connect(4, 1);
    net.run(15_000);
    const { final } = net.node(0).node.chain;
    assert.ok(
      final.height > 25 && late.node.chain.final.height >= final.height - 1,
      `${finals(net, [0, 1, 2, 4])}`,
    );
    assertAgreed(net, [0, 1, 2, 4]);
  });
});

/** Adds a block to a node's chain that the validator with this key makes in the first round that is its own. */
function makeAlone({ node }: TestNode, index: number): void {
  const { chain } = node;
  const { production } = createConsensus(spec);
  const { address, publicKey, secretKey } = testKey(index);
  const parent = chain.head;
  const state = chain.stateAt(parent.id) ?? assert.fail();
  const timeMs = parent.header.timeMs + 1;
  for (let round = 0; ; round++) {
    const claim = production.claimOfRound?.(round) ?? assert.fail();
    const env = chain.environmentAfter(parent, state, { timeMs, producer: address, claim });
    const draft = draftBlock(spec, state, parent.header, env, [], address);
    const request = production.sealRequest(draft.header, { publicKey, address }, parent.header, claim);
    const seal = concatBytes(claim, sign(request.message, secretKey));
    const imported = chain.importBlock(
      createBlock({ ...draft.header, seal }, draft.transactions),
      node.nowMs,
    );
    if (imported.ok) return;
    assert.equal(imported.error.rule, 'consensus/wrong-producer');
  }
}

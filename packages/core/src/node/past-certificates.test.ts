import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Delivery, TestNetwork } from '../p2p/test-network.testing.ts';
import type { ConsensusSpec } from '../spec/chain-spec.ts';
import { authoritiesOf, FAST_ROUNDS, validatorNetwork, votingSpec } from './validators.testing.ts';

/** Epochs of 5 blocks; the ends of the first and of the second are known from the genesis block on. */
const validators = authoritiesOf(2);
const EACH: ConsensusSpec = { production: { kind: 'leader' }, finality: FAST_ROUNDS, validators };
/** A link is told three blocks after its target: late in an epoch that is not its own any more. */
const CHECKPOINTS: ConsensusSpec = {
  production: { kind: 'poa', authorities: [], slotMs: 500 },
  finality: { kind: 'votes', intervalBlocks: 2, lagBlocks: 3, resendMs: 500 },
  validators,
};

/** A network of two validators that has run for a while, and where a third node joins. */
function setUp(consensus: ConsensusSpec, wire?: (delivery: Delivery, kind: string) => readonly Delivery[]) {
  const net = validatorNetwork(votingSpec(consensus), {
    validators: 2,
    ...(wire && { wire: (delivery, { kind }) => wire(delivery, kind) }),
  });
  net.run(12_000);
  const join = () => {
    const late = net.addNode({ production: { kind: 'off' } });
    net.connect(2, 0);
    net.connect(2, 1);
    return late;
  };
  return { net, join };
}

const heightsOf = (net: TestNetwork, index: number, upTo: number): readonly number[] => {
  const { chain } = net.node(index).node;
  return Array.from({ length: upTo }, (_, i) => i + 1).filter((at) => chain.certificate(at) !== undefined);
};

/** The ends of epochs of 5 blocks, from the second on. */
const endsUpTo = (height: number): readonly number[] =>
  Array.from({ length: Math.floor(height / 5) - 1 }, (_, i) => 5 * (i + 2));

const asked = (net: TestNetwork): number => net.sent.get('certificate-request')?.frames ?? 0;

/** Which rules a node has held against others. */
const heldAgainst = (net: TestNetwork, index: number): readonly unknown[] =>
  net.node(index).logs.flatMap(({ fields }) => (Number(fields['points'] ?? 0) > 0 ? [fields['rule']] : []));

describe('certificates of epochs gone by', () => {
  it('come from peers to who joins late, one for the end of each epoch', () => {
    const { net, join } = setUp(EACH);
    const late = join();
    net.run(4_000);
    const { height } = late.node.chain.final;
    const held = heightsOf(net, 2, height);
    assert.ok(height > 20, `${height}`);
    assert.deepEqual(
      endsUpTo(height - 1).filter((end) => !held.includes(end)),
      [],
    );
    const before = asked(net);
    net.run(3_000);
    assert.equal(asked(net), before, 'nothing is missing any more');
    assert.deepEqual(heldAgainst(net, 2), []);
  });

  it('come for the checkpoint after which validators are new, where blocks tell of later ones', () => {
    const { net, join } = setUp(CHECKPOINTS);
    const late = join();
    net.run(4_000);
    const { height } = late.node.chain.final;
    assert.ok(height > 20 && asked(net) > 0, `${height}`);
    for (const end of endsUpTo(height - 5)) {
      // The next checkpoint is signed for in the epoch that follows, and the one after it at most.
      const first = Math.ceil(end / 2) * 2;
      const proved = [first, first + 2].filter(
        (at) =>
          at + 2 <= end + 5 &&
          late.node.chain.certificate(at) !== undefined &&
          late.node.chain.setProof(at, end / 5 + 1) !== undefined,
      );
      assert.ok(proved.length > 0, `${end} of ${heightsOf(net, 2, height)}`);
    }
  });

  it('are refused when they do not hold, and asked of the next peer', () => {
    const { net, join } = setUp(EACH, (delivery, kind) => {
      const isAnswer = kind === 'consensus' && delivery.from === 'n0' && delivery.to === 'n2';
      if (!isAnswer || delivery.bytes[6] !== 0x13) return [delivery];
      const bytes = delivery.bytes.slice();
      bytes[bytes.length - 40] = (bytes[bytes.length - 40] as number) ^ 1;
      return [{ ...delivery, bytes }];
    });
    const late = join();
    net.run(10_000);
    const held = heightsOf(net, 2, 20);
    assert.ok(late.node.chain.final.height > 20);
    assert.deepEqual(
      endsUpTo(20).filter((end) => !held.includes(end)),
      [],
    );
    assert.ok(heldAgainst(net, 2).includes('consensus/vote-signature'), `${heldAgainst(net, 2)}`);
  });

  it('that nobody has are let be', () => {
    const { net, join } = setUp(EACH);
    const keys = net.node(0).node.chain.layout;
    for (const { store } of net.nodes) store.commit({ puts: [], deletes: [keys.certificate(15)] }, () => {});
    join();
    net.run(6_000);
    const held = heightsOf(net, 2, 20);
    assert.deepEqual(
      endsUpTo(20).filter((end) => !held.includes(end)),
      [15],
    );
    const before = asked(net);
    net.run(3_000);
    assert.equal(asked(net), before);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { expectOk, runToEnd } from '../chain/chain.testing.ts';
import { verifyChain } from '../chain/verify-chain.ts';
import { createConsensus } from '../consensus/create-consensus.ts';
import { verifySignature } from '../crypto/signature.ts';
import type { ConsensusSpec, FinalitySpec, ProductionSpec } from '../spec/chain-spec.ts';
import type { ValidatorsSpec } from '../spec/validator-spec.ts';
import { authoritiesOf, FAST_ROUNDS, stakesOf, validatorNetwork, votingSpec } from './validators.testing.ts';

const VOTES = { kind: 'votes', intervalBlocks: 4, lagBlocks: 1, resendMs: 500 } as const;
const DEPTH = { kind: 'depth', blocks: 6 } as const;
const SLOTS = { slotMs: 500 } as const;

const PRODUCTIONS = {
  poa: { kind: 'poa', authorities: [], ...SLOTS },
  pos: { kind: 'pos', winnersPermille: 600, ...SLOTS },
  dpos: { kind: 'dpos', ...SLOTS },
  leader: { kind: 'leader' },
} as const satisfies Record<string, ProductionSpec>;

const CASES: readonly (readonly [keyof typeof PRODUCTIONS, FinalitySpec, ValidatorsSpec])[] = [
  ['poa', VOTES, authoritiesOf(4)],
  ['poa', DEPTH, authoritiesOf(4)],
  ['poa', VOTES, stakesOf(4)],
  ['pos', VOTES, stakesOf(4)],
  ['pos', DEPTH, stakesOf(4)],
  ['dpos', VOTES, stakesOf(4)],
  ['dpos', DEPTH, stakesOf(4)],
  ['leader', FAST_ROUNDS, authoritiesOf(4)],
  ['leader', FAST_ROUNDS, stakesOf(4)],
];

describe('each combination that a genesis file may choose, in nodes', () => {
  for (const [production, finality, validators] of CASES) {
    it(`${production} + ${finality.kind} over ${validators.kind}`, () => {
      const consensus: ConsensusSpec = { production: PRODUCTIONS[production], finality, validators };
      const spec = votingSpec(consensus);
      const net = validatorNetwork(spec, { validators: 4 });
      net.run(20_000);
      const heights = net.nodes.map(({ node }) => node.chain.final.height);
      const low = Math.min(...heights);
      // Sets change every five blocks, so these are several of them.
      assert.ok(
        low >= 12,
        `final at ${heights}, heads at ${net.nodes.map(({ node }) => node.chain.head.height)}`,
      );
      const ids = net.nodes.map(({ node }) => toHex(node.chain.idAt(low) as Uint8Array));
      assert.equal(new Set(ids).size, 1);
      for (const { logs } of net.nodes)
        assert.deepEqual(
          logs.filter(({ level }) => level === 'error' || level === 'warn'),
          [],
        );
      const late = net.addNode({ production: { kind: 'off' } });
      net.connect(4, 0);
      net.connect(4, 1);
      assert.ok(
        net.runUntil(() => late.node.chain.final.height >= low, 20_000),
        'who comes late catches up',
      );
      // Votes come before the blocks that say who may vote, and cost nobody points.
      const points = late.logs.flatMap(({ fields }) =>
        fields['points'] !== undefined && fields['points'] !== 0 ? [fields] : [],
      );
      assert.deepEqual(points, []);
      const { store } = late;
      const deps = {
        store,
        consensus: createConsensus(spec),
        verify: verifySignature,
        verifySeal: verifySignature,
      };
      const verified = expectOk(runToEnd(verifyChain({ spec }, deps)).value);
      assert.ok(verified.height >= low);
    });
  }

  it('a validator that was alone for long gives up its own branch', () => {
    const { poa } = PRODUCTIONS;
    const consensus: ConsensusSpec = { production: poa, finality: VOTES, validators: authoritiesOf(4) };
    const net = validatorNetwork(votingSpec(consensus), { validators: 4 });
    const alone = net.node(3).node.chain;
    const isCut = { value: true };
    net.wire = (delivery) => (isCut.value && [delivery.from, delivery.to].includes('n3') ? [] : [delivery]);
    net.run(50_000);
    // Its branch is longer than what headers can show of the other one before blocks of that are here.
    assert.ok(alone.head.height > 20 && alone.final.height === 0, `${alone.head.height}`);
    const { final } = net.node(0).node.chain;
    assert.ok(final.height > alone.head.height);
    isCut.value = false;
    for (const other of [0, 1, 2]) if (!net.isConnected(3, other)) net.connect(3, other);
    assert.ok(
      net.runUntil(() => alone.final.height > final.height, 120_000),
      `final at ${alone.final.height}, its head at ${alone.head.height}`,
    );
    assert.equal(toHex(alone.idAt(final.height) as Uint8Array), toHex(final.id));
  });
});

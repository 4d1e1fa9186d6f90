import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { equalBytes } from '@calin/core/base/bytes.ts';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { verifySignature } from '@calin/core/crypto/signature.ts';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import {
  authoritiesOf,
  FAST_ROUNDS,
  stakesOf,
  validatorNetwork,
  votingSpec,
} from '@calin/core/node/validators.testing.ts';
import type { TestNetwork } from '@calin/core/p2p/test-network.testing.ts';
import type { ConsensusSpec } from '@calin/core/spec/chain-spec.ts';
import { serverOfView } from './face-server.testing.ts';
import { catchUpLight } from './follow-light.ts';
import { LightClient } from './light-client.ts';
import { proveBalance } from './prove-balance.ts';

const CHECKPOINTS = { kind: 'votes', intervalBlocks: 2, lagBlocks: 1, resendMs: 500 } as const;
const DEPTH = { kind: 'depth', blocks: 3 } as const;
const WORK = { kind: 'pow', initialDifficulty: 16, blockMs: 1_000, halfLifeMs: 600_000 } as const;

/** Every way to agree in which sets of validators change; the names are those of presets where there is one. */
const CHAINS: Readonly<Record<string, ConsensusSpec>> = {
  bft: { production: { kind: 'leader' }, finality: FAST_ROUNDS, validators: stakesOf(4) },
  'bft of authorities': {
    production: { kind: 'leader' },
    finality: FAST_ROUNDS,
    validators: authoritiesOf(4),
  },
  hybrid: { production: WORK, finality: CHECKPOINTS, validators: stakesOf(4) },
  pos: {
    production: { kind: 'pos', slotMs: 1_000, winnersPermille: 600 },
    finality: CHECKPOINTS,
    validators: stakesOf(4),
  },
  dpos: { production: { kind: 'dpos', slotMs: 1_000 }, finality: DEPTH, validators: stakesOf(4) },
  'pos without votes': {
    production: { kind: 'pos', slotMs: 1_000, winnersPermille: 600 },
    finality: DEPTH,
    validators: stakesOf(4),
  },
  'poa of authorities that change': {
    production: { kind: 'poa', authorities: [], slotMs: 1_000 },
    finality: DEPTH,
    validators: authoritiesOf(4),
  },
};

/** Lets a network make blocks for some time; miners find one about each second. */
function run(net: TestNetwork, seconds: number): void {
  const random = seededRandom(7);
  for (let i = 0; i < seconds; i++) {
    net.run(900 + random.below(200));
    const miner = net.node(random.below(4));
    for (let tries = 0; miner.mining !== undefined && !miner.mine(10_000); tries++) assert.ok(tries < 100);
  }
}

for (const [name, consensus] of Object.entries(CHAINS)) {
  describe(`a light client of a network by ${name}`, () => {
    test('comes over the epochs of nodes that vote, and proves what is in their state', async () => {
      const spec = votingSpec(consensus);
      const net = validatorNetwork(spec, { validators: 4 });
      const begun = LightClient.begin(
        { spec, trustMs: Number.POSITIVE_INFINITY },
        { verify: verifySignature },
      );
      assert.ok(begun.ok);
      const client = begun.value;
      // It is away for longer and longer.
      for (const seconds of [5, 10, 25]) {
        run(net, seconds);
        const { queries, node } = net.node(seconds % 4);
        const reached = await catchUpLight(client, serverOfView(queries), { nowMs: () => net.nowMs });
        assert.ok(
          reached.ok,
          reached.ok ? '' : `${reached.error.rule} ${JSON.stringify(reached.error.evidence)}`,
        );
        const { final, head } = client;
        assert.ok(final && equalBytes(final.id, node.chain.final.id), `${final?.header.height}`);
        const top = client.mode === 'headers' ? node.chain.head : node.chain.final;
        assert.ok(head && equalBytes(head.id, top.id));
      }
      const { final } = client;
      assert.ok(final && final.header.height >= 15, `${final?.header.height}`);
      const account = { address: testKey(10).address, addressPrefix: spec.addressPrefix };
      const balance = await proveBalance(serverOfView(net.node(1).queries), final, account);
      assert.ok(balance.ok && balance.value.coins === 8, JSON.stringify(balance));
      assert.equal(client.conflict, undefined);
    });
  });
}

describe('a node that joined late', () => {
  test('serves light clients that begin at the genesis block', async () => {
    const spec = votingSpec(CHAINS['bft of authorities'] as ConsensusSpec);
    const net = validatorNetwork(spec, { validators: 4 });
    run(net, 20);
    const late = net.addNode({ production: { kind: 'off' } });
    net.connect(4, 0);
    net.connect(4, 1);
    run(net, 6);
    const options = { spec, trustMs: Number.POSITIVE_INFINITY };
    const begun = LightClient.begin(options, { verify: verifySignature });
    assert.ok(begun.ok);
    const reached = await catchUpLight(begun.value, serverOfView(late.queries), { nowMs: () => net.nowMs });
    assert.ok(reached.ok, reached.ok ? '' : reached.error.rule);
    const { final } = begun.value;
    assert.ok(final && final.header.height > 20 && equalBytes(final.id, late.node.chain.final.id));
  });
});

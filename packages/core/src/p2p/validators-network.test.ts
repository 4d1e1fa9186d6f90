import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { stakeSpec } from '../ledger/testing/stake-chain.testing.ts';
import { validatorIndex } from '../primitives/validator-set.ts';
import type { ChainSpec, ProductionSpec } from '../spec/chain-spec.ts';
import { TestNetwork } from './test-network.testing.ts';
import { authority } from './two-authorities.testing.ts';

/** Keys 10 to 12 are validators, who take turns of half a second; epochs are short. */
function specOf(production: ProductionSpec): ChainSpec {
  const spec = stakeSpec({ epochBlocks: 8 }, { production, finality: { kind: 'depth', blocks: 12 } });
  return { ...spec, dev: false };
}

/** Nodes 0 to 2 are the validators; node 3 follows. */
function network(spec: ChainSpec): TestNetwork {
  const node = (index: number) => ({
    signaturesValid: 'by rule' as const,
    index: false,
    ...(index < 3 ? authority(10 + index, 'interval') : { production: { kind: 'off' as const } }),
  });
  const net = new TestNetwork({ spec, nodes: 4, node });
  net.connectAll();
  return net;
}

const height = (net: TestNetwork, index = 3) => net.node(index).node.chain.head.height;

/** True when all of these have the same block at the height of the lowest of them less some, and are not far apart. */
function agree(net: TestNetwork, nodes: readonly number[]): boolean {
  const heights = nodes.map((index) => height(net, index));
  const common = Math.min(...heights) - 2;
  const ids = nodes.map((index) => toHex(net.node(index).node.chain.idAt(common) as Uint8Array));
  return new Set(ids).size === 1 && Math.max(...heights) - common < 6;
}

for (const production of [
  { kind: 'poa', authorities: [], slotMs: 500 },
  { kind: 'dpos', slotMs: 500 },
] as const) {
  describe(`a network whose validators make the blocks in turn (${production.kind})`, () => {
    it('grows over many epochs, and who comes late catches up', () => {
      const net = network(specOf(production));
      assert.ok(
        net.runUntil(() => height(net) >= 60, 60_000),
        `${height(net)}`,
      );
      assert.ok(agree(net, [0, 1, 2, 3]));
      net.addNode({ production: { kind: 'off' } });
      for (const peer of [0, 1, 2, 3]) net.connect(4, peer);
      assert.ok(
        net.runUntil(() => height(net, 4) >= 62, 30_000),
        `${height(net, 4)}`,
      );
      assert.ok(agree(net, [0, 1, 2, 3, 4]));
      const rules = net.nodes.flatMap(({ logs }) =>
        logs.filter(({ fields }) => fields['points'] !== undefined).map(({ fields }) => fields['rule']),
      );
      assert.deepEqual(rules, []);
    });
  });
}

describe('validators that miss their turns', () => {
  it('lose their place, and take the branch of the others when they are back', () => {
    const net = network(specOf({ kind: 'dpos', slotMs: 500 }));
    assert.ok(net.runUntil(() => height(net) >= 6, 30_000));
    for (const peer of [0, 1, 3]) net.disconnect(2, peer);
    const gone = testKey(12).publicKey;
    const isMember = () => {
      const { chain } = net.node(3).node;
      const set = chain.setOfEpoch(Math.floor(chain.head.height / 8) + 1);
      return set !== undefined && validatorIndex(set, gone) !== undefined;
    };
    assert.ok(isMember());
    assert.ok(
      net.runUntil(() => !isMember(), 60_000),
      `${height(net)}`,
    );
    const { chain } = net.node(2).node;
    assert.ok(chain.head.height < height(net), 'alone it has one turn of three');
    for (const peer of [0, 1, 3]) net.connect(2, peer);
    assert.ok(
      net.runUntil(() => agree(net, [0, 1, 2, 3]), 60_000),
      `${height(net)} ${height(net, 2)}`,
    );
  });
});

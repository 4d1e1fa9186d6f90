import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../../base/amount.ts';
import { toHex } from '../../base/bytes.ts';
import { testKey } from '../../ledger/testing/owners.testing.ts';
import { AUTHORITY } from '../../node/test-node.testing.ts';
import { devSpec } from '../../spec/presets.ts';
import { TestNetwork, type TestNetworkOptions } from '../test-network.testing.ts';

const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: [{ address: testKey(1).address, amount: amount(1_000_000_000) }],
});

const network = (options: Partial<TestNetworkOptions> = {}) =>
  new TestNetwork({ spec, nodes: 2, ...options });

function mine(net: TestNetwork, node: number, blocks: number): void {
  const mined = net.node(node).ask({ kind: 'mine', blocks });
  assert.ok(mined.ok);
  net.nowMs = Math.max(net.nowMs, net.node(node).nowMs);
}

const head = (net: TestNetwork, node: number) => toHex(net.node(node).node.chain.head.id);

describe('a node that joins late', () => {
  it('gets every block, and is ready when it has the last', () => {
    const net = network();
    mine(net, 0, 300);
    net.connect(1, 0);
    assert.ok(net.runUntil(() => head(net, 1) === head(net, 0), 20_000));
    net.run(100);
    assert.equal(net.node(1).node.life, 'ready');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../../base/amount.ts';
import { toHex } from '../../base/bytes.ts';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { testKey } from '../../ledger/testing/owners.testing.ts';
import { AUTHORITY } from '../../node/test-node.testing.ts';
import { devSpec } from '../../spec/presets.ts';
import { TestNetwork, type TestNetworkOptions, type Wire } from '../test-network.testing.ts';

const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: [{ address: testKey(1).address, amount: amount(1_000_000_000) }],
});

/** Every node can make blocks when it is told to. */
const production = {
  kind: 'on-transaction',
  intervalMs: 0,
  publicKey: AUTHORITY.publicKey,
  payTo: AUTHORITY.address,
} as const;

const network = (options: Partial<TestNetworkOptions> = {}) =>
  new TestNetwork({ spec, nodes: 2, node: () => ({ production, index: false }), ...options });

function mine(net: TestNetwork, node: number, blocks: number): void {
  const mined = net.node(node).ask({ kind: 'mine', blocks });
  assert.ok(mined.ok);
  net.nowMs = Math.max(net.nowMs, net.node(node).nowMs);
}

const head = (net: TestNetwork, node: number) => toHex(net.node(node).node.chain.head.id);
const heights = (net: TestNetwork) => net.nodes.map(({ node }) => node.chain.head.height);
const isAgreed = (net: TestNetwork) => new Set(net.nodes.map((_, i) => head(net, i))).size === 1;
const isReady = (net: TestNetwork) => net.nodes.every(({ node }) => node.life === 'ready');

describe('a node that joins late', () => {
  it('gets every block, and is ready when it has the last', () => {
    const net = network();
    mine(net, 0, 300);
    net.connect(1, 0);
    net.runUntil(() => net.node(1).node.chain.head.height > 0);
    assert.equal(net.node(1).node.life, 'boot');
    assert.ok(net.runUntil(() => isAgreed(net), 20_000));
    net.run(100);
    assert.equal(net.node(1).node.life, 'ready');
  });

  it('catches up with a chain that goes on meanwhile', () => {
    const net = network({ delayMs: 40 });
    mine(net, 0, 150);
    net.connect(1, 0);
    for (let round = 0; round < 40; round++) {
      net.run(100);
      mine(net, 0, 1);
    }
    assert.ok(
      net.runUntil(() => isAgreed(net) && isReady(net), 10_000),
      `${heights(net)}`,
    );
    assert.deepEqual(heights(net), [190, 190]);
  });

  it('gets them through others that sync themselves', () => {
    const net = network({ nodes: 4 });
    mine(net, 0, 120);
    net.connectLine();
    assert.ok(
      net.runUntil(() => isAgreed(net), 60_000),
      `${heights(net)}`,
    );
  });

  it('gets them over a network that loses, doubles and delays frames', () => {
    const random = seededRandom(5);
    const wire: Wire = (delivery, { kind }) => {
      if (kind === 'hello' || kind === 'ping' || kind === 'pong') return [delivery];
      if (random.oneIn(12)) return [];
      const late = { ...delivery, delayMs: 5 + random.below(200) };
      return random.oneIn(12) ? [delivery, late] : [late];
    };
    const net = network({ nodes: 4, wire });
    mine(net, 0, 80);
    // Who loses too many answers is taken for mute and left, so connections come and go.
    const isSynced = () => {
      net.connectAll();
      return net.runUntil(() => isAgreed(net), 10_000);
    };
    assert.ok(Array.from({ length: 30 }, isSynced).includes(true), `${heights(net)}`);
  });
});

describe('a network that was divided', () => {
  it('ends on the longer branch of the two', () => {
    const net = network({ nodes: 4 });
    mine(net, 0, 10);
    net.connect(1, 0);
    net.connect(2, 0);
    net.connect(3, 0);
    assert.ok(net.runUntil(() => isAgreed(net)));
    for (const node of [1, 2, 3]) net.disconnect(0, node);
    net.run(100);
    net.connect(3, 2);
    mine(net, 0, 3);
    mine(net, 2, 5);
    net.run(3_000);
    assert.notEqual(head(net, 0), head(net, 2));
    net.connect(0, 2);
    net.connect(1, 0);
    assert.ok(
      net.runUntil(() => isAgreed(net), 30_000),
      `${heights(net)}`,
    );
    assert.deepEqual(heights(net), [15, 15, 15, 15]);
  });

  it('goes on together afterwards', () => {
    const net = network({ nodes: 3 });
    net.connectAll();
    mine(net, 0, 3);
    assert.ok(net.runUntil(() => isAgreed(net)));
    mine(net, 1, 2);
    assert.ok(net.runUntil(() => isAgreed(net)));
    assert.deepEqual(heights(net), [5, 5, 5]);
    assert.ok(isReady(net));
  });
});

describe('a node that stops in the middle', () => {
  it('goes on where its chain ends', () => {
    const net = network();
    mine(net, 0, 200);
    net.connect(1, 0);
    assert.ok(net.runUntil(() => net.node(1).node.chain.head.height >= 40));
    const { height } = net.node(1).node.chain.head;
    assert.ok(height < 200);
    net.disconnect(1, 0);
    net.run(100);
    const again = net.addNode({ store: net.node(1).store.crash() });
    assert.ok(again.node.chain.head.height >= height);
    net.connect(2, 0);
    assert.ok(net.runUntil(() => head(net, 2) === head(net, 0), 20_000));
  });
});

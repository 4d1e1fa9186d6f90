import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AUTHORITY } from '../../node/test-node.testing.ts';
import { devSpec } from '../../spec/presets.ts';
import { TestNetwork, type Wire } from '../test-network.testing.ts';
import { addressIn, publicGroup } from './peers.testing.ts';

const spec = devSpec({ authority: AUTHORITY.publicKey, genesisTimeMs: 1_700_000_000_000, allocations: [] });

/** Nodes that know their own addresses and nobody else. */
function strangers(nodes: number): TestNetwork {
  const net = new TestNetwork({ spec, nodes });
  for (let n = 0; n < nodes; n++) net.tell(n, { kind: 'listening', addresses: [`n${n}`] });
  return net;
}

const peersOf = (net: TestNetwork, index: number) => [...(net.node(index).node.p2p?.peers.keys() ?? [])];

describe('nodes that were told of one other', () => {
  test('find all the rest, each of them eight or as many as there are', () => {
    const net = strangers(14);
    for (let n = 1; n < 14; n++) net.tell(n, { kind: 'discovered', address: 'n0' });
    assert.ok(net.runUntil(() => [...Array(14).keys()].every((n) => peersOf(net, n).length >= 8), 60_000));
    for (let n = 0; n < 14; n++) {
      const outbound = [...(net.node(n).node.p2p?.peers.values() ?? [])].filter(
        (peer) => peer.direction === 'outbound',
      );
      assert.ok(outbound.length <= 8);
    }
  });

  test('find each other again after a restart without being told', () => {
    const net = strangers(4);
    for (let n = 1; n < 4; n++) net.tell(n, { kind: 'discovered', address: 'n0' });
    net.run(5000);
    assert.equal(peersOf(net, 3).length, 3);
    net.run(61_000);
    const { store } = net.node(3);
    for (let n = 0; n < 3; n++) net.disconnect(3, n);
    net.run(20);
    net.addNode({ store });
    net.tell(4, { kind: 'listening', addresses: ['n4'] });
    net.run(5000);
    assert.ok(peersOf(net, 4).length >= 3, peersOf(net, 4).join(' '));
  });
});

test('a node that is only looked at hears hello and bye, and nothing that begins something', () => {
  const said: string[] = [];
  const wire: Wire = (delivery, { kind }) => {
    said.push(`${delivery.from}>${delivery.to} ${kind}`);
    return [delivery];
  };
  const node = (n: number) => ({
    p2p: { seed: new Uint8Array(32).fill(n + 1), agent: 'test', peers: { outboundPeers: 2 } },
  });
  const net = new TestNetwork({ spec, nodes: 8, wire, node });
  for (let n = 0; n < 8; n++) net.tell(n, { kind: 'listening', addresses: [`n${n}`] });
  for (let n = 1; n < 8; n++) net.tell(n, { kind: 'discovered', address: 'n0' });
  net.run(900_000);
  const byPair = Map.groupBy(said, (line) => line.split(' ')[0]);
  const all = [...byPair.values()].map((lines) => lines.map((line) => line.split(' ')[1]).join(' '));
  assert.ok(
    all.some((kinds) => kinds.includes('hello bye')),
    'some were only looked at',
  );
  assert.ok(
    all.every((kinds) => !/hello ping bye/.test(kinds)),
    all.join('\n'),
  );
});

test('a peer that sends garbage is banned, stays banned over a restart, and the others go on', () => {
  const net = strangers(3);
  net.connectAll();
  net.run(50);
  for (let n = 0; n < 20; n++) net.tell(0, { kind: 'frame', peer: 'n2', bytes: new Uint8Array([0xff, n]) });
  net.run(50);
  assert.deepEqual(peersOf(net, 0), ['n1']);
  assert.equal(net.isConnected(0, 2), false);
  net.connect(2, 0);
  net.run(50);
  assert.deepEqual(peersOf(net, 0), ['n1']);
  const { store } = net.node(0);
  net.addNode({ store });
  net.connect(2, 3);
  net.connect(1, 3);
  net.run(50);
  assert.deepEqual(peersOf(net, 3), ['n1']);
});

test('twenty machines that send garbage at full speed are all banned, and the honest ones do not notice', () => {
  const net = strangers(3);
  net.connectAll();
  net.run(50);
  for (let round = 0; round < 50; round++) {
    for (let n = 0; n < 20; n++) {
      const peer = `Bad${n}x${round}`;
      const address = addressIn(publicGroup(n), 7).replace(/[^/]+$/, peer);
      // A banned machine comes back under another name each time.
      net.tell(0, { kind: 'connected', peer, address, direction: 'inbound' });
      for (let k = 0; k < 100; k++)
        net.tell(0, { kind: 'frame', peer, bytes: new Uint8Array([0xf0 + (k % 16), n]) });
    }
  }
  const p2p = net.node(0).node.p2p;
  assert.deepEqual(peersOf(net, 0), ['n1', 'n2']);
  const bans = p2p?.connections.bans(net.nowMs) ?? [];
  assert.equal(bans.filter(({ target }) => target.endsWith('/32')).length, 20);
  // Each machine was banned once; after that nobody from there gets as far as a first frame.
  assert.equal(bans.length, 40);
  net.node(0).runner.request({ kind: 'mine', blocks: 1 }, () => {});
  assert.ok(net.runUntil(() => net.node(2).node.chain.head.height === 1, 2000));
});

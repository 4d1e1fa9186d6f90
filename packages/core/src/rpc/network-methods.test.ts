import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TestNetwork } from '../p2p/test-network.testing.ts';
import { dispatch } from './dispatch.ts';
import { rpcSpec, TestFace } from './node-view.testing.ts';

const DAY_MS = 86_400_000;

/** Calls a method of node `index`; `isOwner` as the host would say. */
function call(
  net: TestNetwork,
  index: number,
  method: string,
  params: unknown = {},
  isOwner = true,
): unknown {
  const { queries, runner } = net.node(index);
  let answer: { result?: unknown; error?: { data: { rule: string } } } | undefined;
  const host = {
    view: queries,
    isOwner,
    request: runner.request.bind(runner),
    whenDurable: runner.whenDurable.bind(runner),
    hostMethod: () => assert.fail('no method of the host'),
  };
  dispatch(JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }), host, (text) => {
    answer = JSON.parse(text ?? '{}');
  });
  assert.ok(answer !== undefined, 'an answer at once');
  return answer.error?.data.rule ?? answer.result;
}

interface Peers {
  readonly enabled: boolean;
  readonly listening: readonly string[];
  readonly peers: readonly { readonly id: string; readonly said: { readonly agent: string } | null }[];
  readonly sync: { readonly caughtUp: boolean };
}

function network(): TestNetwork {
  const net = new TestNetwork({ spec: rpcSpec, nodes: 3 });
  net.connectAll();
  net.run(500);
  return net;
}

describe('the methods of the network', () => {
  test('net_peers lists connections, and what the peers say of themselves', () => {
    const net = network();
    net.tell(0, { kind: 'listening', addresses: ['n0'] });
    const { enabled, listening, peers } = call(net, 0, 'net_peers') as Peers;
    assert.ok(enabled);
    assert.deepEqual(listening, ['n0']);
    assert.deepEqual(
      peers.map(({ id, said }) => [id, said?.agent]),
      [
        ['n1', 'test/1'],
        ['n2', 'test/2'],
      ],
    );
  });

  test('net_ban closes a connection and keeps the peer out, net_unban lets it in again', () => {
    const net = network();
    const ban = call(net, 0, 'net_ban', { target: 'n2' }) as { untilMs: number };
    assert.deepEqual(ban, { target: 'n2', untilMs: net.nowMs + DAY_MS, reason: 'ordered' });
    net.run(100);
    assert.ok(!net.isConnected(0, 2) && net.isConnected(0, 1));
    net.connect(2, 0);
    net.run(100);
    assert.ok(!net.isConnected(0, 2));
    assert.deepEqual(call(net, 0, 'net_bans'), [ban]);
    assert.deepEqual(call(net, 0, 'net_unban', { target: 'n2' }), { target: 'n2' });
    assert.deepEqual(call(net, 0, 'net_bans'), []);
    net.connect(2, 0);
    net.run(100);
    assert.ok(net.isConnected(0, 2));
  });

  test('a ban is on disk when it is answered', () => {
    const net = network();
    call(net, 0, 'net_ban', { target: 'n2' });
    net.restart(0);
    assert.equal((call(net, 0, 'net_bans') as unknown[]).length, 1);
  });

  test('net_info counts', () => {
    const net = network();
    net.tell(0, { kind: 'listening', addresses: ['n0'] });
    call(net, 0, 'net_ban', { target: '5.6.0.0/16' });
    assert.deepEqual(call(net, 0, 'net_info'), {
      ...{ enabled: true, agent: 'test/0', protocol: 1, listening: ['n0'] },
      ...{ peers: { inbound: 2, outbound: 0 }, addresses: { known: 0, reached: 0 }, bans: 1 },
    });
    const { peers } = call(net, 1, 'net_info') as { peers: unknown };
    assert.deepEqual(peers, { inbound: 1, outbound: 1 });
  });

  test('net_peers shows what a peer did wrong', () => {
    const net = network();
    net.tell(0, { kind: 'frame', peer: 'n1', bytes: new Uint8Array([0xff]) });
    const { peers } = call(net, 0, 'net_peers') as { peers: readonly { id: string; points: number }[] };
    assert.deepEqual(
      peers.map(({ id, points }) => [id, points]),
      [
        ['n1', 10],
        ['n2', 0],
      ],
    );
  });

  test('net_addPeer leads to a connection', () => {
    const net = new TestNetwork({ spec: rpcSpec, nodes: 2 });
    net.run(100);
    assert.deepEqual(call(net, 1, 'net_addPeer', { address: 'n0' }), { address: 'n0' });
    assert.ok(net.runUntil(() => net.isConnected(0, 1), 30_000));
  });

  test('who the peers are, and what changes something, is for the owner alone', () => {
    const net = network();
    for (const [method, params] of [
      ['net_ban', { target: 'n2' }],
      ['net_unban', { target: 'n2' }],
      ['net_addPeer', { address: 'n2' }],
      ['net_peers', {}],
      ['net_bans', {}],
    ] as const) {
      assert.equal(call(net, 0, method, params, false), 'rpc/owner-only');
    }
    assert.ok((call(net, 0, 'net_info', {}, false) as Peers).enabled);
  });

  test('nonsense is refused by its rule', () => {
    const net = network();
    assert.equal(call(net, 0, 'net_ban', { target: 'not a peer!' }), 'p2p/ban-target');
    assert.equal(call(net, 0, 'net_unban', { target: 'n2' }), 'p2p/not-banned');
  });

  test('a node without a network says so', () => {
    const face = new TestFace();
    assert.equal((face.call('net_peers').result as Peers).enabled, false);
    const { error } = face.call('net_ban', { target: 'n1' });
    assert.equal((error as { data: { rule: string } }).data.rule, 'node/no-network');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { AUTHORITY } from '../node/test-node.testing.ts';
import { headerId } from '../primitives/header.ts';
import { devSpec } from '../spec/presets.ts';
import type { HelloMessage } from './messages/control.ts';
import { encodeMessage, type Message } from './messages/message.ts';
import type { Peer } from './peer.ts';
import { refuseP2p } from './rules.ts';
import { type Delivery, TestNetwork, type TestNetworkOptions } from './test-network.testing.ts';

const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: [{ address: testKey(1).address, amount: amount(1_000_000_000) }],
});

const network = (options: Partial<TestNetworkOptions> = {}) =>
  new TestNetwork({ spec, nodes: 2, ...options });

/** How node `index` sees another one. */
const peerOf = (net: TestNetwork, index: number, other: number): Peer | undefined =>
  net.node(index).node.p2p?.peers.get(`n${other}`);

/** Rules that a node has logged about its peers, in order. */
const rules = (net: TestNetwork, index: number): readonly string[] =>
  net
    .node(index)
    .logs.flatMap(({ part, fields }) =>
      part === 'p2p' && fields['points'] !== undefined ? [`${fields['rule']}`] : [],
    );

/** Node 0 hears a message of somebody who is no node. */
function hear(net: TestNetwork, peer: string, message: Message): void {
  net.tell(0, { kind: 'message', peer, message });
}

/** Somebody who is no node connects to node 0 and says hello. */
function greet(net: TestNetwork, peer: string, address: string): void {
  const { chain } = net.node(0).node;
  const { id, height, weight } = chain.head;
  net.tell(0, { kind: 'connected', peer, address, direction: 'inbound' });
  hear(net, peer, {
    ...{ kind: 'hello', protocol: 1, chainId: chain.chainId, features: 7, nonce: new Uint8Array(8) },
    ...{ head: { id, height, weight }, finalHeight: 0, timeMs: net.nowMs, agent: 'stranger', listen: [] },
  });
}

function isBanned(net: TestNetwork, peer: string): boolean {
  const bans = net.node(0).node.p2p?.connections.bans(net.nowMs) ?? [];
  return bans.some(({ target }) => target === peer);
}

/** A hash of its own for each pair of numbers. */
function hashOf(a: number, b: number): Uint8Array {
  const hash = new Uint8Array(32);
  new DataView(hash.buffer).setUint32(0, a);
  new DataView(hash.buffer).setUint32(4, b);
  return hash;
}

/** Changes each message of a kind. */
const bend =
  <K extends Message['kind']>(
    kind: K,
    change: (message: Extract<Message, { kind: K }>) => Message | undefined,
  ) =>
  (delivery: Delivery, message: Message): readonly Delivery[] => {
    if (message.kind !== kind) return [delivery];
    const changed = change(message as Extract<Message, { kind: K }>);
    return changed === undefined ? [] : [{ ...delivery, bytes: encodeMessage(changed) }];
  };

describe('the handshake', () => {
  it('makes both sides ready, and tells each what the other is', () => {
    const net = network();
    net.connect(1, 0);
    net.run(20);
    const [inbound, outbound] = [peerOf(net, 0, 1), peerOf(net, 1, 0)];
    assert.equal(inbound?.direction, 'inbound');
    assert.equal(outbound?.direction, 'outbound');
    assert.equal(outbound?.hello.agent, 'test/0');
    assert.equal(toHex(outbound?.head.id ?? new Uint8Array()), toHex(net.node(0).node.chain.head.id));
    assert.deepEqual([rules(net, 0), rules(net, 1)], [[], []]);
  });

  const refused: readonly [string, string, (hello: HelloMessage) => HelloMessage][] = [
    ['of another chain', 'p2p/wrong-chain', (hello) => ({ ...hello, chainId: new Uint8Array(32) })],
    ['of another version', 'p2p/protocol-version', (hello) => ({ ...hello, protocol: 2 })],
  ];
  for (const [name, rule, change] of refused) {
    it(`ends with a node ${name}, which is told why`, () => {
      const net = network({ wire: bend('hello', change) });
      net.connect(1, 0);
      net.run(50);
      assert.ok(rules(net, 0).includes(rule) && rules(net, 1).includes(rule));
      assert.equal(peerOf(net, 0, 1), undefined);
      assert.ok(!net.isConnected(0, 1));
      // The owner of the node that has dialled hears of it; anybody may dial the other one.
      const told = [0, 1].map((index) =>
        net.node(index).logs.filter(({ level, fields }) => level === 'info' && fields['rule'] === rule),
      );
      assert.deepEqual([told[0]?.length, told[1]?.length], [0, 1]);
    });
  }

  it('finds out that a node talks to itself', () => {
    const net = network();
    const wire = (delivery: Delivery, message: Message) =>
      message.kind === 'hello' ? [{ ...delivery, from: delivery.to, to: delivery.from }] : [delivery];
    net.wire = wire;
    net.connect(1, 0);
    net.run(50);
    assert.deepEqual(rules(net, 0), ['p2p/self']);
    assert.ok(!net.isConnected(0, 1));
  });

  it('has ten seconds', () => {
    const net = network({ wire: bend('hello', () => undefined) });
    net.connect(1, 0);
    net.run(9_900);
    assert.ok(net.isConnected(0, 1));
    net.run(200);
    assert.ok(!net.isConnected(0, 1));
    assert.equal(peerOf(net, 0, 1), undefined);
  });

  it('takes a doubled hello, and holds a different one against its sender', () => {
    const net = network({ wire: (delivery) => [delivery, delivery] });
    net.connect(1, 0);
    net.run(50);
    assert.ok(!rules(net, 0).some((rule) => rule.startsWith('p2p/hello')));
    const hello = peerOf(net, 1, 0)?.hello as HelloMessage;
    net.wire = (delivery) => [delivery];
    net.send(1, 0, { ...hello, nonce: new Uint8Array(8) });
    net.run(50);
    assert.ok(rules(net, 0).includes('p2p/hello-twice'));
  });

  it('comes first: nothing else is handled before it', () => {
    const net = network({ wire: bend('hello', () => undefined) });
    net.connect(1, 0);
    net.run(10);
    for (let nonce = 0; nonce < 5; nonce++) net.send(1, 0, { kind: 'ping', nonce });
    net.run(50);
    assert.deepEqual(rules(net, 0), ['p2p/hello-expected'], 'held against its sender once');
    assert.equal(net.sent.get('pong'), undefined);
  });
});

describe('pings', () => {
  it('measure the round trip, and go on every two minutes', () => {
    const net = network({ delayMs: 20 });
    net.connect(1, 0);
    net.run(100);
    assert.equal(peerOf(net, 0, 1)?.latencyMs, 40);
    // Before the first round they have said more than hello.
    net.run(125_000);
    const before = net.sent.get('ping')?.frames ?? 0;
    net.run(241_000);
    assert.equal((net.sent.get('ping')?.frames ?? 0) - before, 4);
    assert.ok(net.isConnected(0, 1));
  });

  it('are rare while a peer says other things', () => {
    const net = network({ delayMs: 20 });
    net.connect(1, 0);
    net.run(125_000);
    const before = net.sent.get('ping')?.frames ?? 0;
    for (let minute = 0; minute < 20; minute++) {
      net.send(1, 0, { kind: 'push-mode', isWanted: true });
      net.run(61_000);
    }
    // Each side has ten rounds. The one that is spoken to pings in two of them; the other hears an answer or two.
    const pings = (net.sent.get('ping')?.frames ?? 0) - before;
    assert.ok(pings >= 10 && pings <= 12, `${pings} pings`);
  });

  it('close a connection on which nothing comes back', () => {
    const net = network({ wire: bend('pong', () => undefined) });
    net.connect(1, 0);
    net.run(19_900);
    assert.ok(net.isConnected(0, 1));
    net.run(1_200);
    assert.ok(!net.isConnected(0, 1));
  });

  it('hold an answer without a question against its sender', () => {
    const net = network();
    net.connect(1, 0);
    net.run(50);
    net.send(1, 0, { kind: 'pong', nonce: 12_345 });
    net.run(50);
    assert.deepEqual(rules(net, 0), ['p2p/pong-unexpected']);
  });
});

describe('strangers', () => {
  it('who send garbage lose points, and the node goes on', () => {
    const net = network();
    net.connect(1, 0);
    net.run(50);
    net.tell(0, { kind: 'frame', peer: 'n1', bytes: Uint8Array.of(0xff, 1, 2) });
    net.tell(0, { kind: 'frame', peer: 'n1', bytes: new Uint8Array(0) });
    net.tell(0, { kind: 'frame', peer: 'n1', bytes: Uint8Array.of(0x03, 1) });
    assert.deepEqual(rules(net, 0), ['p2p/unknown-kind', 'p2p/unknown-kind', 'codec/truncated']);
    assert.ok(peerOf(net, 0, 1) !== undefined);
  });

  it('who break a rule of the transport are held to it, and are banned when they come back for more', () => {
    const net = network();
    const { error: broken } = refuseP2p('p2p/frame-too-large', { got: 2 ** 30 });
    for (let i = 0; i < 2; i++) {
      net.tell(0, { kind: 'connected', peer: 'x', address: 'x', direction: 'inbound' });
      net.tell(0, { kind: 'disconnected', peer: 'x', broken });
    }
    assert.deepEqual(rules(net, 0), ['p2p/frame-too-large', 'p2p/frame-too-large']);
    net.tell(0, { kind: 'connected', peer: 'x', address: 'x', direction: 'inbound' });
    const bans = net.node(0).node.p2p?.connections.bans(net.nowMs) ?? [];
    assert.deepEqual(
      bans.map(({ target, reason }) => [target, reason]),
      [['x', 'p2p/frame-too-large']],
    );
  });

  it('who are not connected are not heard', () => {
    const net = network();
    net.tell(0, { kind: 'frame', peer: 'nobody', bytes: Uint8Array.of(0xff) });
    net.tell(0, { kind: 'disconnected', peer: 'nobody' });
    net.tell(0, { kind: 'dial-failed', address: 'nowhere' });
    assert.deepEqual(rules(net, 0), []);
  });

  it('who flood one kind of message are not answered beyond their budget', () => {
    const net = network();
    net.connect(1, 0);
    net.run(50);
    const before = net.sent.get('pong')?.frames ?? 0;
    for (let i = 0; i < 100; i++) net.send(1, 0, { kind: 'ping', nonce: i });
    net.run(20);
    const answered = (net.sent.get('pong')?.frames ?? 0) - before;
    assert.ok(answered >= 30 && answered <= 45, `${answered}`);
    assert.ok(rules(net, 0).includes('p2p/too-much'));
  });

  it('who come back, or send another one of their machine, have no more to spend than was left', () => {
    for (const [second, isSame] of [
      ['x', true],
      ['y', true],
      ['z', false],
    ] as const) {
      const net = network();
      const machine = isSame ? '5.6.7.8' : '5.6.7.9';
      for (const [peer, address] of [
        ['x', '/ip4/5.6.7.8/tcp/1'],
        [second, `/ip4/${machine}/tcp/2`],
      ] as const) {
        greet(net, peer, address);
        for (let nonce = 0; nonce < 30; nonce++) hear(net, peer, { kind: 'ping', nonce });
        net.tell(0, { kind: 'disconnected', peer });
      }
      assert.equal(rules(net, 0).includes('p2p/too-much'), isSame);
    }
  });

  it('who break a rule after the node has closed them are banned with their machine', () => {
    const net = network();
    const { error: broken } = refuseP2p('p2p/answer-too-long', { got: 9 });
    for (let i = 0; i < 5; i++) {
      net.tell(0, { kind: 'disconnected', peer: `x${i}`, broken, address: '/ip4/5.6.7.8/tcp/1' });
    }
    const bans = net.node(0).node.p2p?.connections.bans(net.nowMs) ?? [];
    assert.deepEqual(
      bans.map(({ target }) => target),
      ['5.6.7.8/32', 'x4'],
    );
  });

  it('who announce more transactions than a network has are banned', () => {
    const net = network();
    greet(net, 'x', 'x');
    for (let i = 0; !isBanned(net, 'x'); i++) {
      assert.ok(i < 400, 'ten seconds of forty messages');
      hear(net, 'x', { kind: 'tx-announce', txids: Array.from({ length: 1_000 }, (_, n) => hashOf(i, n)) });
      net.run(25);
    }
    assert.ok(rules(net, 0).every((rule) => rule === 'p2p/too-much'));
  });

  it('who tell of blocks that follow nothing are banned, and not who tells of a branch block by block', () => {
    for (const isBranch of [false, true]) {
      const net = network();
      greet(net, 'x', 'x');
      const { header: genesis } = net.node(0).node.chain.head;
      let parent = hashOf(0, 0);
      for (let i = 1; i <= 150; i++) {
        const header = { ...genesis, height: genesis.height + 2, parent };
        hear(net, 'x', { kind: 'header-announce', header });
        parent = isBranch ? headerId(header) : hashOf(i, 0);
        net.run(25);
      }
      assert.equal(isBanned(net, 'x'), !isBranch);
      assert.deepEqual([...new Set(rules(net, 0))], isBranch ? [] : ['p2p/too-much']);
    }
  });
});

describe('a node on the network', () => {
  it('says bye when it stops, and is heard of no more', () => {
    const net = network();
    net.connect(1, 0);
    net.run(50);
    net.node(0).runner.dispatch({ type: 'stop' });
    assert.equal(net.node(0).death, null);
    net.run(50);
    assert.equal(peerOf(net, 1, 0), undefined);
    assert.equal(net.sent.get('bye')?.frames, 1);
    net.tell(0, { kind: 'discovered', address: 'n1' });
  });

  it('tells where its head is when it moved and nothing else told', () => {
    const net = network();
    net.connect(1, 0);
    net.run(50);
    assert.ok(net.node(0).ask({ kind: 'mine', blocks: 1 }).ok);
    assert.ok(net.runUntil(() => peerOf(net, 1, 0)?.head.height === 1, 2_000));
    const { id } = net.node(0).node.chain.head;
    assert.ok(equalBytes(peerOf(net, 1, 0)?.head.id ?? id.slice(1), id));
  });

  it('does the same with messages by reference as with frames', () => {
    const runs = [false, true].map((byReference) => {
      const net = network({ nodes: 4, byReference });
      net.connectLine();
      net.run(500);
      assert.ok(net.node(0).ask({ kind: 'mine', blocks: 3 }).ok);
      net.run(3_000);
      return net.nodes.map(({ logs }) => logs.map(({ message, fields }) => [message, fields]));
    });
    assert.deepEqual(runs[0], runs[1]);
  });
});

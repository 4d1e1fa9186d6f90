import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Refusal } from '../../base/result.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PeerAddress, PeerId } from '../../ports/network.ts';
import type { P2pHost } from '../host.ts';
import type { Connection, Peer } from '../peer.ts';
import { refuseP2p } from '../rules.ts';
import { INBOUND_PEERS_MAX, OUTBOUND_LINKS_MAX, SCORES_MAX } from './limits.ts';
import { addressIn, PeersHost, publicGroup, START_MS } from './peers.testing.ts';
import { type PeersConfig, PeersPart } from './peers-part.ts';

const HASH: Hash = new Uint8Array(32);
const HEAD = { id: HASH, height: 7, weight: 7n };
const DAY_MS = 86_400_000;

/** The part alone, driven as the protocol drives it. */
class Stage {
  readonly host: PeersHost;
  readonly part: PeersPart;
  readonly peers = new Map<PeerId, Peer>();
  readonly connections = new Map<PeerId, Connection>();
  readonly #closing = new Map<PeerId, string>();
  /** Rules by which connections were closed. */
  readonly closed: string[] = [];
  nowMs = START_MS;

  constructor(options: { config?: PeersConfig; records?: Map<string, Uint8Array> } = {}) {
    const { config = {}, records } = options;
    this.host = new PeersHost(records === undefined ? {} : { records });
    this.part = new PeersPart(config, {
      // The part asks for nothing else of its host.
      host: this.host as PeersHost & P2pHost,
      peers: this.peers,
      disconnect: (peer, refusal?: Refusal) => this.#closing.set(peer, refusal?.rule ?? ''),
    });
  }

  connect(
    id: PeerId,
    address: PeerAddress,
    direction: 'inbound' | 'outbound' = 'inbound',
  ): string | undefined {
    const connection = { id, address, direction, connectedMs: this.nowMs };
    this.connections.set(id, connection);
    const admitted = this.part.admit(connection, this.nowMs);
    if (!admitted.ok) this.#closing.set(id, admitted.error.rule);
    this.settle();
    return admitted.ok ? undefined : admitted.error.rule;
  }

  ready(id: PeerId, listen: readonly PeerAddress[] = []): void {
    const connection = this.connections.get(id);
    assert.ok(connection !== undefined);
    const hello: Peer['hello'] = {
      ...{ kind: 'hello', protocol: 1, chainId: HASH, features: 0, nonce: new Uint8Array(8), head: HEAD },
      ...{ finalHeight: 5, timeMs: this.nowMs, agent: 'test/1', listen },
    };
    const said = { head: HEAD, finalHeight: 5, toldHead: HASH, latencyMs: undefined };
    const peer: Peer = { ...connection, hello, ...said };
    this.peers.set(id, peer);
    this.part.peerReady(peer, this.nowMs);
    this.settle();
  }

  leave(id: PeerId): void {
    const connection = this.connections.get(id);
    if (connection === undefined) return;
    const peer = this.peers.get(id);
    this.connections.delete(id);
    this.peers.delete(id);
    this.part.peerGone(connection, peer, this.nowMs);
  }

  punish(id: PeerId, refusal: Refusal): void {
    this.part.punish(id, refusal, this.nowMs);
    this.settle();
  }

  settle(): void {
    for (const [id, rule] of this.#closing) {
      this.closed.push(rule);
      this.leave(id);
    }
    this.#closing.clear();
  }

  run(forMs: number, stepMs = 1000): void {
    for (const endMs = this.nowMs + forMs; this.nowMs < endMs; this.nowMs += stepMs) {
      this.part.tick(this.nowMs);
      this.settle();
    }
  }
}

const TOO_LARGE = refuseP2p('p2p/frame-too-large').error;

describe('punishment', () => {
  test('adds up, bans the peer and its machine at a hundred points, and closes both', () => {
    const stage = new Stage();
    stage.connect('Bad', '/ip4/5.6.7.8/tcp/1/p2p/Bad');
    stage.connect('Twin', '/ip4/5.6.7.8/tcp/2/p2p/Twin');
    stage.connect('Other', '/ip4/5.6.7.9/tcp/2/p2p/Other');
    stage.punish('Bad', TOO_LARGE);
    assert.deepEqual(
      stage.part.connected(stage.nowMs).map(({ id, points }) => [id, points]),
      [
        ['Bad', 50],
        ['Twin', 50],
        ['Other', 0],
      ],
    );
    stage.punish('Bad', TOO_LARGE);
    assert.deepEqual([...stage.connections.keys()], ['Other']);
    assert.deepEqual(stage.closed, ['p2p/frame-too-large', 'p2p/frame-too-large']);
    assert.equal(stage.connect('Bad', '/ip4/9.9.9.9/tcp/1/p2p/Bad'), 'p2p/banned');
    assert.equal(stage.connect('NewName', '/ip4/5.6.7.8/tcp/3/p2p/NewName'), 'p2p/banned');
    stage.nowMs += DAY_MS;
    assert.equal(
      stage.connect('Bad', '/ip4/9.9.9.9/tcp/1/p2p/Bad'),
      undefined,
      'a day later it may come back',
    );
  });

  test('is remembered when the peer comes back under another name', () => {
    const stage = new Stage();
    stage.connect('A', '/ip4/5.6.7.8/tcp/1/p2p/A');
    stage.punish('A', TOO_LARGE);
    stage.leave('A');
    stage.connect('B', '/ip4/5.6.7.8/tcp/1/p2p/B');
    stage.punish('B', TOO_LARGE);
    assert.equal(stage.connect('C', '/ip4/5.6.7.8/tcp/1/p2p/C'), 'p2p/banned');
  });

  test('of one who has left bans the name at least', () => {
    const stage = new Stage();
    stage.connect('A', '/ip4/5.6.7.8/tcp/1/p2p/A');
    stage.leave('A');
    for (let n = 0; n < 2; n++) stage.punish('A', TOO_LARGE);
    assert.equal(stage.connect('A', '/ip4/9.9.9.9/tcp/1/p2p/A'), 'p2p/banned');
  });

  test('for what is nobody’s fault does nothing', () => {
    const stage = new Stage();
    stage.connect('A', '/ip4/5.6.7.8/tcp/1/p2p/A');
    for (let n = 0; n < 1000; n++) stage.punish('A', refuseP2p('p2p/ping-timeout').error);
    assert.ok(stage.connections.has('A'));
    assert.equal(stage.part.connected(stage.nowMs)[0]?.points, 0);
  });
});

describe('bans by hand', () => {
  test('close what they mean, survive a restart, and can be lifted', () => {
    const stage = new Stage();
    stage.connect('A', '/ip4/5.6.7.8/tcp/1/p2p/A');
    stage.connect('B', '/ip4/5.6.200.1/tcp/1/p2p/B');
    assert.ok(stage.part.ban('5.6.0.0/16', DAY_MS, stage.nowMs).ok);
    stage.settle();
    assert.equal(stage.connections.size, 0);
    const again = new Stage({ records: stage.host.records });
    assert.equal(again.connect('A', '/ip4/5.6.7.8/tcp/1/p2p/A'), 'p2p/banned');
    assert.deepEqual(again.part.unban('5.6.99.99/16', again.nowMs), {
      ok: true,
      value: '5.6.0.0/16',
    });
    assert.equal(again.connect('A', '/ip4/5.6.7.8/tcp/1/p2p/A'), undefined);
    const twice = again.part.unban('5.6.0.0/16', again.nowMs);
    assert.ok(!twice.ok && twice.error.rule === 'p2p/not-banned');
    const nonsense = again.part.ban('5.6', DAY_MS, again.nowMs);
    assert.ok(!nonsense.ok && nonsense.error.rule === 'p2p/ban-target');
  });

  test('when lifted leave no points behind that would ban again at the next word', () => {
    const stage = new Stage();
    stage.connect('A', 'plainA');
    for (let n = 0; n < 2; n++) stage.punish('A', TOO_LARGE);
    assert.ok(stage.part.unban('A', stage.nowMs).ok);
    stage.connect('A', 'plainA');
    stage.punish('A', TOO_LARGE);
    assert.ok(stage.connections.has('A'));
  });
});

describe('connections', () => {
  test('to addresses that were discovered are made, and what is learned there leads to more', () => {
    const stage = new Stage();
    const seed = addressIn('5.6', 1);
    stage.part.start(stage.nowMs);
    stage.part.transport({ kind: 'discovered', address: seed }, stage.nowMs);
    stage.run(5000);
    assert.deepEqual(stage.host.dialled, [seed]);
    const id = 'Node5x6x1';
    stage.connect(id, seed, 'outbound');
    stage.ready(id, [seed]);
    assert.deepEqual(stage.host.sent, [{ peer: id, message: { kind: 'peers-request' } }]);
    const addresses = Array.from({ length: 20 }, (_, n) => addressIn(publicGroup(n), n));
    const peer = stage.peers.get(id);
    assert.ok(peer !== undefined && stage.part.handle(peer, { kind: 'peers', addresses }, stage.nowMs).ok);
    stage.run(5000);
    assert.equal(stage.host.dialled.length, 8);
    assert.ok(stage.host.dialled.slice(1).every((address) => addresses.includes(address)));
  });

  test('never lead to ourselves', () => {
    const stage = new Stage();
    const own = addressIn('5.6', 1);
    stage.part.transport({ kind: 'discovered', address: own }, stage.nowMs);
    stage.part.transport({ kind: 'listening', addresses: [own] }, stage.nowMs);
    stage.part.transport({ kind: 'discovered', address: own.replace('5.6', '7.8') }, stage.nowMs);
    stage.run(60_000);
    assert.deepEqual(stage.host.dialled, []);
    assert.deepEqual(stage.part.book, { known: 0, reached: 0 });
  });

  test('that led to another chain are not made again', () => {
    const stage = new Stage();
    const address = addressIn('5.6', 1);
    stage.part.transport({ kind: 'discovered', address }, stage.nowMs);
    stage.run(3000);
    stage.connect('Node5x6x1', address, 'outbound');
    stage.punish('Node5x6x1', refuseP2p('p2p/wrong-chain').error);
    stage.leave('Node5x6x1');
    stage.run(2 * DAY_MS, 60_000);
    assert.equal(stage.host.dialled.length, 1);
  });

  test('of others are let in up to a number, the best of them stay', () => {
    const stage = new Stage();
    for (let n = 0; n < 3 * INBOUND_PEERS_MAX; n++) {
      stage.connect(`Node${n}`, addressIn(publicGroup(n), n));
      assert.ok(stage.connections.size <= INBOUND_PEERS_MAX);
      stage.nowMs += 10;
    }
    assert.equal(stage.connections.size, INBOUND_PEERS_MAX);
    assert.ok(stage.closed.every((rule) => rule === 'p2p/evicted'));
    const useful = [...stage.connections.keys()].at(-1) as string;
    stage.part.blockDone(HASH, useful, { ok: true, value: undefined }, stage.nowMs);
    for (let n = 1000; n < 1200; n++) stage.connect(`Node${n}`, addressIn(publicGroup(n), n));
    assert.ok(stage.connections.has(useful), 'who gives blocks stays');
  });

  test('that the network makes by itself are bounded', () => {
    const stage = new Stage();
    const refused = Array.from({ length: 100 }, (_, n) =>
      stage.connect(`Node${n}`, addressIn(publicGroup(n), n), 'outbound'),
    );
    assert.equal(stage.connections.size, OUTBOUND_LINKS_MAX);
    assert.equal(
      refused.filter((rule) => rule === 'p2p/too-many-connections').length,
      100 - OUTBOUND_LINKS_MAX,
    );
  });

  test('tell who they are', () => {
    const stage = new Stage();
    stage.connect('A', addressIn('5.6', 1));
    stage.connect('B', 'plainB', 'outbound');
    stage.ready('A');
    const [a, b] = stage.part.connected(stage.nowMs);
    assert.deepEqual(a?.said, { agent: 'test/1', height: 7, finalHeight: 5 });
    assert.equal(b?.said, undefined);
  });
});

test('a hash table full of lies does not crowd out what the owner names', () => {
  const stage = new Stage();
  for (let n = 0; n < 30_000; n++) {
    stage.part.transport({ kind: 'discovered', address: addressIn(publicGroup(n), n) }, stage.nowMs);
  }
  assert.ok(stage.part.book.known <= 64 * 64, 'and fills a bounded part of the book');
  const { known } = stage.part.book;
  for (let n = 0; n < 5; n++) {
    const address = addressIn('9.9', 40_000 + n);
    stage.part.transport({ kind: 'discovered', address, isOwners: true }, stage.nowMs);
  }
  assert.ok(stage.part.book.known >= known + 4);
});

test('a greeting adds the addresses of its own peer only', () => {
  const stage = new Stage();
  stage.connect('Node5x6x1', '/ip4/5.6.0.1/tcp/50000/p2p/Node5x6x1');
  const others = Array.from({ length: 7 }, (_, n) => addressIn(publicGroup(n), n));
  stage.ready('Node5x6x1', [addressIn('5.6', 1), ...others]);
  assert.equal(stage.part.book.known, 1);
});

test('a clock that jumps back does not stop it', () => {
  const stage = new Stage();
  stage.part.start(stage.nowMs);
  stage.nowMs -= 30 * DAY_MS;
  stage.part.transport({ kind: 'discovered', address: addressIn('5.6', 1) }, stage.nowMs);
  stage.run(10_000);
  assert.equal(stage.host.dialled.length, 1);
});

describe('what strangers can grow', () => {
  test('connections that come and go leave nothing but bounded scores, bans and addresses', () => {
    const stage = new Stage({ config: { bookShape: { newBuckets: 16, triedBuckets: 8, slots: 8 } } });
    stage.part.start(stage.nowMs);
    for (let n = 0; n < 8000; n++) {
      const id = `Node${publicGroup(n).replace('.', 'x')}x${n}`;
      const address = addressIn(publicGroup(n), n);
      stage.connect(id, address);
      if (stage.connections.has(id)) {
        stage.ready(id, [address]);
        for (let times = n % 3; times > 0; times--) stage.punish(id, TOO_LARGE);
      }
      if (n % 2 === 0) stage.leave(id);
      stage.nowMs += 20;
      if (n % 50 === 0) stage.part.tick(stage.nowMs);
      assert.ok(stage.connections.size <= INBOUND_PEERS_MAX);
    }
    stage.part.stop();
    const { known, reached } = stage.part.book;
    assert.ok(known <= 24 * 8 && reached <= 8 * 8);
    assert.equal(stage.part.bans(stage.nowMs).length, 64 * 64);
    assert.ok(stage.part.scores <= SCORES_MAX);
    assert.ok(
      stage.host.records.size <= 64 + 24 + 3 && stage.host.recordBytes < 700_000,
      `${stage.host.recordBytes}`,
    );
  });

  test('a stranger’s flood does not make the node ask to be woken more than ten times a second', () => {
    const stage = new Stage();
    stage.part.start(stage.nowMs);
    stage.host.wakes.length = 0;
    let wakes = 0;
    for (let n = 0; n < 5000; n++) {
      const id = `Node${n}`;
      stage.connect(id, addressIn(publicGroup(n), n));
      stage.leave(id);
      stage.nowMs += 1;
      while ((stage.host.wakes[0] ?? Number.POSITIVE_INFINITY) <= stage.nowMs) {
        stage.host.wakes.shift();
        stage.part.tick(stage.nowMs);
        wakes += 1;
      }
    }
    assert.ok(wakes <= 2 * 51, `${wakes} in five seconds`);
  });
});

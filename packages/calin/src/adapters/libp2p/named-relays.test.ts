import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it, type TestContext } from 'node:test';
import { circuitRelayServer, RELAY_V2_STOP_CODEC } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import type { Libp2p } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { until } from '../until.testing.ts';
import { type TestNetwork, TestNetworks } from './libp2p-network.testing.ts';
import { NAMED_RELAY_SWEEPS_MAX } from './limits.ts';
import { RelayPlace } from './named-relays.ts';
import { loadPeerKey } from './peer-key.ts';

/** How often the nodes of these tests look at their places. */
const SWEEP_MS = 20;

/** The lifetime of a place whose renewal libp2p plans for 100 s from now: five minutes before the end. */
const PLACE_MS = 400_000;

describe('a node that listens by a named relay', () => {
  let networks: TestNetworks;
  const machines: Libp2p[] = [];
  beforeEach(() => {
    networks = new TestNetworks();
  });
  afterEach(async () => {
    await networks.stop();
    for (const machine of machines.splice(0)) await machine.stop();
  });

  /** A relay that has one key and one address, however often it is started. */
  const relayOfOneAddress = async () => {
    const key = await loadPeerKey(join(networks.folder, 'relay.key'));
    assert.ok(key.ok);
    let listen = '/ip4/127.0.0.1/tcp/0';
    return async (relay = true): Promise<TestNetwork> => {
      const started = await networks.start({ relay, listen: [listen], key: key.value });
      listen = started.address.replace(/\/p2p\/.*/, '');
      return started;
    };
  };
  const hide = (relay: string): Promise<TestNetwork> =>
    networks.start({ listen: [`${relay}/p2p-circuit`], sweepIntervalMs: SWEEP_MS });
  const isListening = ({ network }: TestNetwork): boolean => network.listening.length > 0;
  const said = ({ logs }: TestNetwork): readonly string[] =>
    logs.filter(({ level }) => level === 'warn' || level === 'info').map(({ level }) => level);
  const reach = async (hidden: TestNetwork): Promise<void> => {
    const node = await networks.start({ listen: [] });
    node.network.dial(hidden.address);
    await until(() => node.network.peers === 1 && hidden.network.peers === 1);
  };

  it('is reached by it again when it was away, and says so as long as it is not', async () => {
    const start = await relayOfOneAddress();
    const relay = await start();
    const hidden = await hide(relay.address);
    await until(() => isListening(hidden));
    assert.match(hidden.address, new RegExp(`^${relay.address}/p2p-circuit/p2p/${hidden.peer}$`));
    const before = hidden.address;
    await relay.network.stop();
    await until(() => !isListening(hidden));
    assert.deepEqual(hidden.events.at(-1), { kind: 'listening', addresses: [] });
    await until(() => said(hidden).length > 0);
    await start();
    await until(() => isListening(hidden));
    assert.equal(hidden.address, before);
    await reach(hidden);
    assert.deepEqual(said(hidden), ['warn', 'info']);
  });

  it('starts without it, says once that it is away, and listens when it is there', async () => {
    const start = await relayOfOneAddress();
    const relay = await start();
    const { address } = relay;
    await relay.network.stop();
    const hidden = await hide(address);
    assert.deepEqual(hidden.network.listening, []);
    const warning = hidden.logs.find(({ level }) => level === 'warn');
    assert.equal(warning?.fields['address'], `${address}/p2p-circuit`);
    assert.match(String(warning?.fields['why']), /ECONNREFUSED/);
    await new Promise((resolve) => setTimeout(resolve, 10 * SWEEP_MS));
    assert.deepEqual(said(hidden), ['warn']);
    await start();
    await until(() => isListening(hidden));
    await reach(hidden);
  });

  it('says when it is no relay, and listens when it has become one', async () => {
    const start = await relayOfOneAddress();
    const relay = await start(false);
    const hidden = await hide(relay.address);
    assert.equal(hidden.logs.find(({ level }) => level === 'warn')?.fields['why'], 'it is no relay');
    await relay.network.stop();
    await start();
    await until(() => isListening(hidden));
  });

  it('asks on where it is refused, and when the renewal of a place is refused', async (t) => {
    const renew = renewals(t);
    let isFull = true;
    const relay = await createLibp2p({
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionGater: { denyInboundRelayReservation: () => isFull },
      services: {
        identify: identify(),
        relay: circuitRelayServer({ reservations: { reservationTtl: PLACE_MS } }),
      },
    });
    machines.push(relay);
    const hidden = await hide(String(relay.getMultiaddrs()[0]));
    assert.deepEqual(said(hidden), ['warn']);
    isFull = false;
    await until(() => isListening(hidden));
    isFull = true;
    assert.equal(renew(), 1);
    await until(() => !isListening(hidden) && said(hidden).length === 3);
    isFull = false;
    await until(() => isListening(hidden));
    assert.deepEqual(said(hidden), ['warn', 'info', 'warn', 'info']);
  });

  it('listens by no other, whoever comes with the protocol of relays', async () => {
    const node = await networks.start();
    const stranger = await createLibp2p({
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify(), relay: circuitRelayServer() },
    });
    machines.push(stranger);
    await stranger.dial(multiaddr(node.address));
    const stream = await stranger.dialProtocol(multiaddr(node.address), RELAY_V2_STOP_CODEC);
    // An empty message means nothing; it is answered once the stream has led to whatever it leads to.
    const answered = new Promise((resolve) => stream.addEventListener('message', resolve, { once: true }));
    stream.send(Uint8Array.of(0));
    await answered;
    assert.deepEqual(node.network.listening, [node.address]);
  });
});

describe('a place at a relay', () => {
  it('is asked for in pauses that double up to a limit, and at once when it is lost', async () => {
    let [asked, isHeld, isThere] = [0, false, false];
    const told: string[] = [];
    const place = new RelayPlace(
      'R',
      {
        async ask() {
          asked += 1;
          if (!isThere) throw new Error('nobody there');
          isHeld = true;
        },
        isHeld: () => isHeld,
      },
      { away: (...away) => told.push(away.join(': ')), back: (address) => told.push(address) },
    );
    const sweepsUntilAsked = async (): Promise<number> => {
      const before = asked;
      for (let sweeps = 1; ; sweeps++) {
        assert.ok(sweeps <= NAMED_RELAY_SWEEPS_MAX + 1);
        place.sweep();
        await new Promise(setImmediate);
        if (asked > before) return sweeps;
      }
    };
    await place.ask();
    const pauses: number[] = [];
    for (let i = 0; i < 6; i++) pauses.push(await sweepsUntilAsked());
    assert.deepEqual(pauses, [2, 3, 5, 9, 13, 13]);
    assert.deepEqual(told, ['R: nobody there']);
    isThere = true;
    await sweepsUntilAsked();
    assert.deepEqual(told, ['R: nobody there', 'R']);
    isHeld = false;
    assert.equal(await sweepsUntilAsked(), 1);
    assert.deepEqual(told, ['R: nobody there', 'R'], 'what was back before anybody noticed is not told');
  });
});

/** Makes the renewals that libp2p has planned happen when the function is called, which gives back their number. */
function renewals(t: TestContext): () => number {
  const planned: (() => void)[] = [];
  const later = globalThis.setTimeout;
  t.mock.method(globalThis, 'setTimeout', (run: () => void, ms?: number) => {
    if (Math.abs(Number(ms) - (PLACE_MS - 300_000)) < 2000) planned.push(run);
    return later(run, ms);
  });
  return () => {
    const due = planned.splice(0);
    for (const run of due) run();
    return due.length;
  };
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '@calin/core/p2p/messages/message.ts';
import { type NetworkEvent, SEND_QUEUE_BYTES_MAX } from '@calin/core/ports/network.ts';
import { VirtualClock } from './clock.ts';
import { Dice, seedFor, seedOf } from './dice.ts';
import { Listener } from './listener.testing.ts';
import { SimNetwork } from './network.ts';
import { ROOM } from './regions.ts';
import { Traffic } from './traffic.ts';

const dice = (purpose: string) => new Dice(seedFor(seedOf(1), purpose));
const ping = (nonce: number): Message => ({ kind: 'ping', nonce });
const S = 1_000_000;

function setUp(bytesPerSecond?: number, jitterPercent = 0) {
  const clock = new VirtualClock();
  const options = { regions: ROOM, jitterPercent, carries: 'message' } as const;
  const network = new SimNetwork(options, { clock, dice, traffic: new Traffic() });
  const [a, b, c] = ['a', 'b', 'c'].map(
    (name, i) => new Listener(name, i + 1, clock, { bytesPerSecond }),
  ) as [Listener, Listener, Listener];
  for (const host of [a, b, c]) {
    network.add(host);
    network.attach(host);
  }
  network.dial(a, 'b');
  clock.runUntil(10_000);
  return { clock, network, a, b, c };
}

describe('the simulated network', () => {
  it('connects after a round trip and a half, and tells both sides', () => {
    const { a, b } = setUp();
    assert.deepEqual(a.heard, [
      [3_000, { kind: 'connected', peer: 'b', address: 'b', direction: 'outbound' }],
    ]);
    assert.deepEqual(b.heard, [
      [3_000, { kind: 'connected', peer: 'a', address: 'a', direction: 'inbound' }],
    ]);
  });

  it('answers each dial once: nobody there, itself, and a second connection fail', () => {
    const { clock, network, a } = setUp();
    for (const address of ['nobody', 'a', 'b']) network.dial(a, address);
    clock.runUntil(11 * S);
    assert.deepEqual(a.kinds, ['connected', 'dial-failed', 'dial-failed', 'dial-failed']);
  });

  it('connects two that dial each other once', () => {
    const { clock, network, b, c } = setUp();
    network.dial(b, 'c');
    network.dial(c, 'b');
    clock.runUntil(11 * S);
    assert.equal(b.kinds.filter((kind) => kind === 'connected').length, 2);
    assert.deepEqual(c.kinds, ['dial-failed', 'connected']);
  });

  it('takes a message however large it is, and ends the connection when more waits than a queue holds', () => {
    const { clock, network, a, b } = setUp(1_000_000);
    const frame = (bytes: number) => network.sendFrame(a, 'b', new Uint8Array(bytes), 'bulk');
    frame(SEND_QUEUE_BYTES_MAX);
    frame(2_000_000);
    assert.equal(a.ends.has('b'), true, 'the last one may go beyond it');
    network.send(a, 'b', ping(1), 'urgent');
    assert.equal(a.ends.has('b'), false);
    clock.runUntil(60 * S);
    assert.deepEqual(b.kinds, ['connected', 'frame', 'frame', 'disconnected']);
  });

  it('carries messages in order, each as late as its region says', () => {
    const { clock, network, a, b } = setUp(undefined, 900);
    for (let i = 0; i < 50; i++) network.send(a, 'b', ping(i), 'urgent');
    clock.runUntil(S);
    assert.deepEqual(
      b.pings,
      Array.from({ length: 50 }, (_, i) => i),
    );
    const [firstUs] = b.heard[1] as [number, NetworkEvent];
    assert.ok(firstUs >= 11_000 && firstUs <= 20_100, `${firstUs}`);
  });

  it('takes the time of an uplink, and lets what is urgent pass what is not', () => {
    const { clock, network, a, b } = setUp(1_000);
    const transactions = [new Uint8Array(1_983)];
    network.send(a, 'b', { kind: 'transactions', request: 1, transactions }, 'bulk');
    network.send(a, 'b', ping(1), 'urgent');
    clock.runUntil(5 * S);
    const [[pingUs], [bulkUs]] = b.heard.slice(1) as [[number, NetworkEvent], [number, NetworkEvent]];
    assert.deepEqual(b.pings, [1]);
    assert.equal(pingUs, 10_000 + 5_000 + 1_000);
    assert.ok(bulkUs > 2 * S, `${bulkUs}`);
  });

  it('delivers what was sent before a close, and nothing after', () => {
    const { clock, network, a, b } = setUp();
    network.send(a, 'b', ping(1), 'urgent');
    network.close(a, 'b');
    network.send(a, 'b', ping(2), 'urgent');
    network.send(b, 'a', ping(3), 'urgent');
    clock.runUntil(S);
    assert.deepEqual(b.pings, [1]);
    assert.deepEqual(b.kinds, ['connected', 'message', 'disconnected']);
    assert.deepEqual(a.kinds, ['connected', 'disconnected']);
    network.dial(b, 'a');
    clock.runUntil(2 * S);
    assert.equal(b.kinds.at(-1), 'connected');
  });

  it('closes a peer that takes less than it is sent', () => {
    const { clock, network, a, b } = setUp(1_000);
    const transactions = [new Uint8Array(1_000_000)];
    for (let i = 0; i < 40; i++)
      network.send(a, 'b', { kind: 'transactions', request: i, transactions }, 'bulk');
    clock.runUntil(60_000 * S);
    assert.equal(a.kinds.at(-1), 'disconnected');
    // 33 of them are less than a queue holds, so one more is taken.
    assert.equal(b.kinds.filter((kind) => kind === 'message').length, 34);
  });

  it('ends the connections of a machine that is switched off', () => {
    const { clock, network, a, b } = setUp();
    network.detach(a);
    network.send(b, 'a', ping(1), 'urgent');
    clock.runUntil(S);
    assert.deepEqual(a.kinds, ['connected']);
    assert.deepEqual(b.kinds, ['connected', 'disconnected']);
  });

  it('loses, doubles and delays as often as it is told', () => {
    const { clock, network, a, b } = setUp();
    network.faults = { lossPpm: 100_000, duplicatePpm: 0, reorderPpm: 0 };
    for (let i = 0; i < 2_000; i++) network.send(a, 'b', ping(i), 'urgent');
    clock.runUntil(5 * S);
    assert.ok(Math.abs(b.pings.length - 1_800) < 60, `${b.pings.length}`);
    b.events.length = 0;
    network.faults = { lossPpm: 0, duplicatePpm: 100_000, reorderPpm: 100_000 };
    for (let i = 0; i < 2_000; i++) network.send(a, 'b', ping(i), 'urgent');
    clock.runUntil(10 * S);
    assert.equal(new Set(b.pings).size, 2_000);
    assert.ok(Math.abs(b.pings.length - 2_180) < 60, `${b.pings.length}`);
    assert.notDeepEqual(
      b.pings,
      b.pings.toSorted((x, y) => x - y),
    );
  });

  it('lets nothing through a partition, breaks its connections, and heals', () => {
    const { clock, network, a, b, c } = setUp();
    network.partition((host) => (host.name === 'b' ? 1 : 0));
    network.send(a, 'b', ping(1), 'urgent');
    network.dial(a, 'c');
    network.dial(c, 'b');
    clock.runUntil(20 * S);
    assert.deepEqual(b.kinds, ['connected', 'disconnected']);
    assert.deepEqual(a.kinds, ['connected', 'connected', 'disconnected']);
    assert.deepEqual(c.kinds, ['connected', 'dial-failed']);
    network.partition(undefined);
    network.dial(c, 'b');
    clock.runUntil(21 * S);
    assert.equal(b.kinds.at(-1), 'connected');
  });

  it('carries frames where it is told to: the same bytes that a message stands for', () => {
    const clock = new VirtualClock();
    const traffic = new Traffic();
    const options = { regions: ROOM, jitterPercent: 0, carries: 'frame' } as const;
    const network = new SimNetwork(options, { clock, dice, traffic });
    const [a, b] = [new Listener('a', 1, clock), new Listener('b', 2, clock)];
    for (const host of [a, b]) {
      network.add(host);
      network.attach(host);
    }
    network.dial(a, 'b');
    clock.runUntil(S);
    network.send(a, 'b', ping(0x01020304), 'urgent');
    network.sendFrame(a, 'b', Uint8Array.of(255), 'bulk');
    clock.runUntil(2 * S);
    const frames = b.heard.flatMap(([, event]) => (event.kind === 'frame' ? [[...event.bytes]] : []));
    assert.deepEqual(frames, [[3, 4, 3, 2, 1], [255]]);
    assert.deepEqual(traffic.kinds(), [
      { kind: 'ping', messages: 1, bytes: 5 },
      { kind: 'frame', messages: 1, bytes: 1 },
    ]);
  });
});

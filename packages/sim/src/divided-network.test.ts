import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '@calin/core/p2p/messages/message.ts';
import { VirtualClock } from './clock.ts';
import { Dice, seedFor, seedOf } from './dice.ts';
import { Listener } from './listener.testing.ts';
import { SimNetwork } from './network.ts';
import { ROOM } from './regions.ts';
import { Traffic } from './traffic.ts';

/** Everything in one room: what crosses takes a millisecond at least. */
const WINDOW_US = 1_000;

const ping = (nonce: number): Message => ({ kind: 'ping', nonce });

/** Three machines, `a` and `b` in the first of two parts of a network and `c` in the second; or all in one. */
function setUp(isDivided: boolean, jitterPercent = 0) {
  const parts = [0, 1].map((index) => {
    const clock = new VirtualClock();
    const dice = (purpose: string) => new Dice(seedFor(seedOf(1), purpose));
    const options = { regions: ROOM, jitterPercent, carries: 'message' } as const;
    const part = { index, count: 2 };
    const network = new SimNetwork(options, { clock, dice, traffic: new Traffic(), part });
    const hosts = ['a', 'b', 'c'].map((name, i) => {
      const host = new Listener(name, i + 1, clock, { part: isDivided && name === 'c' ? 1 : 0 });
      network.add(host);
      if (host.part === index) network.attach(host);
      return host;
    });
    return { clock, network, hosts };
  });
  const [first, second] = parts as [(typeof parts)[0], (typeof parts)[0]];
  const [a, b] = first.hosts as [Listener, Listener];
  const far = isDivided ? second : first;
  const c = far.hosts[2] as Listener;
  const runUntil = (untilUs: number) => {
    for (let atUs = first.clock.nowUs; atUs < untilUs; ) {
      atUs = Math.min(untilUs, atUs + WINDOW_US - 1);
      for (const { clock } of parts) clock.runUntil(atUs);
      parts.forEach(({ network }, from) => {
        const bytes = network.takeOutgoing(1 - from);
        if (bytes !== undefined) parts[1 - from]?.network.takeIncoming(bytes);
      });
    }
  };
  return { a, b, c, near: first.network, far: far.network, runUntil };
}

/** Dials, messages on both lanes, a close from the other side, faults: what each machine hears, and when. */
function story(isDivided: boolean): readonly (readonly [string, Listener['heard']])[] {
  const { a, b, c, near, far, runUntil } = setUp(isDivided, 900);
  near.dial(a, 'c');
  near.dial(b, 'c');
  far.dial(c, 'b');
  runUntil(20_000);
  const transactions = [new Uint8Array(1_000)];
  for (let i = 0; i < 20; i++) {
    near.send(a, 'c', ping(i), 'urgent');
    far.send(c, 'a', { kind: 'transactions', request: i, transactions }, 'bulk');
    for (const peer of ['a', 'b']) far.send(c, peer, ping(100 + i), 'urgent');
  }
  near.sendFrame(b, 'c', Uint8Array.of(255, 7), 'urgent');
  runUntil(21_000);
  far.close(c, 'a');
  runUntil(200_000);
  for (const network of [near, far])
    network.faults = { lossPpm: 200_000, duplicatePpm: 200_000, reorderPpm: 100_000 };
  for (let i = 0; i < 200; i++) near.send(b, 'c', ping(1_000 + i), 'urgent');
  runUntil(3_000_000);
  far.detach(c);
  near.dial(a, 'c');
  runUntil(20_000_000);
  return [a, b, c].map((host) => [host.name, host.heard] as const);
}

describe('a network in two parts', () => {
  it('is the same network: every machine hears the same at the same times', () => {
    const [whole, divided] = [story(false), story(true)];
    assert.deepEqual(divided, whole);
    const heard = new Map(divided);
    assert.ok((heard.get('c')?.length ?? 0) > 100);
    for (const kind of ['connected', 'message', 'disconnected', 'dial-failed'])
      assert.ok(
        heard.get('a')?.some(([, event]) => event.kind === kind),
        kind,
      );
  });

  it('carries a message to many once, and parses it once', () => {
    const { a, b, c, near, far, runUntil } = setUp(true);
    near.dial(a, 'c');
    near.dial(b, 'c');
    runUntil(10_000);
    const transactions = [new Uint8Array(10_000)];
    const message = { kind: 'transactions', request: 1, transactions } as const;
    for (const peer of ['a', 'b']) far.send(c, peer, message, 'bulk');
    const bytes = far.takeOutgoing(0);
    assert.ok(bytes !== undefined && bytes.length > 10_000 && bytes.length < 10_200, `${bytes?.length}`);
    near.takeIncoming(bytes);
    assert.equal(far.takeOutgoing(0), undefined);
    runUntil(20_000);
    const [first, second] = [a, b].map(({ events }) => events.at(-1));
    assert.ok(first?.kind === 'message' && second?.kind === 'message');
    assert.deepEqual(first.message, message);
    assert.equal(first.message, second.message);
  });

  it('brings both sides of a connection to the same end when a machine is switched off half way', () => {
    for (let offUs = 0; offUs <= 4_000; offUs += 500) {
      const { a, c, near, far, runUntil } = setUp(true);
      near.dial(a, 'c');
      runUntil(offUs);
      far.detach(c);
      runUntil(20_000_000);
      const isConnected = a.kinds.includes('connected');
      assert.deepEqual(
        a.kinds,
        isConnected ? ['connected', 'disconnected'] : ['dial-failed'],
        `off at ${offUs}`,
      );
      assert.equal(a.ends.size + c.ends.size, 0);
    }
    for (let offUs = 0; offUs <= 4_000; offUs += 500) {
      const { a, c, near, runUntil } = setUp(true);
      near.dial(a, 'c');
      runUntil(offUs);
      near.detach(a);
      runUntil(20_000_000);
      const isConnected = c.kinds.includes('connected');
      assert.deepEqual(c.kinds, isConnected ? ['connected', 'disconnected'] : [], `off at ${offUs}`);
      assert.equal(a.ends.size + c.ends.size, 0);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Message, parseMessage } from '../p2p/messages/message.ts';
import {
  type Network,
  type NetworkEvent,
  type PeerAddress,
  type PeerId,
  SEND_QUEUE_BYTES_MAX,
} from './network.ts';

/** One node's end of a network under test. */
export interface NetworkEnd {
  readonly network: Network;
  readonly peer: PeerId;
  /** Where the others dial it. */
  readonly address: PeerAddress;
  /** Everything the network has told, in order. */
  readonly events: readonly NetworkEvent[];
}

/** A network under test, with what only the test may do to it. */
export interface NetworkUnderTest {
  readonly ends: readonly NetworkEnd[];
  /** A well-formed address where nobody answers. */
  readonly nowhere: PeerAddress;
  /** Lets time pass until the condition holds; rejects when it does not within `withinMs` of the network's time. */
  until(condition: () => boolean, withinMs: number): Promise<void>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** Ends a node without a word, as a killed process does. */
  kill(end: NetworkEnd): Promise<void>;
  /** Frees what the test holds; called once at the end. */
  dispose(): Promise<void>;
}

/** More than any step of a test takes, on a machine that is busy with other tests. */
const PATIENCE_MS = 60_000;

/** Longer than what is still on its way takes. */
const SETTLE_MS = 300;

const MIB = 2 ** 20;

type Pair = readonly [NetworkEnd, NetworkEnd];
type Define = (title: string, run: (under: NetworkUnderTest, pair: Pair) => Promise<void>) => void;

/** Runs what every network must do, as tests of its own; both adapters call it. */
export function networkCompliance(name: string, make: (nodes: number) => Promise<NetworkUnderTest>): void {
  const test: Define = (title, run) => {
    it(title, async () => {
      const under = await make(2);
      try {
        await run(under, under.ends as unknown as Pair);
      } finally {
        await under.dispose();
      }
    });
  };
  describe(`${name}: the network port`, () => {
    describe('dials', () => dialTests(test));
    describe('links', () => linkTests(test));
    describe('messages', () => messageTests(test));
  });
}

function dialTests(test: Define): void {
  test('a dial connects both ends, each under the name that the other has proved', async (under, [a, b]) => {
    a.network.dial(b.address);
    assert.equal(events(a, 'connected').length, 0, 'nothing is told before the call has returned');
    await under.until(() => isLinked(a, b) && isLinked(b, a), PATIENCE_MS);
    assert.deepEqual(events(a, 'connected'), [
      { kind: 'connected', peer: b.peer, address: b.address, direction: 'outbound' },
    ]);
    const [inbound, ...more] = events(b, 'connected');
    assert.equal(more.length, 0);
    assert.equal(inbound?.peer, a.peer);
    assert.equal(inbound?.direction, 'inbound');
  });

  test('a dial to nowhere, to nonsense and to oneself fails, once each', async (under, [a]) => {
    const addresses = [under.nowhere, 'nonsense', '', 'x'.repeat(300), a.address];
    for (const address of addresses) a.network.dial(address);
    assert.equal(events(a, 'dial-failed').length, 0, 'nothing is told before the call has returned');
    await under.until(() => events(a, 'dial-failed').length >= addresses.length, PATIENCE_MS);
    await under.pass(SETTLE_MS);
    const failed = events(a, 'dial-failed').map(({ address }) => address);
    assert.deepEqual(failed.toSorted(), addresses.toSorted());
    assert.equal(events(a, 'connected').length, 0);
  });

  test('a dial to a peer that is connected fails and leaves the connection alone', async (under, [a, b]) => {
    await link(under, a, b);
    a.network.dial(b.address);
    await under.until(() => events(a, 'dial-failed').length === 1, PATIENCE_MS);
    await under.pass(SETTLE_MS);
    assert.equal(events(a, 'connected').length, 1);
    assert.equal(events(b, 'connected').length, 1);
    await exchange(under, a, b, 1);
  });

  test('two nodes that dial each other at once end up with one connection', async (under, [a, b]) => {
    a.network.dial(b.address);
    b.network.dial(a.address);
    await under.until(() => isLinked(a, b) && isLinked(b, a), PATIENCE_MS);
    await under.pass(SETTLE_MS);
    assert.ok(isLinked(a, b) && isLinked(b, a));
    for (const { events: told, peer } of [a, b]) assertAlternating(told, peer);
    await exchange(under, a, b, 2);
    await exchange(under, b, a, 3);
  });
}

function linkTests(test: Define): void {
  test('a close is told to both ends, once each, after what was sent before', async (under, [a, b]) => {
    await link(under, a, b);
    a.network.send(b.peer, { kind: 'bye', rule: 'p2p/farewell' }, 'urgent');
    a.network.close(b.peer);
    assert.equal(events(a, 'disconnected').length, 0, 'nothing is told before the call has returned');
    await under.until(() => !isLinked(a, b) && !isLinked(b, a), PATIENCE_MS);
    await under.pass(SETTLE_MS);
    assert.deepEqual(received(b), [{ kind: 'bye', rule: 'p2p/farewell' }]);
    for (const end of [a, b]) assert.equal(events(end, 'disconnected').length, 1);
    assert.equal(b.events.at(-1)?.kind, 'disconnected', 'a message never follows the end');
  });

  test('after a close the peer can be dialled again, from either end', async (under, [a, b]) => {
    await link(under, a, b);
    a.network.close(b.peer);
    await under.until(() => !isLinked(a, b) && !isLinked(b, a), PATIENCE_MS);
    await link(under, b, a);
    await exchange(under, a, b, 7);
    assert.equal(events(a, 'connected').length, 2);
  });

  test('to close, or to send to, a peer that is not connected does nothing', async (under, [a, b]) => {
    a.network.close(b.peer);
    a.network.send(b.peer, ping(1), 'urgent');
    a.network.send('nobody', ping(1), 'bulk');
    await under.pass(SETTLE_MS);
    for (const end of [a, b]) {
      assert.deepEqual(
        end.events.filter(({ kind }) => kind !== 'listening' && kind !== 'discovered'),
        [],
      );
    }
  });

  test('a node that vanishes is told as disconnected', async (under, [a, b]) => {
    await link(under, a, b);
    await under.kill(b);
    await under.until(() => !isLinked(a, b), PATIENCE_MS);
    a.network.send(b.peer, ping(1), 'urgent');
    await under.pass(SETTLE_MS);
    assert.equal(events(a, 'disconnected').length, 1);
  });

  test('a peer for whom too much waits is disconnected', async (under, [a, b]) => {
    await link(under, a, b);
    const block = body(0, 12 * MIB);
    for (let sent = 0; sent <= SEND_QUEUE_BYTES_MAX + 24 * MIB; sent += 12 * MIB) {
      a.network.send(b.peer, block, 'bulk');
    }
    assert.equal(events(a, 'disconnected').length, 0, 'nothing is told before the call has returned');
    await under.until(() => !isLinked(a, b), PATIENCE_MS);
    await under.until(() => !isLinked(b, a), PATIENCE_MS);
  });
}

function messageTests(test: Define): void {
  test('messages of both lanes arrive as they were sent, in order within their lane', async (under, [
    a,
    b,
  ]) => {
    await link(under, a, b);
    const urgent = Array.from({ length: 500 }, (_, i) => ping(i));
    const bulk = Array.from({ length: 40 }, (_, i) => body(i, 1 + 7001 * i));
    for (const [i, message] of urgent.entries()) {
      a.network.send(b.peer, message, 'urgent');
      const large = bulk[i];
      if (large !== undefined) a.network.send(b.peer, large, 'bulk');
    }
    await under.until(() => received(b).length === urgent.length + bulk.length, PATIENCE_MS);
    const got = received(b);
    assert.deepEqual(
      got.filter(({ kind }) => kind === 'ping'),
      urgent,
    );
    assert.deepEqual(
      got.filter(({ kind }) => kind === 'body'),
      bulk,
    );
  });

  test('both ends speak at once', async (under, [a, b]) => {
    await link(under, a, b);
    for (let i = 0; i < 100; i++) {
      a.network.send(b.peer, body(i, 50_000), 'bulk');
      b.network.send(a.peer, body(i, 50_000), 'bulk');
    }
    await under.until(() => received(a).length === 100 && received(b).length === 100, PATIENCE_MS);
    for (const end of [a, b]) {
      assert.deepEqual(
        received(end).map((message) => message.kind === 'body' && message.request),
        Array.from({ length: 100 }, (_, i) => i),
      );
    }
  });

  test('what is urgent overtakes a large body', async (under, [a, b]) => {
    await link(under, a, b);
    a.network.send(b.peer, body(1, 24 * MIB), 'bulk');
    a.network.send(b.peer, ping(2), 'urgent');
    await under.until(() => received(b).length === 2, PATIENCE_MS);
    assert.deepEqual(
      received(b).map(({ kind }) => kind),
      ['ping', 'body'],
    );
    assert.deepEqual(received(b)[1], body(1, 24 * MIB));
  });
}

/** Connects two nodes. */
async function link(under: NetworkUnderTest, from: NetworkEnd, to: NetworkEnd): Promise<void> {
  from.network.dial(to.address);
  await under.until(() => isLinked(from, to) && isLinked(to, from), PATIENCE_MS);
}

/** Sends a message that must arrive. */
async function exchange(
  under: NetworkUnderTest,
  from: NetworkEnd,
  to: NetworkEnd,
  nonce: number,
): Promise<void> {
  from.network.send(to.peer, ping(nonce), 'urgent');
  await under.until(() => received(to).some((m) => m.kind === 'ping' && m.nonce === nonce), PATIENCE_MS);
}

function events<K extends NetworkEvent['kind']>({ events: told }: NetworkEnd, kind: K) {
  return told.filter((event): event is Extract<NetworkEvent, { kind: K }> => event.kind === kind);
}

function isLinked(end: NetworkEnd, to: NetworkEnd): boolean {
  const last = end.events.findLast(
    (event) => (event.kind === 'connected' || event.kind === 'disconnected') && event.peer === to.peer,
  );
  return last?.kind === 'connected';
}

/** A node never hears of a second connection with a peer, nor of an end without a beginning. */
function assertAlternating(told: readonly NetworkEvent[], name: string): void {
  const kinds = told.map(({ kind }) => kind).filter((kind) => /^(?:dis)?connected$/.test(kind));
  kinds.forEach((kind, i) => {
    assert.equal(kind, i % 2 === 0 ? 'connected' : 'disconnected', `${name}: ${kinds.join(', ')}`);
  });
}

/** The messages that arrived, in either form. */
function received({ events: told }: NetworkEnd): Message[] {
  return told.flatMap((event) => {
    if (event.kind === 'message') return [event.message];
    if (event.kind !== 'frame') return [];
    const message = parseMessage(event.bytes);
    assert.ok(message.ok, 'a frame holds one message');
    return [message.value];
  });
}

function ping(nonce: number): Message {
  return { kind: 'ping', nonce };
}

function body(request: number, length: number): Message {
  const bytes = Uint8Array.from({ length: Math.min(length, 251) }, (_, i) => i ^ request);
  const whole = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += bytes.length) {
    whole.set(bytes.subarray(0, length - offset), offset);
  }
  return { kind: 'body', request, id: new Uint8Array(32).fill(request), bytes: whole };
}

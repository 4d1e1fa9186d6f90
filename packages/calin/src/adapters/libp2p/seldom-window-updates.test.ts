import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { createLibp2p, type Libp2p } from 'libp2p';
import { until } from '../until.testing.ts';
import { updateWindowSeldom } from './seldom-window-updates.ts';

const machines: Libp2p[] = [];

before(async () => {
  for (const listen of [['/ip4/127.0.0.1/tcp/0'], []]) {
    const parts = {
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
    };
    machines.push(await createLibp2p({ ...parts, addresses: { listen } }));
  }
});
after(async () => {
  for (const machine of machines) await machine.stop();
});

/** A frame of yamux, as far as it is looked at here. */
interface SentFrame {
  readonly type: number;
  readonly length: number;
}
const WINDOW_UPDATE = 1;
const FIRST_WINDOW_BYTES = 256 * 1024;

/** Both ends of a stream, and the updates of the window that the end that reads has sent. */
async function openStream(name: string) {
  const [node, other] = machines as [Libp2p, Libp2p];
  const opened = Promise.withResolvers<Stream>();
  await node.handle(name, (stream) => opened.resolve(stream));
  const writes = await other.dialProtocol(node.getMultiaddrs(), name);
  const reads = await opened.promise;
  const updates: SentFrame[] = [];
  const spied = reads as unknown as {
    sendFrame(frame: SentFrame, body?: unknown): boolean;
  };
  const send = spied.sendFrame.bind(spied);
  spied.sendFrame = (frame, body) => {
    if (frame.type === WINDOW_UPDATE) updates.push(frame);
    return send(frame, body);
  };
  let bytes = 0;
  reads.addEventListener('message', ({ data }) => {
    bytes += data.byteLength;
  });
  return { reads, writes, updates, received: () => bytes };
}

test('small messages are read without an answer to each', async () => {
  const usual = await openStream('/usual');
  const seldom = await openStream('/seldom');
  updateWindowSeldom(seldom.reads);
  for (const stream of [usual, seldom]) {
    // The first bytes may open the stream.
    stream.writes.send(new Uint8Array(1));
    await until(() => stream.received() === 1);
    stream.updates.length = 0;
    for (let i = 1; i <= 40; i++) {
      stream.writes.send(new Uint8Array(1000));
      await until(() => stream.received() === 1 + 1000 * i);
    }
  }
  assert.equal(usual.updates.length, 40, 'what yamux does, for which this is here');
  assert.equal(seldom.updates.length, 0);
});

test('more than a window goes through, and is never waited for', async () => {
  const stream = await openStream('/more');
  updateWindowSeldom(stream.reads);
  const total = 16 * FIRST_WINDOW_BYTES;
  for (let sent = 0; sent < total; sent += FIRST_WINDOW_BYTES / 4) {
    if (stream.writes.writableNeedsDrain) await stream.writes.onDrain();
    stream.writes.send(new Uint8Array(FIRST_WINDOW_BYTES / 4));
  }
  await until(() => stream.received() === total);
  const given = stream.updates.reduce((sum, { length }) => sum + length, 0);
  assert.ok(stream.updates.length > 0 && given >= total - FIRST_WINDOW_BYTES, `${given} bytes`);
  for (const { length } of stream.updates) assert.ok(length >= FIRST_WINDOW_BYTES / 2, `${length} bytes`);
});

test('a stream of something else is left alone', () => {
  const stream = Object.freeze({
    recvWindow: 1,
    recvWindowCapacity: 1,
    sendWindowUpdate: () => {},
  });
  updateWindowSeldom(stream as unknown as Stream);
});

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Refusal } from '@calin/core/base/result.ts';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { createLibp2p } from 'libp2p';
import { until } from '../until.testing.ts';
import { frameHeader } from './frame-reader.ts';
import { FRAME_MS_MAX, FRAME_STALLED_MS } from './limits.ts';
import { LinkTable } from './link-table.ts';

const LANES = ['urgent', 'bulk'] as const;
type Lane = (typeof LANES)[number];

/** What has happened to the links of a table. */
interface Told {
  frames: Uint8Array[];
  ended: { readonly why: string; readonly broken: Refusal | undefined }[];
}

/** Real streams between two machines of libp2p; the table at one end, a stranger at the other. */
describe('the links of a node', () => {
  const machines: Libp2p[] = [];
  const accepted = new Map<Lane, (stream: Stream, connection: Connection) => void>();
  let table: LinkTable;
  let told: Told;
  /** The stranger's ends. */
  let lanes: Record<Lane, Stream>;

  before(async () => {
    for (const listen of [['/ip4/127.0.0.1/tcp/0'], []]) {
      const parts = { transports: [tcp()], connectionEncrypters: [noise()], streamMuxers: [yamux()] };
      // Each test connects anew.
      const connectionManager = { inboundConnectionThreshold: 1000 };
      machines.push(await createLibp2p({ ...parts, connectionManager, addresses: { listen } }));
    }
    for (const lane of LANES) {
      await machines[0]?.handle(`/${lane}`, (...opened) => accepted.get(lane)?.(...opened));
    }
  });
  after(async () => {
    for (const machine of machines) await machine.stop();
  });

  beforeEach(async () => {
    told = { frames: [], ended: [] };
    table = new LinkTable({
      connected: () => {},
      disconnected: (_peer, why, broken) => told.ended.push({ why, broken: broken?.refusal }),
      frame: (_peer, bytes) => told.frames.push(bytes),
    });
    const [node, stranger] = machines as [Libp2p, Libp2p];
    const dialled = await stranger.dial(node.getMultiaddrs());
    const [urgent, bulk] = [await open(dialled, 'urgent'), await open(dialled, 'bulk')];
    lanes = { urgent: urgent.theirs, bulk: bulk.theirs };
    const ours = { connection: urgent.connection, urgent: urgent.ours, bulk: bulk.ours };
    table.add({ peer: 'stranger', opener: 'stranger', ...ours }, '', 'inbound');
  });
  afterEach(async () => {
    await table.stop();
    // A machine that is dialled again before it knows that the connection is gone gives the old one.
    for (const machine of machines) for (const one of machine.getConnections()) one.abort(new Error('over'));
    await until(() => machines.every((machine) => machine.getConnections().length === 0));
  });

  async function open(dialled: Connection, lane: Lane) {
    const { promise, resolve } = Promise.withResolvers<{ ours: Stream; connection: Connection }>();
    accepted.set(lane, (ours, connection) => resolve({ ours, connection }));
    const theirs = await dialled.newStream(`/${lane}`);
    return { ...(await promise), theirs };
  }

  const inTime = (): number => performance.now() + FRAME_MS_MAX - 1000;
  const tooLate = (): number => performance.now() + FRAME_MS_MAX + 1000;
  const held = (): number => table.get('stranger')?.heldBytes ?? 0;
  const isUnfinished = (): boolean => table.get('stranger')?.unfinishedSinceMs !== Number.POSITIVE_INFINITY;

  for (const lane of LANES) {
    it(`end by rule when a frame has not arrived whole after a minute: ${lane}`, async () => {
      lanes[lane].send(Buffer.concat([frameHeader(500_000), new Uint8Array(300)]));
      await until(() => held() > 0);
      table.sweep(inTime());
      assert.equal(table.size, 1);
      table.sweep(tooLate());
      assert.equal(table.size, 0);
      const [{ broken }] = told.ended as [Told['ended'][0]];
      assert.equal(broken?.rule, 'network/frame-late');
      assert.equal(broken.banPoints, 20);
      assert.equal(broken.evidence['expected'], FRAME_MS_MAX);
      assert.equal(told.ended.length, 1);
    });
  }

  it('end also when less than the length of a frame has come', async () => {
    lanes.urgent.send(frameHeader(9).subarray(0, 1));
    await until(isUnfinished);
    table.sweep(tooLate());
    assert.deepEqual(
      told.ended.map(({ broken }) => broken?.rule),
      ['network/frame-late'],
    );
  });

  it('end when a frame comes drop by drop, whatever the other lane brings', async () => {
    lanes.bulk.send(frameHeader(500_000));
    await until(isUnfinished);
    const sinceMs = table.get('stranger')?.unfinishedSinceMs;
    for (let i = 1; i <= 3; i++) {
      lanes.bulk.send(new Uint8Array(100));
      lanes.urgent.send(Buffer.concat([frameHeader(1), Uint8Array.of(i)]));
      await until(() => told.frames.length === i);
    }
    assert.equal(table.get('stranger')?.unfinishedSinceMs, sinceMs);
    table.sweep(tooLate());
    assert.equal(told.ended[0]?.broken?.rule, 'network/frame-late');
  });

  it('end by rule when they are closed in the middle of a first frame that has stalled', async () => {
    lanes.bulk.send(Buffer.concat([frameHeader(500_000), new Uint8Array(300)]));
    await until(() => held() > 0);
    table.close('stranger', performance.now() + FRAME_STALLED_MS);
    assert.equal(told.ended[0]?.broken?.rule, 'network/frame-stalled');
    assert.equal(told.ended[0]?.broken?.banPoints, 60);
    assert.equal(told.ended.length, 1);
  });

  it('end without blame when they are closed while a frame comes in, or after another one has come', async () => {
    lanes.bulk.send(frameHeader(500_000));
    await until(isUnfinished);
    assert.equal(table.get('stranger')?.stalled(performance.now()), undefined);
    lanes.urgent.send(Buffer.concat([frameHeader(1), Uint8Array.of(1)]));
    await until(() => told.frames.length === 1);
    table.close('stranger', performance.now() + FRAME_STALLED_MS);
    assert.deepEqual(told.ended, [{ why: 'it was closed', broken: undefined }]);
  });

  it('stay when nothing is said for long, and when each frame was whole in its time', async () => {
    const DAY_MS = 86_400_000;
    table.sweep(performance.now() + DAY_MS);
    lanes.bulk.send(Buffer.concat([frameHeader(3), Uint8Array.of(1)]));
    await until(isUnfinished);
    table.sweep(inTime());
    lanes.bulk.send(Uint8Array.of(2, 3));
    await until(() => told.frames.length === 1);
    assert.deepEqual(told.frames, [Uint8Array.of(1, 2, 3)]);
    table.sweep(performance.now() + DAY_MS);
    assert.deepEqual(told.ended, []);
  });
});

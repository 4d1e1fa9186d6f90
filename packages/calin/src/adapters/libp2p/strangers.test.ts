import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Libp2p, Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { until } from '../until.testing.ts';
import { frameHeader } from './frame-reader.ts';
import { type TestNetwork, TestNetworks } from './libp2p-network.testing.ts';

/** What a stranger can do who speaks libp2p and keeps to no other rule. */
describe('strangers', () => {
  const networks = new TestNetworks();
  const strangers: Libp2p[] = [];
  let node: TestNetwork;

  before(async () => {
    node = await networks.start();
  });
  after(async () => {
    await Promise.all(strangers.map((stranger) => stranger.stop()));
    await networks.stop();
  });

  const lanes = async (names: readonly string[]): Promise<{ peer: string; streams: Stream[] }> => {
    const stranger = await createLibp2p({
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
    });
    strangers.push(stranger);
    const connection = await stranger.dial(multiaddr(node.address));
    const streams: Stream[] = [];
    for (const name of names) streams.push(await connection.newStream(`/calin/1/${name}`));
    return { peer: stranger.peerId.toString(), streams };
  };
  const told = (kind: string, peer: string) =>
    node.events.filter((event) => event.kind === kind && 'peer' in event && event.peer === peer);

  it('who answer under another name than the one dialled are not connected', async () => {
    const [b, c] = [await networks.start(), await networks.start()];
    const address = b.address.replace(b.peer, c.peer);
    node.network.dial(address);
    await until(() => node.events.some((event) => event.kind === 'dial-failed' && event.address === address));
    assert.equal(told('connected', b.peer).length + told('connected', c.peer).length, 0);
  });

  it('are not connected before both lanes are open', async () => {
    const { peer } = await lanes(['urgent']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(told('connected', peer).length, 0);
  });

  it('who open a lane twice are refused', async () => {
    const { peer, streams } = await lanes(['bulk', 'urgent']);
    await until(() => told('connected', peer).length === 1);
    const connection = strangers.at(-1)?.getConnections()[0];
    await connection?.newStream('/calin/1/urgent').then(
      (stream) => until(() => stream.status !== 'open'),
      () => {},
    );
    streams[1]?.send(Buffer.concat([frameHeader(1), Uint8Array.of(9)]));
    await until(() => told('frame', peer).length === 1);
    assert.equal(told('connected', peer).length, 1);
  });

  const brokenRule = (peer: string): string | undefined => {
    const [event] = told('disconnected', peer);
    return event?.kind === 'disconnected' ? event.broken?.rule : undefined;
  };

  it('who announce a frame that is too long are disconnected by rule', async () => {
    const limits = [
      ['urgent', 0, 2 ** 20 + 1],
      ['bulk', 1, 2 ** 25 + 1025],
    ] as const;
    for (const [lane, at, length] of limits) {
      const { peer, streams } = await lanes(['urgent', 'bulk']);
      await until(() => told('connected', peer).length === 1);
      streams[at]?.send(frameHeader(length));
      await until(() => told('disconnected', peer).length === 1);
      assert.equal(told('frame', peer).length, 0, lane);
      assert.equal(brokenRule(peer), 'network/frame-length', lane);
    }
  });

  it('who announce an empty frame are disconnected', async () => {
    const { peer, streams } = await lanes(['urgent', 'bulk']);
    streams[0]?.send(frameHeader(0));
    await until(() => told('disconnected', peer).length === 1);
  });

  it('who close one lane are disconnected', async () => {
    const { peer, streams } = await lanes(['urgent', 'bulk']);
    await until(() => told('connected', peer).length === 1);
    await streams[1]?.close();
    await until(() => told('disconnected', peer).length === 1);
    assert.equal(brokenRule(peer), undefined, 'leaving is no offence');
  });

  it('may send any bytes as a frame: what they mean is for the protocol to judge', async () => {
    const { peer, streams } = await lanes(['urgent', 'bulk']);
    streams[1]?.send(Buffer.concat([frameHeader(3), Uint8Array.of(255, 254, 253)]));
    await until(() => told('frame', peer).length === 1);
    assert.deepEqual(told('frame', peer)[0], { kind: 'frame', peer, bytes: Uint8Array.of(255, 254, 253) });
    assert.ok((node.network.traffic.received.get('unknown')?.bytes ?? 0) >= 3);
  });
});

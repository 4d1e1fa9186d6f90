import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OK } from '../../base/result.ts';
import type { Message } from '../messages/message.ts';
import type { Peer } from '../peer.ts';
import { ASK_AGAIN_BLOCKS, ASK_AGAIN_MS, GIVE_AGAIN_MS, GIVEN_BURST } from './limits.ts';
import { VoteExchange, type VotingHost } from './vote-exchange.ts';

const bytes = (fill: number) => new Uint8Array(8).fill(fill);

/** An exchange among peers n0, n1, …, whose engine keeps what it is told. */
function setUp({ peers = 3, hasEngine = true } = {}) {
  const sent: { readonly to: string; readonly message: Message }[] = [];
  const heard: { readonly from: string; readonly payload: Uint8Array }[] = [];
  const wakes: number[] = [];
  const chain = { head: { height: 10 }, final: { height: 10 } };
  const voting: VotingHost = {
    engine: 2,
    behindBlocks: 3,
    aheadBlocksMax: 64,
    checkedHeightMax: 50,
    past: {
      ...{ missing: undefined, isBehind: false },
      ...{ skip: () => {}, again: () => {}, take: () => ({ ok: true, value: false }) },
    },
    message: (payload, from) => heard.push({ payload, from }),
    voterOf: () => 1,
    certificateUpTo: (height) => (height === 0 ? undefined : bytes(height)),
  };
  const table = new Map<string, Peer>();
  const host = {
    chain,
    voting: hasEngine ? voting : undefined,
    send: (to: string, message: Message) => void sent.push({ to, message }),
    wake: (atMs: number) => void wakes.push(atMs),
  };
  const exchange = new VoteExchange({ host, peers: table });
  const join = (id: string, finalHeight = 0, headHeight = 0): Peer => {
    const peer = { id, finalHeight, head: { height: headHeight } } as Peer;
    table.set(id, peer);
    exchange.peerReady(peer, 0);
    return peer;
  };
  const all = Array.from({ length: peers }, (_, i) => join(`n${i}`));
  sent.splice(0);
  return { exchange, sent, heard, wakes, chain, table, join, all };
}

describe('passing votes on', () => {
  it('sends own votes to all, and names those of others to who may lack them', () => {
    const { exchange, sent } = setUp();
    exchange.broadcast(bytes(1), undefined, 0);
    exchange.broadcast(bytes(2), 'n1', 0);
    exchange.tick(1_000);
    assert.deepEqual(
      sent.map(({ to, message }) => `${to} ${message.kind}`),
      ['n0 consensus', 'n1 consensus', 'n2 consensus', 'n0 vote-announce', 'n2 vote-announce'],
    );
    assert.deepEqual(sent[0]?.message, { kind: 'consensus', engine: 2, payload: bytes(1) });
  });

  it('hands the engine what is for it, and holds anything else against its sender', () => {
    const { exchange, heard, all } = setUp();
    const [peer] = all as [Peer];
    assert.deepEqual(exchange.handle(peer, { kind: 'consensus', engine: 2, payload: bytes(3) }, 1), OK);
    assert.deepEqual(heard, [{ payload: bytes(3), from: 'n0' }]);
    const strange = exchange.handle(peer, { kind: 'consensus', engine: 1, payload: bytes(4) }, 1);
    assert.equal(!strange.ok && strange.error.rule, 'p2p/engine-unknown');
    assert.equal(heard.length, 1);
  });

  it('says nothing on a chain without votes, and takes nothing', () => {
    const { exchange, sent, all, join } = setUp({ hasEngine: false });
    join('n9', 99);
    exchange.broadcast(bytes(1), undefined, 1);
    exchange.headMoved(undefined, false, 1);
    assert.deepEqual(sent, []);
    for (const message of [
      { kind: 'consensus', engine: 2, payload: bytes(1) },
      { kind: 'certificate-request', height: 3 },
      { kind: 'vote-announce', ids: bytes(1) },
      { kind: 'vote-request', ids: bytes(1) },
    ] as const) {
      const refused = exchange.handle(all[0] as Peer, message, 1);
      assert.equal(!refused.ok && refused.error.rule, 'p2p/engine-unknown');
    }
  });

  it('gives the last certificate to who comes', () => {
    const { sent, join } = setUp();
    join('n7');
    assert.deepEqual(sent, [{ to: 'n7', message: { kind: 'consensus', engine: 2, payload: bytes(10) } }]);
  });

  it('gives certificates that are asked for, no faster than they may be asked for, and keeps nothing of who left', () => {
    const { exchange, sent, all } = setUp();
    const [peer, other] = all as [Peer, Peer];
    const ask = (from: Peer, nowMs: number) =>
      exchange.handle(from, { kind: 'certificate-request', height: 5 }, nowMs);
    for (let i = 0; i < 1_000; i++) ask(peer, 50_000);
    assert.equal(sent.length, GIVEN_BURST);
    ask(other, 50_000);
    assert.equal(sent.length, GIVEN_BURST + 1);
    ask(peer, 50_000 + GIVE_AGAIN_MS);
    assert.equal(sent.length, GIVEN_BURST + 2);
    assert.equal(exchange.counts.given, 2);
    exchange.peerGone(peer);
    exchange.peerGone(other);
    assert.equal(exchange.counts.given, 0);
  });

  it('asks for certificates when blocks came without, one peer after the other, those alone that have more', () => {
    const { exchange, sent, chain, table, join, wakes } = setUp();
    join('n3', 90);
    join('n4', 90);
    sent.splice(0);
    exchange.headMoved(undefined, false, 1_000);
    assert.equal(sent.length, 0);
    chain.head.height = 13;
    exchange.headMoved(undefined, false, 1_000);
    assert.deepEqual(sent[0], { to: 'n3', message: { kind: 'certificate-request', height: 13 } });
    exchange.headMoved(undefined, false, 1_001);
    assert.equal(sent.length, 1, 'not twice at once');
    assert.deepEqual(wakes, [1_000 + ASK_AGAIN_MS]);
    exchange.tick(1_000 + ASK_AGAIN_MS);
    assert.equal(sent[1]?.to, 'n4');
    chain.head.height += ASK_AGAIN_BLOCKS;
    exchange.headMoved(undefined, false, 1_001 + ASK_AGAIN_MS);
    assert.deepEqual(sent[2], { to: 'n3', message: { kind: 'certificate-request', height: 50 } });
    table.delete('n3');
    table.delete('n4');
    exchange.tick(99_000);
    assert.equal(sent.length, 3, 'nobody has more');
  });

  it('asks more and more rarely while nothing comes of it, and at once when something did', () => {
    const { exchange, sent, chain, join } = setUp({ peers: 0 });
    // Its final height is old, but its head says enough.
    join('n5', 0, 20);
    sent.splice(0);
    chain.head.height = 13;
    const asked: number[] = [];
    for (let nowMs = 0; nowMs <= 120_000; nowMs += 100) {
      exchange.tick(nowMs);
      exchange.headMoved(undefined, false, nowMs);
      if (sent.splice(0).length > 0) asked.push(nowMs);
    }
    assert.deepEqual(asked, [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500, 61_500, 91_500]);
    chain.final.height = 11;
    chain.head.height = 15;
    exchange.headMoved(undefined, false, 120_100);
    assert.equal(sent.length, 1);
  });
});

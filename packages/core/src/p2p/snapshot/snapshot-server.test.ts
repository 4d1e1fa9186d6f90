import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blankHistory, expectOk, grown, ruleOf, TestChain } from '../../chain/chain.testing.ts';
import { chunksOf, headersOf, joinSpec, offerOf } from '../../chain/join.testing.ts';
import type { Block } from '../../primitives/block.ts';
import type { Message } from '../messages/message.ts';
import { SNAPSHOT_LIMITS, type SnapshotLimits } from './limits.ts';
import { type SnapshotRequest, SnapshotServer } from './snapshot-server.ts';

const spec = joinSpec(3);
const history = blankHistory(51, spec);
const blocks: readonly Block[] = grown(history, 14, 2);
const source = new TestChain({ spec, checkpointBlocks: 5 });
source.importAll(blocks);
const offer = offerOf(source);

interface Sent {
  readonly peer: string;
  readonly message: Message;
  readonly atMs: number;
}

/** A server of a chain, with a clock that goes on when there is more to give. */
class Rig {
  readonly sent: Sent[] = [];
  readonly server: SnapshotServer;
  nowMs = 1_000;

  constructor(limits: Partial<SnapshotLimits> = {}, test = source) {
    const { chain } = test;
    const send = (peer: string, message: Message) => void this.sent.push({ peer, message, atMs: this.nowMs });
    this.server = new SnapshotServer({ ...SNAPSHOT_LIMITS, ...limits }, { chain, send });
  }

  /** Gives all there is to give, at most so many steps. */
  run(steps = 10_000): void {
    for (let i = 0; i < steps; i++) {
      const atMs = this.server.advance(this.nowMs);
      if (atMs === Number.POSITIVE_INFINITY) return;
      this.nowMs = Math.max(this.nowMs, atMs);
    }
    assert.fail('it never ends');
  }

  /** The answers to one request of one peer. */
  answers(request: SnapshotRequest): readonly Message[] {
    const before = this.sent.length;
    expectOk(this.server.ask('n1', request));
    this.run();
    return this.sent.slice(before).map(({ message }) => message);
  }
}

describe('what a node gives to those that join:', () => {
  it('the outline of its newest snapshot, which it makes when it is asked', () => {
    const again = source.reopen();
    const rig = new Rig({}, again);
    assert.equal(again.chain.snapshots.newest, undefined);
    assert.deepEqual(rig.answers({ kind: 'snapshot-request', request: 7 }), [
      { kind: 'snapshot-outline', request: 7, part: 0, parts: 1, bytes: offer.outline },
    ]);
  });

  it('no parts when it has none', () => {
    const rig = new Rig({}, new TestChain({ spec }));
    assert.deepEqual(rig.answers({ kind: 'snapshot-request', request: 7 }), [
      { kind: 'snapshot-outline', request: 7, part: 0, parts: 0, bytes: new Uint8Array(0) },
    ]);
  });

  it('chunks of that snapshot, and no bytes for any other', () => {
    const rig = new Rig();
    const ask = (outline: Uint8Array, index: number) => {
      const [answer] = rig.answers({ kind: 'chunk-request', request: 3, outline, index });
      assert.ok(answer?.kind === 'chunk' && answer.index === index && answer.request === 3);
      return answer.bytes;
    };
    for (const [index, chunk] of chunksOf(source, offer).entries())
      assert.deepEqual(ask(offer.id, index), chunk);
    assert.equal(ask(offer.id, offer.chunks).length, 0);
    assert.equal(ask(offer.id, 0xffff_ffff).length, 0);
    assert.equal(ask(new Uint8Array(32), 0).length, 0);
  });

  it('headers from a height on, up to its head', () => {
    const rig = new Rig();
    const ask = (height: number, limit: number) => {
      const [answer] = rig.answers({ kind: 'past-headers-request', request: 3, height, limit });
      assert.ok(answer?.kind === 'past-headers');
      return answer.headers;
    };
    const headers = headersOf(source);
    assert.deepEqual(ask(1, 256), headers);
    assert.deepEqual(ask(4, 3), headers.slice(3, 6));
    assert.deepEqual(ask(15, 256), []);
    assert.deepEqual(ask(0xffff_ffff, 256), []);
    assert.deepEqual(ask(1, 0), []);
  });

  it('final blocks of the best branch with their receipts, and nothing of others', () => {
    const side = grown(history.fork(12, 52), 1).slice(12);
    const test = new TestChain({ spec, checkpointBlocks: 5 });
    test.importAll(blocks);
    test.try(side[0] as Block);
    const rig = new Rig({}, test);
    const ids = [blocks[2], blocks[13], side[0]].map((block) => (block as Block).id);
    const given = rig
      .answers({ kind: 'past-blocks-request', request: 3, ids: [...ids, new Uint8Array(32)] })
      .map((message) => (message.kind === 'past-record' ? [message.record, message.bytes.length > 0] : []));
    const nothing = [
      ['block', false],
      ['receipts', false],
    ];
    assert.deepEqual(given, [['block', true], ['receipts', true], ...nothing, ...nothing, ...nothing]);
    assert.deepEqual(rig.answers({ kind: 'past-blocks-request', request: 3, ids: [] }), []);
  });
});

describe('what giving costs is bounded:', () => {
  const chunk: SnapshotRequest = { kind: 'chunk-request', request: 1, outline: offer.id, index: 0 };
  const bytesTo = (rig: Rig, peer: string) =>
    rig.sent.reduce(
      (sum, one) => sum + (one.peer === peer && one.message.kind === 'chunk' ? one.message.bytes.length : 0),
      0,
    );

  it('requests that wait', () => {
    const rig = new Rig({ requestsMax: 4 });
    for (let i = 0; i < 4; i++) expectOk(rig.server.ask('n1', chunk));
    assert.equal(ruleOf(rig.server.ask('n1', chunk)), 'p2p/requests-too-many');
    expectOk(rig.server.ask('n2', chunk));
    rig.run();
    assert.equal(rig.sent.length, 5);
    expectOk(rig.server.ask('n1', chunk));
  });

  it('bytes a second, for each peer and for all', () => {
    const size = chunksOf(source, offer)[0]?.length ?? 0;
    const limits = {
      requestsMax: 1_000,
      peerBytesPerSecond: 4 * size,
      peerBytesBurst: size,
      bytesPerSecond: 6 * size,
      bytesBurst: size,
    };
    for (const [peers, perSecond] of [
      [1, 4],
      [3, 6],
    ] as const) {
      const rig = new Rig(limits);
      for (let i = 0; i < 40; i++)
        for (let peer = 0; peer < peers; peer++) expectOk(rig.server.ask(`n${peer}`, chunk));
      rig.run();
      const seconds = (rig.nowMs - 1_000) / 1_000;
      const rate = (peers * 40) / seconds;
      assert.ok(rate <= 1.1 * perSecond && rate >= 0.9 * perSecond, `${rate} chunks a second`);
      assert.equal(bytesTo(rig, 'n0'), 40 * size);
    }
  });

  it('bytes of one step, and everybody has a turn', () => {
    const rig = new Rig({ stepBytes: 1, requestsMax: 100 });
    for (let i = 0; i < 20; i++) for (const peer of ['n1', 'n2']) expectOk(rig.server.ask(peer, chunk));
    for (let i = 0; i < 10; i++) rig.server.advance(rig.nowMs);
    assert.equal(rig.sent.length, 10);
    assert.equal(bytesTo(rig, 'n1'), bytesTo(rig, 'n2'));
  });

  it('a peer that is gone is forgotten', () => {
    const rig = new Rig();
    expectOk(rig.server.ask('n1', chunk));
    rig.server.peerGone('n1');
    rig.run();
    assert.deepEqual(rig.sent, []);
  });
});

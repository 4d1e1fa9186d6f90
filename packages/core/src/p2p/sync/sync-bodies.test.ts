import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blankHistory, grown, specOfDepth, spoiled, TestChain } from '../../chain/chain.testing.ts';
import { type Block, createBlock } from '../../primitives/block.ts';
import type { Message } from '../messages/message.ts';
import { SYNC_LIMITS } from './limits.ts';
import { type Bend, later, type RigOptions, ServingPeer, SyncRig, silent } from './sync.testing.ts';

const spec = specOfDepth(20);
const chain = { spec };
const history = blankHistory(74, spec);
const blocks = grown(history, 120, 2);
const byHeight = (height: number) => blocks[height - 1] as Block;
const peerOf = (bend: Bend = later(10), some: readonly Block[] = blocks) =>
  new ServingPeer(some, bend, chain);
const rigOf = (options: Partial<RigOptions> = {}) => new SyncRig({ chain, ...options });

/** Answers headers as it should, and blocks in a way of its own. */
const bendBodies =
  (bend: (answer: Message & { kind: 'body' | 'bodies-missing' }) => ReturnType<Bend>): Bend =>
  (answer) =>
    answer.kind === 'body' || answer.kind === 'bodies-missing'
      ? bend(answer)
      : [{ message: answer, delayMs: 10 }];

const withBytes = (change: (bytes: Uint8Array) => Uint8Array): Bend =>
  bendBodies((answer) => [
    { message: answer.kind === 'body' ? { ...answer, bytes: change(answer.bytes) } : answer, delayMs: 10 },
  ]);

/** Blocks of `height` with other transactions than their header commits to. */
const otherBody = (height: number): Bend =>
  withBytes((bytes) => {
    const block = byHeight(height);
    if (bytes.length !== block.bytes.length || bytes.some((byte, i) => byte !== block.bytes[i])) return bytes;
    return createBlock(block.header, block.transactions.slice(0, 1)).bytes;
  });

describe('peers that lie with blocks are found out:', () => {
  const cases: readonly [string, Bend][] = [
    ['another block', withBytes(() => byHeight(7).bytes)],
    ['garbage', withBytes(() => Uint8Array.of(1, 2, 3))],
    ['nothing', withBytes(() => new Uint8Array())],
    ['a block that is cut off', withBytes((bytes) => bytes.subarray(0, bytes.length - 4))],
    ['a block with something after it', withBytes((bytes) => Uint8Array.from([...bytes, 0, 0, 0, 0]))],
    ['a header with other transactions', otherBody(30)],
  ];
  for (const [name, bend] of cases) {
    it(name, () => {
      const rig = rigOf();
      rig.join('liar', peerOf(bend));
      assert.ok(
        rig.runUntil(() => rig.left.includes('liar')),
        `${rig.rules('liar')}`,
      );
      assert.deepEqual([...new Set(rig.rules('liar'))], ['p2p/body-wrong']);
      rig.join('honest', peerOf());
      assert.ok(rig.runUntil(() => rig.height === 120));
      assert.deepEqual(rig.rules('honest'), []);
    });
  }

  it('also while honest peers give the rest', () => {
    const rig = rigOf();
    rig.join('a', peerOf());
    rig.join('liar', peerOf(otherBody(50)));
    rig.join('b', peerOf());
    assert.ok(rig.runUntil(() => rig.height === 120));
    assert.deepEqual([...rig.rules('a'), ...rig.rules('b')], []);
  });

  it('a block that breaks a rule when it is executed, and whoever gave its header', () => {
    const bad = spoiled(byHeight(60));
    const good = blocks.slice(0, 59);
    const liar = peerOf(later(10), good);
    liar.extra(bad);
    const rig = rigOf();
    rig.join('liar', liar);
    assert.ok(rig.runUntil(() => rig.left.includes('liar')));
    assert.equal(rig.height, 59);
    rig.join('honest', peerOf());
    assert.ok(rig.runUntil(() => rig.height === 120));
  });

  it('blocks that nobody asked for', () => {
    const rig = rigOf();
    rig.join('liar', peerOf(silent));
    const { id, bytes } = byHeight(3);
    rig.tell('liar', { kind: 'body', request: 9, id, bytes });
    rig.tell('liar', { kind: 'bodies-missing', request: 9, ids: [id] });
    assert.deepEqual(rig.rules('liar'), ['p2p/body-unasked', 'p2p/body-unasked']);
    assert.equal(rig.sync.progress.heldBytes, 0);
  });

  it('the same block twice', () => {
    const twice = bendBodies((message) => [
      { message, delayMs: 10 },
      { message, delayMs: 11 },
    ]);
    const rig = rigOf();
    rig.join('a', peerOf(twice));
    assert.ok(rig.runUntil(() => rig.height === 120));
    assert.ok(rig.rules('a').every((rule) => rule === 'p2p/body-unasked'));
  });
});

describe('peers that hold up the download', () => {
  const slow = (delayMs: number) => bendBodies((message) => [{ message, delayMs }]);

  it('by never sending a block are left, and the others do the work', () => {
    const rig = rigOf();
    rig.join('mute', peerOf(bendBodies(() => [])));
    rig.join('a', peerOf());
    assert.ok(
      rig.runUntil(() => rig.height === 120, 5_000),
      `${rig.height}`,
    );
    rig.run(60_000);
    assert.ok(rig.rules('mute').includes('p2p/bodies-late'));
    assert.deepEqual(rig.rules('a'), []);
  });

  it('by never sending a block are closed when they are all there is', () => {
    const rig = rigOf();
    rig.join('mute', peerOf(bendBodies(() => [])));
    assert.ok(rig.runUntil(() => rig.left.includes('mute'), 120_000));
    assert.equal(rig.rules('mute').length, SYNC_LIMITS.failuresMax);
  });

  it('by sending each block just in time are asked for little', () => {
    const rig = rigOf();
    for (const id of ['s1', 's2', 's3']) rig.join(id, peerOf(slow(9_000)));
    const fast = peerOf();
    rig.join('fast', fast);
    assert.ok(
      rig.runUntil(() => rig.height === 120, 30_000),
      `${rig.height}`,
    );
    assert.ok(fast.bodiesAsked > 100, `${fast.bodiesAsked}`);
  });

  it('as all of them do, still bring the node up', () => {
    const rig = rigOf();
    for (const id of ['s1', 's2']) rig.join(id, peerOf(slow(3_000)));
    assert.ok(
      rig.runUntil(() => rig.height === 120, 600_000),
      `${rig.height}`,
    );
    assert.deepEqual(rig.punished, []);
  });

  it('by saying that every block is missing are left alone for longer and longer', () => {
    const none = bendBodies((answer) =>
      answer.kind === 'bodies-missing'
        ? []
        : [{ message: { kind: 'bodies-missing', request: answer.request, ids: [answer.id] }, delayMs: 10 }],
    );
    const rig = rigOf();
    const liar = peerOf(none);
    rig.join('none', liar);
    rig.run(30_000);
    assert.ok(liar.bodiesAsked < 60, `${liar.bodiesAsked}`);
    rig.join('a', peerOf());
    assert.ok(rig.runUntil(() => rig.height === 120, 90_000));
  });

  it('by leaving in the middle', () => {
    const rig = rigOf({ importMs: 5 });
    rig.join('a', peerOf(later(50)));
    rig.join('b', peerOf(later(50)));
    assert.ok(rig.runUntil(() => rig.height >= 20));
    rig.leave('a');
    assert.ok(rig.runUntil(() => rig.height === 120));
    assert.deepEqual(rig.punished, []);
  });
});

describe('what is in flight', () => {
  const sum = (some: readonly Block[]) => some.reduce((bytes, block) => bytes + block.bytes.length, 0);

  it('is bounded in bytes, of small blocks as of large ones', () => {
    const bodyBytesMax = Math.floor(sum(blocks) / 10);
    const rig = rigOf({ importMs: 30, sync: { limits: { bodyBytesMax } } });
    for (const id of ['a', 'b', 'c']) rig.join(id, peerOf(later(20)));
    assert.ok(rig.runUntil(() => rig.height === 120));
    const largest = Math.max(...blocks.map(({ bytes }) => bytes.length));
    assert.ok(rig.heldBytesPeak <= bodyBytesMax + largest, `${rig.heldBytesPeak} of ${bodyBytesMax}`);
    assert.ok(rig.heldBytesPeak >= bodyBytesMax / 3, `${rig.heldBytesPeak} of ${bodyBytesMax}`);
  });

  it('is bounded when all blocks turn out a hundred times as large as those before', () => {
    const growing = blankHistory(75, spec);
    grown(growing, 40, 0);
    const all = grown(growing, 40, 12);
    const bodyBytesMax = 20_000;
    const rig = rigOf({ importMs: 30, sync: { limits: { bodyBytesMax, feedBytesMax: 10_000 } } });
    for (const id of ['a', 'b', 'c']) rig.join(id, peerOf(later(20), all));
    assert.ok(rig.runUntil(() => rig.height === 80));
    const largest = Math.max(...all.map(({ bytes }) => bytes.length));
    assert.ok(rig.heldBytesPeak <= bodyBytesMax + largest, `${rig.heldBytesPeak}`);
  });

  it('keeps the node fed: it never waits for a block that a peer could have sent', () => {
    const rig = rigOf({ importMs: 40 });
    rig.join('a', peerOf(later(30)));
    assert.ok(rig.runUntil(() => rig.height >= 1));
    const startMs = rig.nowMs;
    assert.ok(rig.runUntil(() => rig.height === 120));
    assert.ok(rig.nowMs - startMs <= 119 * 40 + 5, `${rig.nowMs - startMs}`);
  });

  it('survives a node that is busy', () => {
    const rig = rigOf({ importMs: 2 });
    rig.busy = 30;
    rig.join('a', peerOf());
    assert.ok(rig.runUntil(() => rig.height === 120));
    assert.deepEqual(rig.punished, []);
  });
});

describe('a node that stops in the middle', () => {
  it('goes on where its chain ends when it starts again', () => {
    const first = rigOf({ importMs: 5 });
    first.join('a', peerOf());
    assert.ok(first.runUntil(() => first.height >= 50));
    const { height } = first;
    const again = new SyncRig({ chain, test: new TestChain(chain, first.test.store.crash()) });
    assert.equal(again.height, height);
    const peer = peerOf();
    again.join('a', peer);
    assert.ok(again.runUntil(() => again.height === 120));
    assert.equal(peer.bodiesAsked, 120 - height);
  });
});

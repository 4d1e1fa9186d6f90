import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { equalBytes, toHex } from '../../base/bytes.ts';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { blankHistory, grown, specOfDepth, TestChain } from '../../chain/chain.testing.ts';
import type { History } from '../../ledger/testing/history.testing.ts';
import { type Block, createBlock } from '../../primitives/block.ts';
import { type Bend, later, type Reply, ServingPeer, SyncRig, silent } from './sync.testing.ts';

const DEPTH = 12;
const spec = specOfDepth(DEPTH);
const chain = { spec };
const trunk = blankHistory(76, spec);
const stem = grown(trunk, 40, 1);
/** A branch of `length` blocks that leaves the stem after block `height`. */
const branch = (height: number, length: number, seed = 1): readonly Block[] =>
  grown(trunk.fork(height, seed), length, 1);
const peerOf = (blocks: readonly Block[], bend: Bend = later(10)) => new ServingPeer(blocks, bend, chain);

function rigAt(blocks: readonly Block[]): SyncRig {
  const test = new TestChain(chain);
  test.importAll(blocks);
  return new SyncRig({ chain, test });
}

const headOf = (rig: SyncRig) => toHex(rig.test.chain.head.id);
const tipOf = (blocks: readonly Block[]) => toHex((blocks.at(-1) as Block).id);

describe('a node on another branch', () => {
  it('changes to a heavier one, and gets nothing that both share', () => {
    const other = branch(35, 9);
    const rig = rigAt(stem);
    const peer = peerOf(other);
    rig.join('a', peer);
    assert.ok(rig.runUntil(() => headOf(rig) === tipOf(other)));
    assert.equal(peer.bodiesAsked, 9);
    assert.deepEqual(rig.punished, []);
  });

  it('stays where it is when the other one is lighter', () => {
    const rig = rigAt(stem);
    const peer = peerOf(branch(35, 4));
    rig.join('a', peer);
    rig.run(10_000);
    assert.equal(headOf(rig), tipOf(stem));
    assert.deepEqual([peer.bodiesAsked, rig.punished.length], [0, 0]);
  });

  it('agrees with others on one of two equally heavy branches', () => {
    const other = branch(38, 2);
    const [a, b] = [rigAt(stem), rigAt(other)];
    a.join('b', peerOf(other));
    b.join('a', peerOf(stem));
    a.run(5_000);
    b.run(5_000);
    assert.equal(headOf(a), headOf(b));
  });

  it('is not led below its last final block', () => {
    const rig = rigAt(stem);
    const deep = branch(40 - DEPTH - 6, 40);
    rig.join('a', peerOf(deep));
    rig.run(5_000);
    assert.equal(headOf(rig), tipOf(stem));
    assert.ok(rig.rules('a').includes('p2p/fork-behind-final'), `${rig.rules('a')}`);
    assert.equal(rig.sync.progress.pendingHeaders, 0);
    // It goes on with those of its own branch.
    const more = branch(40, 10);
    rig.join('b', peerOf(more));
    assert.ok(rig.runUntil(() => headOf(rig) === tipOf(more)));
  });

  it('turns to a third branch that shows up while it downloads the second', () => {
    const [second, third] = [branch(36, 30, 2), branch(36, 60, 3)];
    const rig = rigAt(stem);
    rig.join('a', peerOf(second, later(40)));
    assert.ok(rig.runUntil(() => rig.sync.progress.missing > 0));
    rig.join('b', peerOf(third, later(15)));
    assert.ok(rig.runUntil(() => headOf(rig) === tipOf(third)));
    assert.deepEqual(rig.punished, []);
  });

  it('gives a branch up whose blocks nobody has, and follows the best that is there', () => {
    const withheld = branch(36, 60, 4);
    const real = branch(36, 30, 5);
    const onlyHeaders: Bend = (answer) =>
      answer.kind === 'headers' ? [{ message: answer, delayMs: 10 }] : [];
    const rig = rigAt(stem);
    rig.join('liar', peerOf(withheld, onlyHeaders));
    rig.join('honest', peerOf(real));
    assert.ok(
      rig.runUntil(() => headOf(rig) === tipOf(real), 180_000),
      `${rig.height}`,
    );
    assert.deepEqual(rig.rules('honest'), []);
  });

  it('is told of a block that it made itself or got otherwise, and does not get it again', () => {
    const rig = rigAt(stem.slice(0, 20));
    const peer = peerOf(stem, later(200));
    rig.join('a', peer);
    rig.run(300);
    for (const block of stem.slice(20)) rig.relay(block);
    rig.run(5_000);
    assert.equal(headOf(rig), tipOf(stem));
    assert.deepEqual(rig.punished, []);
    assert.deepEqual(rig.sync.progress.missing, 0);
    assert.deepEqual(rig.sync.progress.heldBytes, 0);
  });
});

interface World {
  readonly tips: readonly History[];
  readonly best: Block;
}

/** Branches on a stem, none of them deeper than a node at the end of the stem can change to. */
function worldOf(seed: number): World {
  const random = seededRandom(seed);
  const base = trunk.fork(30, seed);
  const tips = [base];
  for (let i = 0; i < 3; i++) {
    const from = random.pick(tips);
    const top = from.head.header.height;
    const tip = from.fork(30 + random.below(top - 29), random.u32());
    grown(tip, 1 + random.below(12), 1);
    tips.push(tip);
  }
  const test = new TestChain(chain);
  for (const tip of tips) for (const { block } of tip.blocks) test.try(block);
  const best = tips.find(({ head }) => equalBytes(head.id, test.chain.head.id));
  return { tips, best: (best as History).head };
}

/** What a peer may do to its answers, by dice. */
function mischief(random: ReturnType<typeof seededRandom>): Bend {
  const kind = random.below(6);
  const delay = () => 1 + random.below(kind === 0 ? 6_000 : 60);
  if (kind === 1) return silent;
  return (answer): readonly Reply[] => {
    if (kind === 2 && random.oneIn(3)) return [];
    if (kind === 3 && answer.kind === 'body' && random.oneIn(3)) {
      return [{ message: { ...answer, bytes: random.bytes(random.below(500)) }, delayMs: delay() }];
    }
    if (kind === 4 && answer.kind === 'headers' && random.oneIn(2)) {
      return [{ message: { ...answer, headers: answer.headers.slice(random.below(4)) }, delayMs: delay() }];
    }
    if (kind === 5) {
      const reply = { message: answer, delayMs: delay() };
      return random.oneIn(3) ? [reply, { ...reply, delayMs: delay() }] : [reply];
    }
    return [{ message: answer, delayMs: delay() }];
  };
}

describe('in any company', () => {
  it('with one honest peer on the best branch, a node ends there, within its bounds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7fff_ffff }), (seed) => {
        const random = seededRandom(seed);
        const { tips, best } = worldOf(seed);
        const bodyBytesMax = 20_000;
        const limits = {
          bodyBytesMax,
          headersPerRequest: 8 + random.below(20),
          feedBlocksMax: 1 + random.below(8),
        };
        const test = new TestChain(chain);
        test.importAll(trunk.blocks.slice(0, 28 + random.below(3)).map(({ block }) => block));
        const rig = new SyncRig({ chain, test, sync: { limits }, importMs: random.below(20) });
        const blocksOf = (tip: History) => tip.blocks.map(({ block }) => block);
        const bestTip = tips.find(({ head }) => head === best) as History;
        const crowd = Array.from({ length: 1 + random.below(4) }, () => random.pick(tips));
        for (const [i, tip] of crowd.entries()) rig.join(`x${i}`, peerOf(blocksOf(tip), mischief(random)));
        rig.run(random.below(3_000));
        rig.join('honest', peerOf(blocksOf(bestTip), later(1 + random.below(100))));
        assert.ok(
          rig.runUntil(() => equalBytes(rig.test.chain.head.id, best.id), 400_000),
          `seed ${seed}: ${rig.height} of ${best.header.height}`,
        );
        assert.deepEqual(rig.rules('honest'), []);
        const largest = Math.max(...tips.flatMap(blocksOf).map(({ bytes }) => bytes.length));
        assert.ok(rig.heldBytesPeak <= bodyBytesMax + largest);
        rig.run(20_000);
        const { missing, heldBytes } = rig.sync.progress;
        assert.deepEqual([missing, heldBytes], [0, 0]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a restart in the middle', () => {
  it('of a change of branches ends at the same head', () => {
    const other = branch(34, 30, 6);
    const rig = rigAt(stem);
    rig.join('a', peerOf(other, later(30)));
    assert.ok(rig.runUntil(() => rig.imported.length >= 3));
    const again = new SyncRig({ chain, test: new TestChain(chain, rig.test.store.crash()) });
    again.join('a', peerOf(other));
    assert.ok(again.runUntil(() => headOf(again) === tipOf(other)));
  });
});

describe('a block that is bad within a good looking branch', () => {
  it('takes everything after it along, and nothing before', () => {
    const good = branch(38, 10, 7);
    const bad = createBlock(
      { ...(good.at(-1) as Block).header, gasUsed: 1 },
      (good.at(-1) as Block).transactions,
    );
    const liar = peerOf(good.slice(0, -1));
    liar.extra(bad);
    const rig = rigAt(stem);
    rig.join('liar', liar);
    rig.run(5_000);
    assert.equal(headOf(rig), tipOf(good.slice(0, -1)));
    assert.ok(rig.left.includes('liar'));
  });
});

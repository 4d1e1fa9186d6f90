import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { createConsensus } from '../consensus/create-consensus.ts';
import { historyIndex } from '../history/history-index.ts';
import type { Block } from '../primitives/block.ts';
import { stateRoot } from '../state/world-state.ts';
import {
  blankHistory,
  grown,
  ruleOf,
  specOfVotes,
  spoiled,
  TestChain,
  testMapKernel,
} from './chain.testing.ts';
import { layout } from './layout.ts';

const spec = specOfVotes();
const CERTIFICATE = Uint8Array.of(1, 2, 3);

/** A trunk of 6 blocks, and a branch of 2 on the second of them. */
function branches(): { readonly trunk: readonly Block[]; readonly side: readonly Block[] } {
  const history = blankHistory(8, spec);
  const trunk = grown(history, 6);
  return { trunk, side: grown(history.fork(2, 80), 2).slice(2) };
}

const last = (blocks: readonly Block[]): Block => blocks.at(-1) as Block;

for (const kernel of [undefined, testMapKernel]) {
  describe(`a preferred block (${kernel === undefined ? 'plain' : 'map'} kernel)`, () => {
    const { trunk, side } = branches();
    const grow = () => {
      const test = new TestChain({ spec, index: historyIndex, ...(kernel === undefined ? {} : { kernel }) });
      test.importAll([...trunk, ...side]);
      assert.deepEqual(test.chain.head.id, last(trunk).id);
      return test;
    };

    it('takes the head to a lighter branch, and keeps it there', () => {
      const test = grow();
      const update = test.prefer(last(side).id);
      assert.equal(update.kind, 'head');
      assert.deepEqual([update.removed.length, update.added.length], [4, 2]);
      assert.deepEqual(test.chain.head.id, last(side).id);
      assert.deepEqual(stateRoot(test.chain.state), last(side).header.stateRoot);
      const heavier = grown(blankHistory(8, spec), 8).slice(6);
      for (const block of heavier) assert.equal(test.import(block).kind, 'side');
      assert.deepEqual(test.chain.head.id, last(side).id);
      const reopened = test.reopen();
      assert.deepEqual(reopened.summary, test.summary, 'a lighter head survives a restart');
      assert.equal(
        reopened.chain.counts.sides,
        test.chain.counts.sides,
        'and so do the heavier blocks beside it',
      );
      assert.equal(test.prefer(trunk[1]?.id as Uint8Array).kind, 'head');
      assert.deepEqual(test.chain.head.id, last(heavier).id, 'the best of what descends from it');
      assert.equal(test.prefer(trunk[3]?.id as Uint8Array).kind, 'known', 'the head does already');
    });

    it('is not executed again when it was before', () => {
      const consensus = createConsensus(spec);
      let executions = 0;
      const production = {
        ...consensus.production,
        claimOf: (seal: Uint8Array) => {
          executions += 1;
          return consensus.production.claimOf(seal);
        },
      };
      const test = new TestChain({
        spec,
        consensus: { ...consensus, production, judge: (context) => consensus.judge(context) },
        index: historyIndex,
        ...(kernel === undefined ? {} : { kernel }),
      });
      test.importAll([...trunk, ...side]);
      assert.equal(executions, trunk.length);
      for (const { id } of side) assert.ok(test.chain.execute(id).ok);
      assert.equal(executions, trunk.length + side.length);
      const update = test.prefer(last(side).id);
      assert.deepEqual([update.removed.length, update.added.length], [4, 2]);
      assert.equal(executions, trunk.length + side.length, 'each block once');
      assert.deepEqual(stateRoot(test.chain.state), last(side).header.stateRoot);
      assert.deepEqual(test.reopen().summary, test.summary);
      executions = 0;
      assert.equal(test.prefer(last(trunk).id).kind, 'head', 'and back');
      assert.equal(executions, 0, 'nor are those that had left the best branch');
      assert.deepEqual(stateRoot(test.chain.state), last(trunk).header.stateRoot);
      assert.ok(test.chain.receiptBytes(last(trunk).id).ok);
      assert.deepEqual(test.reopen().summary, test.summary);
    });

    it('is final at once by a certificate, which is a record of the same batch', () => {
      const test = grow();
      const update = test.finalise(side[0]?.id as Uint8Array, CERTIFICATE);
      assert.equal(update.kind, 'head');
      assert.deepEqual(
        update.finalised.map(({ height }) => height),
        [1, 2, 3],
      );
      assert.deepEqual(test.chain.final.id, side[0]?.id);
      assert.deepEqual(test.chain.head.id, last(side).id);
      assert.ok(update.batch.puts.some(([key]) => toHex(key) === toHex(layout.certificate(3))));
      assert.deepEqual(test.chain.lastCertificate, CERTIFICATE);
      assert.equal(test.chain.certificate(2), undefined);
      assert.equal(test.chain.counts.sides, 0, 'the trunk competes with a final block');
      assert.equal(ruleOf(test.chain.prefer(last(trunk).id)), 'chain/block-unknown');
      assert.equal(ruleOf(test.try(trunk[2] as Block)), 'chain/behind-final');
      assert.deepEqual(test.reopen().summary, test.summary);
      assert.deepEqual(test.reopen().chain.lastCertificate, CERTIFICATE);
      assert.equal(test.finalise(side[0]?.id as Uint8Array, CERTIFICATE).kind, 'known', 'again');
      assert.equal(test.finalise(trunk[0]?.id as Uint8Array, CERTIFICATE).kind, 'known', 'before it');
    });

    it('may lie ahead of the block that becomes final', () => {
      const test = grow();
      test.prefer(last(side).id);
      const update = test.finalise(trunk[1]?.id as Uint8Array, CERTIFICATE);
      assert.equal(update.kind, 'final');
      assert.deepEqual(test.chain.head.id, last(side).id, 'it is still preferred');
      assert.equal(test.import(grown(blankHistory(8, spec), 7)[6] as Block).kind, 'side');
    });

    it('is refused with all as it was when it is invalid or unknown', () => {
      const test = grow();
      const bad = spoiled(grown(blankHistory(8, spec).fork(0, 3), 1)[0] as Block);
      assert.equal(test.import(bad).kind, 'side');
      const before = test.summary;
      assert.equal(ruleOf(test.chain.prefer(bad.id)), 'block/state-root-mismatch');
      assert.equal(ruleOf(test.chain.prefer(bad.id)), 'chain/block-invalid');
      assert.equal(ruleOf(test.chain.finalise(bad.id, CERTIFICATE)), 'chain/block-invalid');
      assert.equal(ruleOf(test.chain.execute(bad.id)), 'chain/block-invalid');
      assert.equal(ruleOf(test.chain.execute(bad.header.stateRoot)), 'chain/block-unknown');
      assert.deepEqual(test.summary, before);
    });

    it('is executed on request without becoming the head', () => {
      const test = grow();
      const before = test.summary;
      assert.equal(ruleOf(test.chain.execute(last(side).id)), 'ok');
      assert.equal(ruleOf(test.chain.execute(test.chain.chainId)), 'ok');
      assert.deepEqual(test.summary, before);
      const state = test.chain.stateAt(last(side).id);
      assert.deepEqual(state === undefined ? undefined : stateRoot(state), last(side).header.stateRoot);
    });
  });
}

describe('too many side blocks', () => {
  it('are first those that cannot become the head, however heavy', () => {
    const history = blankHistory(9, spec);
    const trunk = grown(history, 3);
    const heavy = grown(history.fork(1, 90), 12).slice(1);
    const test = new TestChain({ spec, limits: { sideBlocksMax: 4 } });
    test.importAll(trunk);
    test.prefer(trunk[2]?.id as Uint8Array);
    for (const block of heavy) test.try(block);
    assert.equal(test.chain.counts.sides, 4);
    const rival = grown(history.fork(3, 91), 3).slice(3);
    for (const block of [...grown(history, 2).slice(3), ...rival]) test.import(block);
    assert.equal(test.chain.head.height, 6);
    assert.deepEqual(test.chain.head.id, last(rival).id);
    assert.ok(test.chain.counts.sides <= 4);
  });
});

describe('votes that do not come', () => {
  const options = { spec, checkpointBlocks: 4, limits: { checkpointHeldBlocks: 10 } };
  const blocks = grown(blankHistory(9, spec), 40, 0);

  it('keep no chain from writing checkpoints, so that a restart does not begin with genesis', () => {
    const test = new TestChain(options);
    for (const block of blocks) {
      test.import(block);
      const { replayed, checkpointHeight } = test.reopen().opened;
      assert.equal(replayed + checkpointHeight, block.header.height);
      assert.ok(replayed <= 18, `${replayed} blocks are executed again`);
    }
    assert.equal(test.chain.final.height, 0);
    const again = test.reopen();
    assert.deepEqual(again.summary, test.summary);
    again.finalise((blocks[36] as Block).id, CERTIFICATE);
    assert.equal(again.chain.final.height, 37);
    again.importAll(grown(blankHistory(9, spec), 44, 0).slice(40));
    assert.ok(again.reopen().opened.checkpointHeight >= 36);
  });

  it('and a branch may still win that leaves from before such a checkpoint', () => {
    const test = new TestChain(options);
    test.importAll(blocks);
    const { checkpointHeight } = test.reopen().opened;
    assert.ok(checkpointHeight >= 20);
    const history = blankHistory(9, spec);
    grown(history, 10, 0);
    const rival = grown(history.fork(8, 92), 4).slice(8);
    test.importAll(rival);
    test.prefer(last(rival).id);
    assert.equal(test.chain.head.height, 12);
    const again = test.reopen();
    assert.deepEqual(again.summary, test.summary);
    assert.ok(again.opened.checkpointHeight <= 8, 'that of the other branch is of no use');
  });
});

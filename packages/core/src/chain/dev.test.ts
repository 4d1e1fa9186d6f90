import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { historyIndex } from '../history/history-index.ts';
import type { Block } from '../primitives/block.ts';
import {
  blankHistory,
  contentOf,
  expectOk,
  grown,
  ruleOf,
  specOfDepth,
  specOfVotes,
  TestChain,
} from './chain.testing.ts';
import { layout } from './layout.ts';

const ids = (blocks: readonly Block[]) => blocks.map(({ id }) => toHex(id));

describe('going back by force', () => {
  const trunk = blankHistory(10);
  const blocks = grown(trunk, 9);

  it('is the store as it was, at any height, and the chain goes on from there', () => {
    for (const height of [8, 3, 1, 0]) {
      const test = new TestChain({ mode: { kind: 'archive' }, index: historyIndex });
      const before: Map<string, Uint8Array>[] = [contentOf(test.batches)];
      for (const block of blocks) {
        test.import(block);
        before.push(contentOf(test.batches));
      }
      const id = test.chain.idAt(height) as Uint8Array;
      const update = expectOk(test.chain.rewind(id));
      test.commit(update.batch);
      assert.deepEqual(ids(update.removed), ids(blocks.slice(height).toReversed()));
      assert.deepEqual(test.chain.head.id, id);
      const after = contentOf(test.batches);
      for (const content of [after, before[height] as Map<string, Uint8Array>]) {
        content.delete(toHex(layout.head));
      }
      assert.deepEqual(after, before[height]);
      assert.deepEqual(test.reopen().summary, test.summary);
      test.importAll(grown(trunk.fork(height, 100 + height), 3).slice(height));
      assert.equal(test.chain.head.height, height + 3);
    }
  });

  it('leaves final what certificates up to there say, and forgets later ones', () => {
    const spec = specOfVotes();
    const test = new TestChain({ spec, mode: { kind: 'archive' } });
    const voted = grown(blankHistory(10, spec), 9);
    test.importAll(voted);
    const id = (height: number) => (voted[height - 1] as Block).id;
    for (const height of [3, 6]) test.finalise(id(height), Uint8Array.of(height));
    for (const [height, final] of [
      [8, 6],
      [6, 6],
      [5, 3],
      [2, 0],
    ] as const) {
      test.commit(expectOk(test.chain.rewind(id(height))).batch);
      assert.deepEqual([test.chain.head.height, test.chain.final.height], [height, final]);
      assert.deepEqual(test.chain.lastCertificate, final === 0 ? undefined : Uint8Array.of(final));
      assert.equal(test.chain.certificate(6) === undefined, height < 6);
      assert.deepEqual(test.reopen().summary, test.summary);
    }
  });

  it('needs a development network, the best branch, and undo records', () => {
    const id = (blocks[0] as Block).id;
    const kept = new TestChain({ mode: { kind: 'archive' } });
    kept.importAll(blocks);
    assert.equal(ruleOf(kept.chain.rewind(new Uint8Array(32))), 'chain/not-on-best-branch');
    assert.equal(expectOk(kept.chain.rewind(kept.chain.head.id)).kind, 'known');
    const plain = new TestChain();
    plain.importAll(blocks);
    assert.equal(ruleOf(plain.chain.rewind(id)), 'data/corrupt-undo');
    assert.equal(plain.chain.head.height, 9);
    const main = new TestChain({ spec: { ...specOfDepth(6), dev: false } });
    assert.equal(ruleOf(main.chain.rewind(main.chain.chainId)), 'chain/dev-only');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { createConsensus } from '../consensus/create-consensus.ts';
import { verifySignature } from '../crypto/signature.ts';
import { History } from '../ledger/testing/history.testing.ts';
import { signBlank } from '../ledger/testing/owners.testing.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import type { Block } from '../primitives/block.ts';
import { createBlock } from '../primitives/block.ts';
import { decodeReceipts } from '../primitives/receipt.ts';
import { stateRoot } from '../state/world-state.ts';
import {
  blankHistory,
  chainDependencies,
  chainOptions,
  expectOk,
  grown,
  realSeal,
  ruleOf,
  runToEnd,
  signedHistory,
  specOfDepth,
  TEST_NOW_MS,
  TestChain,
} from './chain.testing.ts';
import { layout } from './layout.ts';
import type { ChainLimits } from './limits.ts';
import { openChain } from './open-chain.ts';

const ids = (blocks: readonly Block[]) => blocks.map(({ id }) => toHex(id));

describe('a chain that grows', () => {
  const history = blankHistory(1);
  const blocks = grown(history, 10);

  it('begins with genesis, whose id is the chain id', () => {
    const { chain, batches } = new TestChain();
    assert.deepEqual(chain.chainId, history.genesis.id);
    assert.deepEqual(chain.head.id, history.genesis.id);
    assert.deepEqual(chain.final, chain.head);
    assert.equal(batches.length, 1);
    assert.deepEqual(expectOk(chain.block(chain.chainId)).bytes, history.genesis.bytes);
  });

  it('follows each block with one batch that holds all of it', () => {
    const test = new TestChain();
    for (const [i, { block, result }] of history.blocks.entries()) {
      const update = test.import(block);
      assert.equal(update.kind, 'head');
      assert.deepEqual(update.removed, []);
      assert.deepEqual(update.added, [block]);
      assert.deepEqual(test.store.get(layout.receipts(block.id)), result.receipts);
      assert.deepEqual(test.chain.head.header, block.header);
      assert.equal(test.chain.head.weight, BigInt(i + 1));
      assert.deepEqual(stateRoot(test.chain.state), block.header.stateRoot);
      assert.equal(test.batches.length, i + 2);
      const final = Math.max(0, i + 1 - 6);
      assert.equal(test.chain.final.height, final);
      assert.deepEqual(
        update.finalised.map(({ height }) => height),
        i + 1 > 6 ? [final] : [],
      );
    }
  });

  it('gives back what it was given, by id and by height', () => {
    const test = new TestChain();
    test.importAll(blocks);
    for (const { block, result } of history.blocks) {
      assert.deepEqual(expectOk(test.chain.block(block.id)), block);
      assert.deepEqual(expectOk(test.chain.header(block.id)), block.header);
      assert.deepEqual(expectOk(test.chain.receipts(block.id)), decodeReceipts(result.receipts));
      assert.deepEqual(test.chain.idAt(block.header.height), block.id);
    }
    assert.equal(test.chain.idAt(11), undefined);
    assert.equal(ruleOf(test.chain.block(new Uint8Array(32))), 'data/missing-block');
  });

  it('keeps undo records of blocks that are not final only, unless told otherwise', () => {
    for (const kind of ['full', 'archive'] as const) {
      const test = new TestChain({ mode: { kind } });
      test.importAll(blocks);
      const kept = blocks.map(({ id }) => test.store.get(layout.undo(id)) !== undefined);
      assert.deepEqual(kept, [...Array(4).fill(kind === 'archive'), ...Array(6).fill(true)]);
    }
  });

  it('opens again where it was', () => {
    const test = new TestChain();
    test.importAll(blocks);
    const again = test.reopen();
    assert.deepEqual(again.summary, test.summary);
    assert.equal(again.opened.replayed, 10);
    assert.equal(again.progress.length, 10);
    assert.deepEqual(again.progress.at(-1), { phase: 'replay', done: 10, total: 10 });
  });

  it('can be ahead of its store by several batches', () => {
    const test = new TestChain();
    const other = blankHistory(1).fork(0, 77);
    const branch = grown(other, 5);
    const waiting = [...blocks.slice(0, 4), ...branch].map((block) => {
      const update = expectOk(test.chain.importBlock(block, TEST_NOW_MS));
      assert.deepEqual(expectOk(test.chain.block(block.id)), block);
      return update.batch;
    });
    for (const batch of waiting) test.commit(batch);
    assert.deepEqual(test.chain.head.id, branch[4]?.id);
    assert.deepEqual(test.reopen().summary, test.summary);
    test.importAll(blocks.slice(4));
    assert.deepEqual(test.chain.head.id, blocks[9]?.id);
  });
});

describe('seals and signatures', () => {
  const history = signedHistory(3);
  const blocks = grown(history, 2, 2);

  it('accepts real ones', () => {
    const test = new TestChain({ verify: verifySignature });
    test.importAll(blocks);
    assert.equal(test.chain.head.height, 2);
  });

  it('refuses a block with a wrong seal, also when transactions count as checked', () => {
    const store = new MemoryStore();
    const { verifySeal: _, ...deps } = chainDependencies(store);
    const { chain, batch } = expectOk(runToEnd(openChain(chainOptions(), deps)).value);
    store.commit(batch, () => {});
    const [block] = blocks as [Block];
    const bad = createBlock({ ...block.header, seal: block.header.seal.with(5, 1) }, block.transactions);
    assert.equal(ruleOf(chain.importBlock(bad, TEST_NOW_MS)), 'consensus/seal-invalid');
    assert.equal(ruleOf(chain.checkHeader(bad.header, TEST_NOW_MS)), 'consensus/seal-invalid');
    assert.equal(ruleOf(chain.importBlock(block, TEST_NOW_MS)), 'ok');
  });

  it('refuses a transaction with a wrong signature', () => {
    const unsigned = new History({
      seed: 4,
      signer: signBlank,
      seal: realSeal,
    });
    const [block] = grown(unsigned, 1) as [Block];
    assert.ok(block.transactions.length > 1);
    const test = new TestChain({ verify: verifySignature });
    assert.equal(ruleOf(test.try(block)), 'tx/signature-invalid');
    assert.equal(ruleOf(test.try(block)), 'chain/block-invalid');
  });
});

describe('a block that cannot be placed', () => {
  const blocks = grown(blankHistory(5), 9);
  const [first, second, third] = blocks as [Block, Block, Block];

  it('is known when it came before, also below the last final block', () => {
    const test = new TestChain();
    test.importAll(blocks);
    for (const block of blocks) {
      const update = test.import(block);
      assert.equal(update.kind, 'known');
      assert.deepEqual(update.batch, { puts: [], deletes: [] });
    }
    assert.equal(test.batches.length, 10);
  });

  it('waits for its parent, and joins with all that wait for it in one update', () => {
    const test = new TestChain();
    for (const block of [third, second, blocks[3] as Block]) {
      assert.equal(ruleOf(test.try(block)), 'chain/parent-unknown');
    }
    assert.equal(test.chain.counts.orphans, 3);
    const update = test.import(first);
    assert.deepEqual(ids(update.added), ids(blocks.slice(0, 4)));
    assert.equal(test.chain.counts.orphans, 0);
    assert.equal(test.batches.length, 2);
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('is refused behind the last final block, by its header alone too', () => {
    const test = new TestChain();
    test.importAll(blocks);
    const late = grown(blankHistory(5).fork(0, 6), 3);
    for (const block of late) {
      assert.equal(ruleOf(test.try(block)), 'chain/behind-final');
      assert.equal(ruleOf(test.chain.checkHeader(block.header, TEST_NOW_MS)), 'chain/behind-final');
    }
    assert.deepEqual(test.chain.counts, { sides: 0, orphans: 0 });
  });

  it('is refused while its time is too far ahead, and accepted later', () => {
    const test = new TestChain();
    const nowMs = first.header.timeMs - 15_000;
    const refused = test.try(first, nowMs - 1);
    assert.equal(ruleOf(refused), 'chain/time-too-far');
    assert.ok(!refused.ok && refused.error.retry);
    assert.equal(ruleOf(test.chain.checkHeader(first.header, nowMs - 1)), 'chain/time-too-far');
    assert.equal(ruleOf(test.try(first, first.header.timeMs - 500)), 'ok');
  });

  it('is refused before its time where time says whose turn it is, which is nobody’s fault', () => {
    const test = new TestChain();
    const { timeMs } = first.header;
    for (const nowMs of [timeMs - 15_000, timeMs - 501]) {
      const refused = test.try(first, nowMs);
      assert.ok(!refused.ok && refused.error.retry && refused.error.banPoints === 0);
      assert.equal(refused.error.rule, 'chain/time-early');
      assert.deepEqual(refused.error.evidence, { got: timeMs, expected: nowMs + 500 });
      assert.equal(ruleOf(test.chain.checkHeader(first.header, nowMs)), 'chain/time-early');
    }
    assert.equal(ruleOf(test.try(first, timeMs - 500)), 'ok');
  });

  it('is bound by the chain alone where work makes the blocks, and never by more than the chain allows', () => {
    const { production, ...consensus } = createConsensus(specOfDepth(6));
    const { driftMsMax, ...rest } = production;
    assert.equal(driftMsMax, 500);
    const { timeMs } = first.header;
    const bound = (limits: Partial<ChainLimits>, drift?: number) => {
      const bounded = drift === undefined ? rest : { ...rest, driftMsMax: drift };
      const test = new TestChain({ consensus: { ...consensus, production: bounded }, limits });
      return [15_001, 15_000, 301, 300].map((ms) =>
        ruleOf(test.chain.checkHeader(first.header, timeMs - ms)),
      );
    };
    assert.deepEqual(bound({}).slice(0, 2), ['chain/time-too-far', 'ok']);
    assert.deepEqual(bound({ futureDriftMsMax: 300 }, 60_000).slice(2), ['chain/time-too-far', 'ok']);
  });

  it('is refused with a height that is not the next one', () => {
    const test = new TestChain();
    for (const height of [2, 3, 0xffff_ffff]) {
      const bad = createBlock({ ...first.header, height }, first.transactions);
      assert.equal(ruleOf(test.try(bad)), 'chain/height-not-next');
    }
  });

  it('is refused by the consensus before it is executed', () => {
    const test = new TestChain();
    test.import(first);
    const early = createBlock({ ...second.header, timeMs: first.header.timeMs }, second.transactions);
    assert.equal(ruleOf(test.try(early)), 'consensus/time-not-later');
    assert.equal(ruleOf(test.chain.checkHeader(early.header, TEST_NOW_MS)), 'consensus/time-not-later');
  });
});

describe('states of other blocks', () => {
  const trunk = blankHistory(9);
  const blocks = grown(trunk, 9);
  const branch = grown(trunk.fork(5, 90), 2).slice(5);

  for (const recentStatesMax of [0, 2, 100]) {
    it(`are there from the last final block on, with ${recentStatesMax} kept`, () => {
      const { chain, ...test } = open({ limits: { recentStatesMax } });
      test.importAll([...blocks, ...branch]);
      for (const block of [...blocks.slice(2), ...branch]) {
        const state = chain.stateAt(block.id);
        assert.deepEqual(state && stateRoot(state), block.header.stateRoot);
      }
      const byHeight = chain.stateAt(7);
      assert.deepEqual(byHeight && stateRoot(byHeight), blocks[6]?.header.stateRoot);
      const early = chain.stateAt(1);
      if (early !== undefined) assert.deepEqual(stateRoot(early), blocks[0]?.header.stateRoot);
      assert.equal(early !== undefined, recentStatesMax === 100);
      assert.equal(chain.stateAt(10), undefined);
      assert.equal(chain.stateAt(new Uint8Array(32)), undefined);
    });
  }

  function open(options: ConstructorParameters<typeof TestChain>[0]) {
    const made = new TestChain(options);
    return { chain: made.chain, importAll: (all: readonly Block[]) => made.importAll(all) };
  }
});

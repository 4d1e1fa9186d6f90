import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { equalBytes, toHex } from '../base/bytes.ts';
import { verifySignature } from '../crypto/signature.ts';
import { History } from '../ledger/testing/history.testing.ts';
import { signBlank } from '../ledger/testing/owners.testing.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import { stateRoot } from '../state/world-state.ts';
import {
  blankHistory,
  chainDependencies,
  chainOptions,
  contentOf,
  emptyChild,
  expectOk,
  grown,
  realSeal,
  ruleOf,
  runToEnd,
  signedHistory,
  specOfDepth,
  spoiled,
  TEST_NOW_MS,
  TestChain,
} from './chain.testing.ts';
import { layout } from './layout.ts';
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
      assert.deepEqual(update.added, [{ block, receipts: result.receipts }]);
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
      assert.deepEqual(expectOk(test.chain.receipts(block.id)), result.receipts);
      assert.deepEqual(test.chain.idAt(block.header.height), block.id);
    }
    assert.equal(test.chain.idAt(11), undefined);
    assert.equal(ruleOf(test.chain.block(new Uint8Array(32))), 'data/missing-block');
  });

  it('keeps undo records of blocks that are not final only, unless told otherwise', () => {
    for (const keepUndo of [false, true]) {
      const test = new TestChain({ keepUndo });
      test.importAll(blocks);
      const kept = blocks.map(({ id }) => test.store.get(layout.undo(id)) !== undefined);
      assert.deepEqual(kept, [...Array(4).fill(keepUndo), ...Array(6).fill(true)]);
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
    assert.deepEqual(ids(update.added.map(({ block }) => block)), ids(blocks.slice(0, 4)));
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
    assert.equal(ruleOf(test.try(first, nowMs)), 'ok');
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

describe('an invalid block', () => {
  const trunk = blankHistory(7);
  const blocks = grown(trunk, 4);

  it('leaves everything as it was, and costs nothing when it comes again', () => {
    const test = new TestChain();
    test.importAll(blocks.slice(0, 3));
    const before = { ...test.summary, batches: test.batches.length };
    const bad = spoiled(blocks[3] as Block);
    assert.equal(ruleOf(test.try(bad)), 'block/state-root-mismatch');
    const again = test.try(bad);
    assert.equal(ruleOf(again), 'chain/block-invalid');
    assert.equal(ruleOf(test.try(emptyChild(bad))), 'chain/ancestor-invalid');
    assert.deepEqual({ ...test.summary, batches: test.batches.length }, before);
    test.import(blocks[3] as Block);
  });

  it('inside a heavier branch leaves the old head, and its descendants are refused', () => {
    const test = new TestChain();
    test.importAll(blocks);
    const branch = trunk.fork(1, 70);
    grown(branch, 1);
    const good = branch.head;
    const bad = spoiled(grown(branch, 1).at(-1) as Block);
    const heavy = [bad];
    for (let i = 0; i < 3; i++) heavy.push(emptyChild(heavy[i] as Block));
    test.import(good);
    test.import(bad);
    const before = test.summary;
    const content = contentOf(test.batches);
    test.import(heavy[1] as Block);
    const refused = test.try(heavy[2] as Block);
    assert.equal(ruleOf(refused), 'chain/ancestor-invalid');
    assert.ok(!refused.ok && refused.error.evidence['rule'] === 'block/state-root-mismatch');
    assert.deepEqual(test.summary, before);
    assert.equal(ruleOf(test.try(heavy[3] as Block)), 'chain/ancestor-invalid');
    assert.equal(ruleOf(test.try(bad)), 'chain/block-invalid');
    assert.equal(test.chain.counts.sides, 1);
    // The next batch clears the store of what was condemned.
    const fifth = grown(trunk.fork(4, 71), 1).at(-1) as Block;
    test.import(fifth);
    for (const gone of [bad, heavy[1] as Block]) {
      assert.equal(test.store.get(layout.block(gone.id)), undefined);
      assert.equal(test.store.get(layout.header(gone.id)), undefined);
    }
    assert.ok(content.has(toHex(layout.block(bad.id))));
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('among waiting blocks does not harm those before it', () => {
    const test = new TestChain();
    const bad = spoiled(blocks[2] as Block);
    for (const block of [emptyChild(bad), bad, blocks[1] as Block]) test.try(block);
    const update = test.import(blocks[0] as Block);
    assert.deepEqual(ids(update.added.map(({ block }) => block)), ids(blocks.slice(0, 2)));
    assert.equal(ruleOf(test.try(bad)), 'chain/block-invalid');
    test.importAll(blocks.slice(2));
  });

  it('is not condemned for transactions that somebody else put beside its header', () => {
    const test = new TestChain();
    const side = grown(trunk.fork(0, 72), 1)[0] as Block;
    test.import(blocks[0] as Block);
    for (const block of [blocks[1] as Block, side]) {
      const swapped = createBlock(block.header, block.transactions.slice(0, -1));
      assert.deepEqual(swapped.id, block.id);
      assert.equal(ruleOf(test.try(swapped)), 'block/tx-root-mismatch');
      assert.equal(ruleOf(test.try(block)), 'ok');
    }
    // The same while it waits for its parent.
    const fourth = blocks[3] as Block;
    assert.equal(ruleOf(test.try(createBlock(fourth.header, []))), 'chain/parent-unknown');
    assert.equal(ruleOf(test.try(fourth)), 'chain/parent-unknown');
    test.import(blocks[2] as Block);
    assert.deepEqual(test.chain.head.id, fourth.id);
  });
});

describe('a reorganisation', () => {
  const trunk = blankHistory(8);
  const blocks = grown(trunk, 6);
  const fork = trunk.fork(2, 80);
  const branch = grown(fork, 5).slice(2);

  it('is one update: the old branch off, the new one on', () => {
    const test = new TestChain();
    test.importAll(blocks);
    for (const block of branch.slice(0, 3)) assert.equal(test.import(block).kind, 'side');
    const side = test.import(branch[3] as Block);
    const wins = toHex((branch[3] as Block).id) < toHex((blocks[5] as Block).id);
    const update = wins ? side : test.import(branch[4] as Block);
    assert.equal(update.kind, 'head');
    assert.deepEqual(ids(update.removed), ids(blocks.slice(2).toReversed()));
    const added = branch.slice(0, wins ? 4 : 5);
    assert.deepEqual(ids(update.added.map(({ block }) => block)), ids(added));
    const results = fork.blocks.slice(2).map(({ result }) => result.receipts);
    assert.deepEqual(
      update.added.map(({ receipts }) => receipts),
      results.slice(0, added.length),
    );
    assert.deepEqual(stateRoot(test.chain.state), added.at(-1)?.header.stateRoot);
    for (const block of blocks.slice(2)) {
      assert.equal(test.store.get(layout.undo(block.id)), undefined);
      assert.equal(test.store.get(layout.receipts(block.id)), undefined);
      assert.deepEqual(expectOk(test.chain.block(block.id)).id, block.id);
    }
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('can go back by undo records alone, and forth again', () => {
    const limits = { recentStatesMax: 0 };
    const test = new TestChain({ limits });
    test.importAll(blocks);
    test.importAll(branch);
    assert.deepEqual(test.chain.head.id, (branch.at(-1) as Block).id);
    const back = grown(trunk.fork(6, 81), 2).slice(6);
    test.importAll(back);
    assert.deepEqual(test.chain.head.id, (back[1] as Block).id);
    assert.deepEqual(stateRoot(test.chain.state), (back[1] as Block).header.stateRoot);
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('leaves the store as if the other branch had only ever been at its side', () => {
    const spec = specOfDepth(100);
    const [one, two] = [new TestChain({ spec }), new TestChain({ spec })];
    const other = blankHistory(8, spec);
    const all = grown(other, 6);
    const beside = grown(other.fork(2, 80), 5).slice(2);
    one.importAll([...all, ...beside]);
    two.importAll([...all.slice(0, 2), ...beside, ...all.slice(2)]);
    const [first, second] = [contentOf(one.batches), contentOf(two.batches)];
    for (const content of [first, second]) {
      // They saw the blocks in another order, and numbered their batches by it.
      content.delete(toHex(layout.head));
      content.delete(toHex(layout.sides));
    }
    assert.deepEqual(first, second);
    assert.deepEqual(one.summary, two.summary);
  });

  it('drops side branches when finality passes their fork', () => {
    const test = new TestChain();
    test.importAll(blocks.slice(0, 4));
    test.importAll(branch.slice(0, 1));
    assert.equal(test.chain.counts.sides, 1);
    const [side] = branch as [Block];
    test.importAll(blocks.slice(4));
    const on = grown(trunk.fork(6, 82), 3).slice(6);
    test.importAll(on.slice(0, 2));
    assert.equal(test.chain.final.height, 2);
    assert.equal(test.chain.counts.sides, 1);
    test.importAll(on.slice(2));
    assert.equal(test.chain.final.height, 3);
    assert.equal(test.chain.counts.sides, 0);
    assert.equal(test.store.get(layout.block(side.id)), undefined);
    assert.equal(test.store.get(layout.header(side.id)), undefined);
    assert.equal(ruleOf(test.try(side)), 'chain/behind-final');
  });

  it('drops a damaged side block and takes it again', () => {
    const test = new TestChain();
    test.importAll(blocks);
    test.importAll(branch.slice(0, 3));
    const [damaged, healthy] = branch as [Block, Block];
    const broken = damaged.bytes.with(damaged.bytes.length - 1, (damaged.bytes.at(-1) ?? 0) ^ 1);
    test.store.commit({ puts: [[layout.block(damaged.id), broken]], deletes: [] }, () => {});
    const before = test.summary;
    const tail = branch.slice(3).map((block) => ruleOf(test.try(block)));
    assert.ok(tail.includes('chain/parent-unknown'));
    assert.deepEqual(test.summary, before);
    test.importAll([damaged, healthy, ...branch.slice(2)]);
    assert.deepEqual(test.chain.head.id, branch.at(-1)?.id);
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('does not happen on damaged undo records; the head stays', () => {
    const limits = { recentStatesMax: 0 };
    for (const damage of ['missing', 'flipped'] as const) {
      const test = new TestChain({ limits });
      test.importAll(blocks);
      const key = layout.undo((blocks[4] as Block).id);
      const undo = test.store.get(key) as Uint8Array;
      // Byte 37 is within the first change: its coin, or whether it has one.
      const flipped = undo.with(37, (undo[37] ?? 0) ^ 1);
      const batch =
        damage === 'missing'
          ? { puts: [], deletes: [key] }
          : { puts: [[key, flipped] as const], deletes: [] };
      test.store.commit(batch, () => {});
      const before = test.summary;
      const rules = branch.map((block) => ruleOf(test.try(block)));
      assert.ok(rules.includes('data/corrupt-undo'));
      assert.deepEqual(test.summary, before);
    }
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

describe('going back by force', () => {
  const trunk = blankHistory(10);
  const blocks = grown(trunk, 9);

  it('is the store as it was, at any height, and the chain goes on from there', () => {
    for (const height of [8, 3, 1, 0]) {
      const test = new TestChain({ keepUndo: true });
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

  it('needs a development network, the best branch, and undo records', () => {
    const id = (blocks[0] as Block).id;
    const kept = new TestChain({ keepUndo: true });
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

test('side blocks are bounded: the worst go, the best stays, and a branch that wins still can', () => {
  const trunk = blankHistory(11);
  const blocks = grown(trunk, 6);
  const made = new TestChain({ limits: { sideBlocksMax: 4 } });
  made.importAll(blocks);
  for (let seed = 0; seed < 12; seed++) {
    const height = 1 + (seed % 5);
    made.try(grown(trunk.fork(height, 200 + seed), 1).at(-1) as Block);
    assert.ok(made.chain.counts.sides <= 4);
  }
  const stored = [...contentOf(made.batches).keys()].filter((key) => key.startsWith('62'));
  const best = new Set(blocks.map(({ id }) => toHex(layout.block(id))));
  const low = grown(trunk.fork(0, 300), 1)[0] as Block;
  assert.equal(ruleOf(made.try(low)), 'chain/too-many-side-blocks');
  assert.equal(stored.filter((key) => !best.has(key)).length, 1 + 4, 'genesis and the side blocks');
  const winner = grown(trunk.fork(5, 301), 2).slice(5);
  made.importAll(winner);
  assert.deepEqual(made.chain.head.id, winner[1]?.id);
  assert.ok(equalBytes(stateRoot(made.chain.state), (winner[1] as Block).header.stateRoot));
});

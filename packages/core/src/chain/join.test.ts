import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { verifySignature } from '../crypto/signature.ts';
import { stakeSpec } from '../ledger/testing/stake-chain.testing.ts';
import type { Block } from '../primitives/block.ts';
import { encodeReceipts } from '../primitives/receipt.ts';
import { encodeOutline, parseOutline } from '../state/snapshot-outline.ts';
import { stateRoot } from '../state/world-state.ts';
import {
  blankHistory,
  chainDependencies,
  chainOptions,
  expectOk,
  grown,
  ruleOf,
  runToEnd,
  signedHistory,
  specOfVotes,
  TEST_NOW_MS,
  TestChain,
  type TestChainOptions,
  testMapKernel,
} from './chain.testing.ts';
import { beginAt, chunksOf, headersOf, joinSpec, offerOf } from './join.testing.ts';
import { layout } from './layout.ts';
import { verifyChain } from './verify-chain.ts';

const spec = joinSpec(3);
const options: TestChainOptions = { spec, checkpointBlocks: 5 };
const trunk = signedHistory(41, spec);
const blocks: readonly Block[] = grown(trunk, 14, 2);
const source = new TestChain(options);
source.importAll(blocks);
const offer = offerOf(source);
const chunks = chunksOf(source, offer);
const headers = headersOf(source);

/** A chain at genesis that has taken the headers, and the outline if asked. */
function joining(given: TestChainOptions = options, isOutlined = true): TestChain {
  const test = new TestChain(given);
  const added = test.chain.join.addHeaders(headers, TEST_NOW_MS);
  assert.equal(ruleOf(added.checked), 'ok');
  test.commit(added.batch);
  if (isOutlined) test.commit(expectOk(test.chain.join.takeOutline(offer.outline)));
  return test;
}

/** Gives all chunks that are missing, and begins the chain. */
function finish(test: TestChain): void {
  for (const [index, chunk] of chunks.entries()) {
    if (!test.chain.join.hasChunk(index)) test.commit(expectOk(test.chain.join.addChunk(index, chunk)));
  }
  beginAt(test);
}

function verify(test: TestChain): { readonly executedFrom: number; readonly blocksFrom: number } {
  const deps = { ...chainDependencies(test.store.crash(), options), verify: verifySignature };
  return expectOk(
    runToEnd(verifyChain(chainOptions(options), { ...deps, verifySeal: verifySignature })).value,
  );
}

describe('a chain gives its newest checkpoint of a final block', () => {
  it('with an outline that the header proves', () => {
    assert.deepEqual([offer.height, offer.chunks], [10, 3]);
    assert.deepEqual(offer.blockId, blocks[9]?.id);
    assert.equal(source.chain.snapshots.step(), false);
  });

  it('only while the checkpoint is there, and the older one until it is replaced', () => {
    const test = new TestChain(options);
    assert.equal(test.chain.snapshots.isAvailable, false);
    assert.equal(test.chain.snapshots.step(), false);
    test.importAll(blocks.slice(0, 9));
    const first = offerOf(test);
    assert.equal(first.height, 5);
    test.importAll(blocks.slice(9));
    assert.deepEqual(offerOf(test), offer);
    assert.deepEqual(chunksOf(test, first).length, first.chunks);
    assert.ok(test.chain.snapshots.chunk(first.id, 0) !== undefined);
    test.importAll(grown(trunk.fork(14, 42), 5).slice(14));
    assert.equal(offerOf(test).height, 15);
    assert.equal(test.chain.snapshots.chunk(first.id, 0), undefined);
    assert.ok(test.chain.snapshots.chunk(offer.id, offer.chunks - 1) !== undefined);
    assert.equal(test.chain.snapshots.chunk(offer.id, offer.chunks), undefined);
    assert.equal(test.chain.snapshots.chunk(new Uint8Array(32), 0), undefined);
  });

  it('but not one whose chunks are not cut along the tree', () => {
    const record = source.store.get(layout.checkpoint(0)) as Uint8Array;
    const test = new TestChain(options, source.store.crash());
    for (const slot of [0, 1]) {
      const manifest = source.store.get(layout.checkpoint(slot)) as Uint8Array;
      const head = manifest.slice(0, 5).with(1, 1);
      const hashes = manifest.slice(5, 93 + 32 * offer.chunks);
      test.commit({ puts: [[layout.checkpoint(slot), Uint8Array.of(...head, ...hashes)]], deletes: [] });
    }
    assert.equal(record[0], 1);
    const again = test.reopen();
    assert.ok(again.opened.checkpointHeight > 0);
    assert.ok(again.chain.snapshots.isAvailable);
    assert.equal(again.chain.snapshots.step(), false);
    assert.equal(again.chain.snapshots.isAvailable, false);
    assert.equal(again.chain.snapshots.newest, undefined);
  });
});

describe('a chain that begins with a snapshot', () => {
  for (const kernel of [undefined, testMapKernel]) {
    it(`goes on as the others, ${kernel === undefined ? 'over the tree' : 'over a map'}`, () => {
      const test = joining(kernel === undefined ? options : { ...options, kernel });
      finish(test);
      const { chain } = test;
      assert.deepEqual([chain.head.height, chain.final.height], [10, 10]);
      assert.deepEqual(chain.head.weight, 10n);
      assert.deepEqual(stateRoot(chain.state), chain.head.header.stateRoot);
      assert.deepEqual(chain.storage, { mode: 'full', blocksFrom: 11, statesFrom: 10 });
      assert.equal(ruleOf(chain.block(blocks[9]?.id as Uint8Array)), 'data/pruned');
      assert.equal(chain.idAt(11), undefined);
      test.importAll(blocks.slice(10));
      assert.deepEqual(test.summary, source.summary);
      const again = test.reopen();
      assert.deepEqual(again.summary, source.summary);
      assert.equal(again.opened.checkpointHeight, 10);
      assert.deepEqual(verify(again), { ...verify(again), executedFrom: 11, blocksFrom: 11 });
    });
  }

  it('takes chunks in any order, and the blocks behind it afterwards, until nothing tells it from the others', () => {
    const test = joining();
    for (const [index, chunk] of [...chunks.entries()].toReversed()) {
      test.commit(expectOk(test.chain.join.addChunk(index, chunk)));
    }
    beginAt(test);
    test.importAll(blocks.slice(10));
    let after = test;
    for (let done = 0; done < 10; done++) {
      const [wanted] = after.chain.past.next(1);
      assert.deepEqual(wanted, { id: blocks[9 - done]?.id, height: 10 - done });
      const receipts = encodeReceipts(expectOk(source.chain.receipts(wanted?.id as Uint8Array)));
      const bytes = (blocks[9 - done] as Block).bytes;
      after.commit(expectOk(after.chain.past.add(bytes, receipts)));
      assert.equal(after.chain.past.missing, 9 - done);
      if (done % 3 === 0) after = after.reopen();
    }
    assert.deepEqual(after.chain.storage, { mode: 'full', blocksFrom: 1, statesFrom: 11 });
    assert.deepEqual(after.chain.past.next(5), []);
    const verified = verify(after.reopen());
    assert.deepEqual([verified.executedFrom, verified.blocksFrom], [1, 1]);
  });

  it('in pruned mode asks for no blocks behind it, and not at all as an archive or when it has blocks', () => {
    const test = joining({ ...options, mode: { kind: 'pruned', blocks: 3 } });
    finish(test);
    assert.equal(test.chain.past.missing, 0);
    test.importAll(blocks.slice(10));
    assert.deepEqual(test.reopen().summary, source.summary);
    assert.equal(new TestChain({ ...options, mode: { kind: 'archive' } }).chain.join.isPossible, false);
    assert.equal(source.chain.join.isPossible, false);
  });
});

describe('a chain whose headers do not show by themselves what is final', () => {
  it('does not begin with a snapshot, and says why', () => {
    const finality = { kind: 'depth', blocks: 6 } as const;
    const drawn = stakeSpec({}, { production: { kind: 'dpos', slotMs: 1_000 }, finality });
    for (const unfit of [specOfVotes(), drawn]) {
      const { join } = new TestChain({ spec: unfit }).chain;
      assert.equal(join.isPossible, false);
      assert.equal(ruleOf(join.unfit ?? { ok: true, value: undefined }), 'chain/join-needs-validators');
    }
    // Its validators count votes or nothing, and headers are checked without them.
    const { join } = new TestChain({ spec: stakeSpec() }).chain;
    assert.deepEqual([join.isPossible, join.unfit], [true, undefined]);
  });
});

describe('a join that is torn', () => {
  it('after any batch goes on from there, or starts over', () => {
    const whole = joining();
    finish(whole);
    const { batches } = whole;
    for (let count = 1; count <= batches.length; count++) {
      const torn = new TestChain(options);
      for (const batch of batches.slice(1, count)) torn.commit(batch);
      const again = torn.reopen();
      verify(again);
      if (count < batches.length) {
        assert.equal(again.chain.head.height, 0);
        const { join } = again.chain;
        const rest = join.addHeaders(headers.slice(join.tip.height), TEST_NOW_MS);
        again.commit(rest.batch);
        if (join.snapshot === undefined) again.commit(expectOk(join.takeOutline(offer.outline)));
        const had = chunks.filter((_, index) => join.hasChunk(index)).length;
        assert.equal(join.snapshot?.missing, chunks.length - had);
        assert.equal(had, Math.min(Math.max(count - 3, 0), chunks.length));
        finish(again);
      }
      assert.deepEqual(again.summary, whole.summary);
      assert.deepEqual(again.reopen().summary, whole.summary);
    }
  });

  it('can be given up: nothing of it is left, and blocks come as usual', () => {
    const test = joining();
    test.commit(expectOk(test.chain.join.addChunk(0, chunks[0] as Uint8Array)));
    for (const batch of test.chain.join.abandon()) test.commit(batch);
    assert.equal(test.chain.join.tip.height, 0);
    assert.equal(test.store.get(layout.header(blocks[3]?.id as Uint8Array)), undefined);
    test.importAll(blocks);
    assert.deepEqual(test.summary, source.summary);
    assert.deepEqual(test.reopen().summary, source.summary);
    assert.equal(verify(test).executedFrom, 1);
  });

  it('takes blocks as usual on top of headers that were left', () => {
    const test = joining();
    assert.equal(test.chain.idAt(1), undefined);
    assert.deepEqual(test.chain.idsAfter(0), []);
    assert.equal(test.chain.lastCommonAncestor([...source.chain.locator()])?.height, 0);
    test.importAll(blocks);
    assert.equal(test.chain.join.isPossible, false);
    assert.deepEqual(test.reopen().summary, source.summary);
  });

  it('with a chunk that went bad on disk asks for it again', () => {
    const test = joining();
    for (const [index, chunk] of chunks.entries())
      test.commit(expectOk(test.chain.join.addChunk(index, chunk)));
    const chunk = chunks[1] as Uint8Array;
    test.commit({ puts: [[layout.chunk(0, 1), chunk.with(99, (chunk[99] as number) ^ 1)]], deletes: [] });
    const again = test.reopen();
    assert.equal(again.chain.join.hasChunk(0), true);
    assert.equal(again.chain.join.hasChunk(1), false);
  });
});

describe('what strangers send is refused:', () => {
  it('headers with a gap, on another branch, from the future, or with a bad seal', () => {
    const real = { ...options, verify: verifySignature };
    const test = new TestChain(real);
    const { join } = test.chain;
    const first = headers[0] as (typeof headers)[number];
    assert.equal(ruleOf(join.addHeaders(headers.slice(1), TEST_NOW_MS).checked), 'chain/parent-unknown');
    assert.equal(ruleOf(join.addHeaders([first], 0).checked), 'chain/time-too-far');
    assert.equal(
      ruleOf(join.addHeaders([{ ...first, height: 2 }], TEST_NOW_MS).checked),
      'chain/height-not-next',
    );
    const forged = { ...first, seal: first.seal.with(3, 77) };
    const refused = join.addHeaders([forged], TEST_NOW_MS);
    assert.match(ruleOf(refused.checked), /^consensus\//);
    assert.deepEqual(refused.batch.puts, []);
    const partly = join.addHeaders([first, headers[1] as typeof first, forged], TEST_NOW_MS);
    assert.equal(ruleOf(partly.checked), 'chain/parent-unknown');
    assert.equal(join.tip.height, 2);
    assert.equal(partly.batch.puts.length, 5);
  });

  it('another branch can take the place of headers', () => {
    const other = grown(blankHistory(41, spec).fork(0, 77), 6, 2);
    const test = joining(options, false);
    const { join } = test.chain;
    for (let batch = join.dropHeaders(0); batch !== undefined; batch = join.dropHeaders(0))
      test.commit(batch);
    assert.deepEqual([join.tip.height, join.tip.weight], [0, 0n]);
    assert.equal(test.store.get(layout.height(1)), undefined);
    test.commit(
      join.addHeaders(
        other.map(({ header }) => header),
        TEST_NOW_MS,
      ).batch,
    );
    assert.equal(join.tip.height, 6);
  });

  it('an outline of a block that is not final, not on the branch, or unknown', () => {
    const test = new TestChain(options);
    const { join } = test.chain;
    assert.equal(ruleOf(join.takeOutline(offer.outline)), 'chain/snapshot-not-final');
    test.commit(join.addHeaders(headers.slice(0, 12), TEST_NOW_MS).batch);
    assert.equal(join.finalHeight, 9);
    assert.equal(ruleOf(join.takeOutline(offer.outline)), 'chain/snapshot-not-final');
    test.commit(join.addHeaders(headers.slice(12), TEST_NOW_MS).batch);
    const outline = expectOk(parseOutline(offer.outline));
    for (const other of [
      { ...outline, height: 9 },
      { ...outline, height: 99 },
      { ...outline, height: 0 },
      { ...outline, blockId: blocks[8]?.id as Uint8Array },
    ]) {
      assert.equal(ruleOf(join.takeOutline(encodeOutline(other))), 'chain/snapshot-not-final');
    }
    const moved = { ...outline, height: 9, blockId: blocks[8]?.id as Uint8Array };
    assert.equal(ruleOf(join.takeOutline(encodeOutline(moved))), 'state/snapshot-root');
    assert.equal(join.snapshot, undefined);
    assert.ok(join.takeOutline(offer.outline).ok);
  });

  it('chunks at the wrong place or damaged, and then the right ones are taken', () => {
    const test = joining();
    const { join } = test.chain;
    const [first, second] = chunks as [Uint8Array, Uint8Array];
    assert.equal(ruleOf(join.addChunk(0, second)), 'state/snapshot-canonical');
    assert.equal(ruleOf(join.addChunk(1, first)), 'state/snapshot-canonical');
    assert.equal(ruleOf(join.addChunk(0, first.with(60, 1))), 'state/snapshot-chunk-hash');
    assert.equal(join.snapshot?.missing, chunks.length);
    finish(test);
    assert.equal(test.chain.head.height, 10);
  });

  it('past blocks that are others, with other transactions or receipts', () => {
    const test = joining();
    finish(test);
    const { past } = test.chain;
    const [wanted] = past.next(1);
    const block = blocks[9] as Block;
    const receipts = encodeReceipts(expectOk(source.chain.receipts(wanted?.id as Uint8Array)));
    assert.equal(ruleOf(past.add((blocks[8] as Block).bytes, receipts)), 'block/tx-root-mismatch');
    const cut = block.bytes.slice(0, -1);
    assert.match(ruleOf(past.add(cut, receipts)), /^codec\//);
    const last = block.bytes.length - 1;
    const forged = block.bytes.with(last, (block.bytes[last] as number) ^ 1);
    assert.match(ruleOf(past.add(forged, receipts)), /^(codec|block)\//);
    for (const wrong of [receipts.slice(56), receipts.with(40, 1), receipts.slice(1)]) {
      assert.equal(ruleOf(past.add(block.bytes, wrong)), 'block/receipt-root-mismatch');
    }
    assert.equal(past.missing, 10);
    assert.ok(past.add(block.bytes, receipts).ok);
    assert.equal(past.missing, 9);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesKey } from '../base/bytes-key.ts';
import { type VerifySignature, verifySignature } from '../crypto/signature.ts';
import { createBlock } from '../primitives/block.ts';
import { type Header, headerId, sealHash } from '../primitives/header.ts';
import {
  blankHistory,
  expectOk,
  grown,
  ruleOf,
  signedHistory,
  TEST_NOW_MS,
  TestChain,
} from './chain.testing.ts';

describe('headers whose blocks are not here yet', () => {
  const history = signedHistory(61);
  const blocks = grown(history, 12, 0);
  const headers = blocks.map(({ header }) => header);
  const fresh = () => new TestChain({ verify: verifySignature }).chain;
  const check = (chain: TestChain['chain'], header: Header, parent: Header, nowMs = TEST_NOW_MS) =>
    ruleOf(chain.checkHeaderAfter(header, headerId(header), parent, nowMs));

  it('are accepted one after another from genesis on', () => {
    const chain = fresh();
    let parent = history.genesis.header;
    for (const header of headers) {
      assert.equal(check(chain, header, parent), 'ok');
      parent = header;
    }
    assert.equal(chain.head.height, 0);
  });

  it('are refused for their height, time, seal and what is known of them', () => {
    const chain = fresh();
    const [parent, header] = [headers[4] as Header, headers[5] as Header];
    assert.equal(check(chain, header, headers[3] as Header), 'chain/height-not-next');
    assert.equal(check(chain, header, parent, header.timeMs - 15_001), 'chain/time-too-far');
    const seal = header.seal.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    assert.equal(check(chain, { ...header, seal }, parent), 'consensus/seal-invalid');
    const behind = new TestChain();
    behind.importAll(grown(blankHistory(62), 10, 0));
    assert.equal(check(behind.chain, headers[2] as Header, headers[1] as Header), 'chain/behind-final');
  });

  it('are refused when their block, or the one before, was found invalid', () => {
    const test = new TestChain();
    const [first, second] = grown(blankHistory(63), 2, 1);
    assert.ok(first !== undefined && second !== undefined);
    const bad = createBlock({ ...first.header, gasUsed: first.header.gasUsed + 1 }, first.transactions);
    assert.equal(ruleOf(test.try(bad)), 'block/gas-used-mismatch');
    const genesis = test.chain.genesis.header;
    assert.equal(check(test.chain, bad.header, genesis), 'chain/block-invalid');
    const child = { ...second.header, parent: bad.id };
    assert.equal(check(test.chain, child, bad.header), 'chain/ancestor-invalid');
  });

  it('have their seals checked once, whoever brings them again, and their blocks with them', () => {
    let seals = 0;
    const verify: VerifySignature = (signature) => {
      // Those of the transactions are not counted: they come with the blocks.
      if (sealHashes.has(bytesKey(signature.message))) seals += 1;
      return verifySignature(signature);
    };
    const sealHashes = new Set(headers.map((header) => bytesKey(sealHash(header))));
    const test = new TestChain({ verify });
    let parent = history.genesis.header;
    for (const header of headers) {
      for (let times = 0; times < 3; times++) assert.equal(check(test.chain, header, parent), 'ok');
      parent = header;
    }
    assert.equal(seals, headers.length);
    test.importAll(blocks);
    assert.equal(seals, headers.length);
    assert.equal(test.chain.head.height, headers.length);
    // What may change is asked each time: a header that was good is refused by a clock that was set back.
    const [first] = headers as [Header];
    const fresh = new TestChain({ verify });
    assert.equal(check(fresh.chain, first, history.genesis.header), 'ok');
    assert.equal(
      check(fresh.chain, first, history.genesis.header, first.timeMs - 15_001),
      'chain/time-too-far',
    );
  });

  it('weigh what their blocks will weigh', () => {
    const test = new TestChain();
    const [first] = grown(blankHistory(64), 1, 1);
    assert.ok(first !== undefined);
    const expected = test.chain.head.weight + test.chain.weightOf(first.header);
    test.import(first);
    assert.equal(test.chain.head.weight, expected);
  });
});

describe('the bytes of stored blocks', () => {
  it('are those that came, and missing ones have a rule', () => {
    const test = new TestChain();
    const blocks = grown(blankHistory(65), 3, 2);
    test.importAll(blocks);
    for (const block of blocks) assert.deepEqual(expectOk(test.chain.blockBytes(block.id)), block.bytes);
    assert.equal(ruleOf(test.chain.blockBytes(new Uint8Array(32))), 'data/missing-block');
  });

  it('of pruned blocks are said to be pruned', () => {
    const test = new TestChain({ mode: { kind: 'pruned', blocks: 8 }, checkpointBlocks: 2 });
    const blocks = grown(blankHistory(66), 30, 0);
    test.importAll(blocks);
    assert.equal(ruleOf(test.chain.blockBytes((blocks[0] as (typeof blocks)[0]).id)), 'data/pruned');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blake3 } from '@noble/hashes/blake3.js';
import type { Amount } from '../base/amount.ts';
import { AssertionError } from '../base/assert.ts';
import { concatBytes, fromHex, toHex } from '../base/bytes.ts';
import { utf8Bytes } from '../base/text.ts';
import { ZERO_HASH } from '../crypto/hash.ts';
import { createBlock, parseBlock, transactionRoot } from './block.ts';
import { encodeHeader, type Header, headerId, parseHeader, sealHash } from './header.ts';
import { BLOCK_BYTES_MAX, SEAL_BYTES_MAX } from './limits.ts';
import { encodeReceipt, encodeReceipts, parseReceipts, type Receipt, receiptRoot } from './receipt.ts';
import { createTransaction, transactionLeaf } from './transaction.ts';

const CHAIN_ID = fromHex('c0'.repeat(32));
const fill = (byte: number) => new Uint8Array(32).fill(byte);
const keyOf = (domain: string) => blake3(utf8Bytes(`calin/1/${domain}`));

const header: Header = {
  version: 1,
  height: 0x0a0b0c0d,
  timeMs: Number.MAX_SAFE_INTEGER,
  gasUsed: 848,
  baseFee: 10 as Amount,
  parent: fill(0x11),
  producer: fill(0x22),
  txRoot: fill(0x33),
  receiptRoot: fill(0x44),
  stateRoot: fill(0x55),
  seal: fromHex('a1a2a3a4a5'),
};

/** Written by hand from docs/reference/encodings.md; the seal is left out. */
const UNSEALED_HEX = [
  '01000000', // version
  '0d0c0b0a', // height
  'ffffffffffff1f00', // timeMs
  '5003000000000000', // gasUsed
  '0a00000000000000', // baseFee
  ...['11', '22', '33', '44', '55'].map((byte) => byte.repeat(32)),
].join('');
const HEX = `${UNSEALED_HEX}05000000${'a1a2a3a4a5'}000000`;

function ruleOf(parsed: ReturnType<typeof parseBlock> | ReturnType<typeof parseHeader>): string {
  return parsed.ok ? 'ok' : parsed.error.rule;
}

describe('a header', () => {
  it('has the bytes of the reference', () => {
    assert.equal(toHex(encodeHeader(header)), HEX);
    assert.deepEqual(parseHeader(fromHex(HEX)), { ok: true, value: header });
  });

  it('is named by all its bytes and sealed over all but the seal', () => {
    assert.deepEqual(headerId(header), blake3(fromHex(HEX), { key: keyOf('header') }));
    const unsealed = fromHex(`${UNSEALED_HEX}00000000`);
    assert.deepEqual(sealHash(header), blake3(unsealed, { key: keyOf('seal') }));
  });

  it('is refused for another version, padding that is not zero, and a seal that lies', () => {
    assert.equal(ruleOf(parseHeader(fromHex(`02${HEX.slice(2)}`))), 'codec/unknown-tag');
    assert.equal(ruleOf(parseHeader(fromHex(`${HEX.slice(0, -2)}01`))), 'codec/not-canonical');
    const sealed = (length: string) =>
      ruleOf(parseHeader(fromHex(`${UNSEALED_HEX}${length}a1a2a3a4a5000000`)));
    assert.equal(sealed('05000000'), 'ok');
    assert.equal(sealed('09000000'), 'codec/truncated');
    assert.equal(sealed('01000800'), 'codec/limit');
    assert.equal(sealed('ffffffff'), 'codec/limit');
    assert.equal(sealed('04000000'), 'codec/trailing-bytes');
    assert.equal(sealed('01000000'), 'codec/not-canonical');
  });

  it('takes a seal up to its limit and is not written beyond it', () => {
    const largest = { ...header, seal: new Uint8Array(SEAL_BYTES_MAX) };
    assert.deepEqual(parseHeader(encodeHeader(largest)), { ok: true, value: largest });
    const wrong: readonly Header[] = [
      { ...header, seal: new Uint8Array(SEAL_BYTES_MAX + 1) },
      { ...header, version: 2 },
      { ...header, parent: new Uint8Array(31) },
      { ...header, height: 2 ** 32 },
    ];
    for (const each of wrong) assert.throws(() => encodeHeader(each), AssertionError);
  });
});

describe('a block', () => {
  const reward = createTransaction(
    {
      expiryHeight: 1,
      inputs: [],
      outputs: [{ asset: 0, amount: 5 as Amount, address: fill(9) }],
      actions: [],
      witnessCount: 0,
    },
    [],
    CHAIN_ID,
  );

  it('is its header, a count and its transactions', () => {
    const block = createBlock(header, [reward]);
    assert.equal(toHex(block.bytes), `${HEX}01000000${toHex(reward.bytes)}`);
    assert.deepEqual(block.id, headerId(header));
    assert.deepEqual(parseBlock(block.bytes, CHAIN_ID), { ok: true, value: block });
    assert.deepEqual(parseBlock(fromHex(`${HEX}00000000`), CHAIN_ID), {
      ok: true,
      value: createBlock(header, []),
    });
  });

  it('has the root of its transactions with their witnesses', () => {
    assert.deepEqual(transactionRoot([]), ZERO_HASH);
    const leaf = transactionLeaf(reward);
    assert.deepEqual(transactionRoot([reward]), leaf);
    const pair = blake3(concatBytes(leaf, leaf), { key: keyOf('merkle-node') });
    assert.deepEqual(transactionRoot([reward, reward]), pair);
    assert.deepEqual(
      transactionRoot([reward, reward, reward]),
      blake3(concatBytes(pair, leaf), { key: keyOf('merkle-node') }),
    );
  });

  it('is refused for a count that lies', () => {
    const parse = (count: string) =>
      ruleOf(parseBlock(fromHex(`${HEX}${count}${toHex(reward.bytes)}`), CHAIN_ID));
    assert.equal(parse('01000000'), 'ok');
    assert.equal(parse('00000000'), 'codec/trailing-bytes');
    assert.equal(parse('02000000'), 'codec/limit');
    assert.equal(parse('ffffffff'), 'codec/limit');
  });

  it('is refused at once for more transactions than could each spend a coin', () => {
    const empty = '010000000000000000000000';
    const block = (count: number) => {
      const hex = count.toString(16).padStart(2, '0');
      return ruleOf(parseBlock(fromHex(`${HEX}${hex}000000${empty.repeat(count)}`), CHAIN_ID));
    };
    assert.equal(block(1), 'ok');
    assert.equal(block(2), 'codec/limit');
    assert.equal(block(200), 'codec/limit');
    assert.equal(ruleOf(parseBlock(new Uint8Array(BLOCK_BYTES_MAX + 1), CHAIN_ID)), 'codec/limit');
    // As many zeros as a block may have are no header, and cost no more than looking at the first byte.
    assert.equal(ruleOf(parseBlock(new Uint8Array(BLOCK_BYTES_MAX), CHAIN_ID)), 'codec/unknown-tag');
  });
});

describe('a receipt', () => {
  const receipt: Receipt = { txid: fill(0x66), gasUsed: 848, fee: 0x0102 as Amount, burned: 1 as Amount };
  const hex = `${'66'.repeat(32)}${'5003000000000000'}${'0201000000000000'}${'0100000000000000'}`;

  it('has the bytes of the reference, alone and in a list', () => {
    assert.equal(toHex(encodeReceipt(receipt)), hex);
    assert.equal(toHex(encodeReceipts([receipt, receipt])), hex + hex);
    assert.deepEqual(parseReceipts(fromHex(hex + hex)), { ok: true, value: [receipt, receipt] });
    assert.equal(parseReceipts(fromHex(hex + hex.slice(2))).ok, false);
  });

  it('has a leaf of its own domain in the root', () => {
    assert.deepEqual(receiptRoot([]), ZERO_HASH);
    assert.deepEqual(receiptRoot([receipt]), blake3(fromHex(hex), { key: keyOf('receipt-leaf') }));
  });
});

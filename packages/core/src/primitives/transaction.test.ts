import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blake3 } from '@noble/hashes/blake3.js';
import { AMOUNT_MAX, type Amount } from '../base/amount.ts';
import { AssertionError } from '../base/assert.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import { utf8Bytes } from '../base/text.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import { ACTION_BODY_BYTES_MAX, type Action, readActions, writeAction } from './action.ts';
import { TRANSACTION_BYTES_MAX } from './limits.ts';
import {
  createTransaction,
  encodeBody,
  parseTransaction,
  type TransactionBody,
  transactionLeaf,
} from './transaction.ts';
import type { Witness } from './witness.ts';

const CHAIN_ID = fromHex('c0'.repeat(32));
const OTHER_CHAIN_ID = fromHex('c1'.repeat(32));
const TXID = '11'.repeat(32);
const ADDRESS = '22'.repeat(32);
const KEY = '33'.repeat(32);
const SIGNATURE = '44'.repeat(64);

const witness: Witness = {
  lock: { kind: 'key', publicKey: fromHex(KEY) },
  path: 0,
  signers: [0],
  signatures: [fromHex(SIGNATURE)],
  preimage: undefined,
};
const body: TransactionBody = {
  expiryHeight: 0x01020304,
  inputs: [{ txid: fromHex(TXID), index: 5 }],
  outputs: [{ asset: 0, amount: 7 as Amount, address: fromHex(ADDRESS) }],
  actions: [{ tag: 9, body: fromHex('010203') }],
  witnessCount: 1,
};

/** Written by hand from docs/reference/encodings.md. */
const BODY_HEX = [
  '01010101', // version, inputs, outputs, witnesses
  '04030201', // expiry height
  '08000000', // bytes of actions
  `${TXID}05000000`,
  `${'0000000000000000'}${'0700000000000000'}${ADDRESS}`,
  '09030000', // tag 9, three bytes
  '01020300', // body and padding
].join('');
const HEX = `${BODY_HEX}00000100` + `01000000${KEY}${SIGNATURE}`;

function ruleOf(hex: string): string {
  const parsed = parseTransaction(fromHex(hex), CHAIN_ID);
  return parsed.ok ? 'ok' : parsed.error.rule;
}

describe('a transaction', () => {
  it('has the bytes of the reference', () => {
    assert.equal(toHex(encodeBody(body)), BODY_HEX);
    const transaction = createTransaction(body, [witness], CHAIN_ID);
    assert.equal(toHex(transaction.bytes), HEX);
    assert.deepEqual(parseTransaction(fromHex(HEX), CHAIN_ID), { ok: true, value: transaction });
  });

  it('of one input, two outputs and one signature has 248 bytes', () => {
    const [output] = body.outputs;
    assert.ok(output !== undefined);
    const transfer = { ...body, outputs: [output, output], actions: [] };
    assert.equal(createTransaction(transfer, [witness], CHAIN_ID).bytes.length, 248);
  });

  it('has an id that is the body keyed by the chain, and a leaf that covers the witnesses', () => {
    const transaction = createTransaction(body, [witness], CHAIN_ID);
    assert.deepEqual(transaction.txid, blake3(fromHex(BODY_HEX), { key: CHAIN_ID }));
    assert.deepEqual(
      transactionLeaf(transaction),
      blake3(fromHex(HEX), { key: blake3(utf8Bytes('calin/1/tx-leaf')) }),
    );
    const elsewhere = createTransaction(body, [witness], OTHER_CHAIN_ID);
    assert.notDeepEqual(elsewhere.txid, transaction.txid);
    const resigned = createTransaction(body, [{ ...witness, signatures: [new Uint8Array(64)] }], CHAIN_ID);
    assert.deepEqual(resigned.txid, transaction.txid);
    assert.notDeepEqual(transactionLeaf(resigned), transactionLeaf(transaction));
  });

  it('keeps bytes of its own', () => {
    const bytes = fromHex(HEX);
    const parsed = parseTransaction(bytes, CHAIN_ID);
    bytes.fill(0);
    assert.ok(parsed.ok && toHex(parsed.value.bytes) === HEX);
  });

  it('is refused for counts and lengths that lie', () => {
    const replace = (at: number, hex: string) => HEX.slice(0, 2 * at) + hex + HEX.slice(2 * at + hex.length);
    assert.equal(ruleOf(HEX), 'ok');
    assert.equal(ruleOf(replace(0, '02')), 'codec/unknown-tag');
    for (const at of [1, 2, 3]) assert.equal(ruleOf(replace(at, 'ff')), 'codec/truncated');
    assert.equal(ruleOf(replace(3, '00')), 'codec/trailing-bytes');
    assert.equal(ruleOf(replace(8, 'ffffffff')), 'codec/limit');
    assert.equal(ruleOf(replace(8, '01001000')), 'codec/limit');
    assert.equal(ruleOf(replace(8, '00001000')), 'codec/truncated');
    assert.equal(ruleOf(replace(8, '07000000')), 'codec/not-canonical');
    assert.equal(ruleOf(replace(8, '04000000')), 'codec/not-canonical');
    assert.equal(ruleOf(`${HEX}00`), 'codec/trailing-bytes');
    assert.equal(ruleOf(replace(12 + 36 + 15, '20')), 'codec/number-too-large');
  });

  it('is refused above a mebibyte, alone or in a list', () => {
    const parsed = parseTransaction(new Uint8Array(TRANSACTION_BYTES_MAX + 1), CHAIN_ID);
    assert.equal(parsed.ok || parsed.error.rule, 'codec/limit');
    const actions = [{ tag: 1, body: new Uint8Array(TRANSACTION_BYTES_MAX - 16) }];
    const largest = createTransaction(
      { ...body, inputs: [], outputs: [], actions, witnessCount: 0 },
      [],
      CHAIN_ID,
    );
    assert.equal(largest.bytes.length, TRANSACTION_BYTES_MAX);
    assert.equal(parseTransaction(largest.bytes, CHAIN_ID).ok, true);
    const above = { ...body, outputs: [], actions, witnessCount: 0 };
    assert.throws(() => createTransaction(above, [], CHAIN_ID), AssertionError);
  });

  it('is not made when it could not be read', () => {
    const [input] = body.inputs;
    const [action] = body.actions;
    assert.ok(input !== undefined && action !== undefined);
    const wrong: readonly TransactionBody[] = [
      { ...body, witnessCount: 2 },
      { ...body, expiryHeight: 2 ** 32 },
      { ...body, inputs: new Array(256).fill(input) },
      { ...body, inputs: [{ txid: new Uint8Array(31), index: 0 }] },
      { ...body, outputs: [{ asset: 0, amount: (AMOUNT_MAX + 1) as Amount, address: fromHex(ADDRESS) }] },
      { ...body, outputs: [{ asset: 0, amount: 1 as Amount, address: new Uint8Array(33) }] },
      { ...body, actions: new Array(17).fill(action) },
    ];
    for (const each of wrong)
      assert.throws(() => createTransaction(each, [witness], CHAIN_ID), AssertionError);
  });
});

describe('actions', () => {
  const read = (hex: string, byteLength = hex.length / 2): string | readonly Action[] => {
    const reader = new Reader(fromHex(hex));
    const parsed = reader.finish(readActions(reader, byteLength));
    return parsed.ok ? parsed.value : parsed.error.rule;
  };

  it('are tag, length, body and zeros', () => {
    assert.deepEqual(read(''), []);
    assert.deepEqual(read('ff000000'), [{ tag: 255, body: new Uint8Array(0) }]);
    assert.deepEqual(read('01040000aabbccdd' + '02010000ee000000'), [
      { tag: 1, body: fromHex('aabbccdd') },
      { tag: 2, body: fromHex('ee') },
    ]);
  });

  it('are refused for lengths that lie, padding that is not zero, and more than sixteen', () => {
    assert.equal(read('01050000aabbccdd'), 'codec/not-canonical');
    assert.equal(read(`01ffffff${'00'.repeat(64)}`), 'codec/not-canonical');
    assert.equal(read('01010000aa000001'), 'codec/not-canonical');
    assert.equal(read('01010000aa'), 'codec/truncated');
    assert.equal(read('010000000200', 6), 'codec/truncated');
    assert.equal(read('01000000', 5), 'codec/truncated');
    assert.equal(read('0100000002000000', 4), 'codec/trailing-bytes');
    assert.equal((read('01000000'.repeat(16)) as readonly Action[]).length, 16);
    assert.equal(read('01000000'.repeat(17)), 'codec/limit');
    // The second action claims bytes that belong to what follows the actions.
    assert.equal(read('01000000' + '02040000' + 'aabbccdd', 8), 'codec/not-canonical');
  });

  it('are not written with a tag or a length that would read as another action', () => {
    for (const tag of [-1, 256, 0.5, Number.NaN]) {
      assert.throws(() => writeAction(new Writer(), { tag, body: new Uint8Array(0) }), AssertionError);
    }
    const tooLong = new Uint8Array(ACTION_BODY_BYTES_MAX + 1);
    assert.throws(() => writeAction(new Writer(), { tag: 1, body: tooLong }), AssertionError);
  });
});

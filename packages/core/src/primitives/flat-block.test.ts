import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concatBytes, fromHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { addressOf } from './address.ts';
import {
  arbitraryBlock,
  arbitraryHeader,
  arbitraryTransaction,
  arbitraryTransfer,
} from './arbitrary.testing.ts';
import { type Block, createBlock, parseBlock, transactionRoot } from './block.ts';
import { type FlatBlock, scanBlock } from './flat-block.ts';
import { type FlatTransactions, flattenTransactions } from './flat-transactions.ts';
import { plainTransaction } from './plain-transaction.testing.ts';
import { createTransaction, type Transaction, transactionLeaf } from './transaction.ts';

const CHAIN_ID = fromHex('c0'.repeat(32));

const hasher = createPlainHasher();

/** Transfers among transactions of every other kind. */
const mixedBlock: fc.Arbitrary<Block> = fc
  .tuple(
    arbitraryHeader,
    arbitraryTransaction(CHAIN_ID),
    fc.array(fc.oneof(arbitraryTransfer(CHAIN_ID), spend()), { minLength: 2, maxLength: 6 }),
  )
  .map(([header, first, rest]) => {
    const transactions = [first, ...rest];
    return createBlock({ ...header, txRoot: transactionRoot(transactions) }, transactions);
  });

/** The parser asks for one input and one witness behind the reward. */
function spend(): fc.Arbitrary<Transaction> {
  return arbitraryTransaction(CHAIN_ID).filter((tx) => tx.inputs.length > 0 && tx.witnesses.length > 0);
}

/** What makes a transfer, said once more over the object. */
function isTransfer({ inputs, outputs, actions, witnesses }: Transaction): boolean {
  const parts = inputs.length > 0 && outputs.length > 0 && witnesses.length > 0 && actions.length === 0;
  return parts && witnesses.every(({ lock }) => lock.kind === 'key');
}

function checkColumns(flat: FlatTransactions, transactions: readonly Transaction[]): void {
  assert.equal(flat.count, transactions.length);
  let witnesses = 0;
  let inputs = 0;
  for (const [i, tx] of transactions.entries()) {
    const start = flat.offsets[i] as number;
    assert.deepEqual(flat.bytes.slice(start, flat.offsets[i + 1]), tx.bytes);
    assert.equal(flat.isTransfer[i], isTransfer(tx) ? 1 : 0);
    assert.deepEqual(flat.txid(i), tx.txid);
    assert.deepEqual(new Uint8Array(flat.txidWords.slice(8 * i, 8 * i + 8).buffer), tx.txid);
    assert.deepEqual(flat.leaves.slice(32 * i, 32 * i + 32), transactionLeaf(tx));
    assert.equal(flat.inputStarts[i], inputs);
    for (const { txid, index } of tx.inputs) {
      const at = flat.outpoints[inputs++] as number;
      assert.deepEqual(new Uint8Array(flat.words.slice(at, at + 8).buffer), txid);
      assert.equal((flat.words[at + 8] as number) >>> 0, index);
    }
    assert.equal(flat.witnessStarts[i], witnesses);
    for (const { lock } of isTransfer(tx) ? tx.witnesses : []) {
      const at = witnesses++;
      assert.deepEqual(flat.addresses.slice(32 * at, 32 * at + 32), addressOf(lock));
      assert.deepEqual(new Uint8Array(flat.addressWords.slice(8 * at, 8 * at + 8).buffer), addressOf(lock));
    }
    assert.deepEqual(plainTransaction(flat.transaction(i)), plainTransaction(tx));
    assert.equal(flat.transaction(i), flat.transaction(i));
  }
  assert.equal(flat.inputStarts[transactions.length], inputs);
  assert.equal(flat.outpoints.length, inputs);
  assert.equal(flat.witnessStarts[transactions.length], witnesses);
  assert.equal(flat.addresses.length, 32 * witnesses);
}

/** Both readers, whose answers must be one. */
function compare(bytes: Uint8Array): Result<FlatBlock> {
  const parsed = parseBlock(bytes, CHAIN_ID);
  const scanned = scanBlock(bytes, CHAIN_ID, hasher);
  if (!parsed.ok || !scanned.ok) {
    assert.deepEqual(scanned, parsed);
    return scanned;
  }
  const { header, transactions, id } = scanned.value;
  const read = { header, transactions: transactions.map(plainTransaction), id, bytes: scanned.value.bytes };
  assert.deepEqual(read, parsed.value);
  assert.deepEqual(scanned.value.txRoot, transactionRoot(transactions));
  checkColumns(scanned.value, transactions);
  return scanned;
}

describe('the scan of a block', () => {
  it('sees what the parser reads', () => {
    let transfers = 0;
    fc.assert(
      fc.property(fc.oneof(mixedBlock, arbitraryBlock(CHAIN_ID)), (block) => {
        const scanned = compare(block.bytes);
        assert.ok(scanned.ok);
        assert.equal(scanned.value.bytes, block.bytes);
        for (const is of scanned.value.isTransfer) transfers += is;
      }),
    );
    assert.ok(transfers > 40, `${transfers} transfers`);
  });

  it('accepts and refuses as the parser does, whatever bit changes', () => {
    const outcomes = { ok: 0, refused: 0 };
    fc.assert(
      fc.property(mixedBlock, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), ({ bytes }, flips) => {
        for (const flip of flips) {
          const damaged = bytes.slice();
          const at = Math.floor(flip / 8) % bytes.length;
          damaged[at] = (damaged[at] as number) ^ (1 << (flip % 8));
          outcomes[compare(damaged).ok ? 'ok' : 'refused']++;
        }
      }),
      { numRuns: 25 },
    );
    assert.ok(outcomes.ok > 100 && outcomes.refused > 100, JSON.stringify(outcomes));
  });

  it('accepts and refuses as the parser does, whatever word changes to an edge', () => {
    const edge = fc.constantFrom(0, 1, 2, 0x1_0000, 0x2_0000, 0x1f_ffff, 0x20_0000, 0xffff_ffff, 0x8000_0000);
    const changes = fc.array(fc.tuple(fc.nat(), edge), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(mixedBlock, changes, ({ bytes }, words) => {
        for (const [position, word] of words) {
          const damaged = bytes.slice();
          const at = 4 * (position % (bytes.length / 4));
          new DataView(damaged.buffer).setUint32(at, word, true);
          compare(damaged);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('refuses a block that ends early, at every offset, or goes on', () => {
    fc.assert(
      fc.property(mixedBlock, ({ bytes }) => {
        for (let end = 0; end < bytes.length; end++) assert.equal(compare(bytes.slice(0, end)).ok, false);
        for (const more of [1, 4]) {
          assert.equal(compare(concatBytes(bytes, new Uint8Array(more))).ok, false);
        }
      }),
      { numRuns: 3 },
    );
  });

  it('reads bytes wherever they lie in memory', () => {
    fc.assert(
      fc.property(mixedBlock, fc.nat({ max: 7 }), ({ bytes }, shift) => {
        const shifted = Buffer.concat([new Uint8Array(shift), bytes, new Uint8Array(9)]);
        assert.ok(compare(shifted.subarray(shift, shift + bytes.length)).ok);
        const plain = new Uint8Array(shifted);
        assert.ok(compare(plain.subarray(shift, shift + bytes.length)).ok);
      }),
      { numRuns: 25 },
    );
  });

  it('makes no transaction beyond the last', () => {
    const [block] = fc.sample(mixedBlock, { numRuns: 1, seed: 1 }) as [Block];
    const scanned = compare(block.bytes);
    assert.ok(scanned.ok);
    const { value } = scanned;
    for (const i of [-1, value.count, 0.5]) assert.throws(() => value.transaction(i), /no transaction/);
  });
});

describe('the flat form of transactions outside of a block', () => {
  it('calls nothing a transfer that lacks inputs, outputs or witnesses', () => {
    fc.assert(
      fc.property(arbitraryTransfer(CHAIN_ID), ({ witnesses, ...body }) => {
        const lacking = [
          createTransaction({ ...body, inputs: [] }, witnesses, CHAIN_ID),
          createTransaction({ ...body, outputs: [] }, witnesses, CHAIN_ID),
          createTransaction({ ...body, witnessCount: 0 }, [], CHAIN_ID),
        ];
        const flat = flattenTransactions(lacking, CHAIN_ID, hasher);
        checkColumns(flat, lacking);
        assert.deepEqual([...flat.isTransfer], [0, 0, 0]);
      }),
      { numRuns: 10 },
    );
  });

  it('has the columns of a block', () => {
    const list = fc.array(fc.oneof(arbitraryTransfer(CHAIN_ID), arbitraryTransaction(CHAIN_ID)), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(list, (transactions) => {
        checkColumns(flattenTransactions(transactions, CHAIN_ID, hasher), transactions);
      }),
    );
  });
});

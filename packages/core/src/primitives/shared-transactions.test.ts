import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { arbitraryTransaction, arbitraryTransfer } from './arbitrary.testing.ts';
import { transactionLeaves } from './block.ts';
import { parseTransactions } from './parse-transactions.ts';
import { plainResult } from './plain-transaction.testing.ts';
import { SharedTransactions } from './shared-transactions.ts';

const CHAIN_ID = new Uint8Array(32).fill(3);
const hasher = createPlainHasher();
const transactions = fc.oneof(arbitraryTransaction(CHAIN_ID), arbitraryTransfer(CHAIN_ID));

describe('shared transactions', () => {
  it('are read as without sharing, also where some are known, repeated or no transactions', () => {
    const garbage = fc.uint8Array({ maxLength: 40 });
    const encoded = fc.array(
      fc.oneof(
        transactions.map(({ bytes }) => bytes),
        garbage,
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(encoded, fc.array(fc.nat(), { maxLength: 20 }), (all, order) => {
        const shared = new SharedTransactions();
        for (let turn = 0; turn < 2; turn++) {
          const asked = order.flatMap((i) => all[i % Math.max(1, all.length)] ?? []);
          const read = shared.parse(asked, CHAIN_ID, hasher).results.map(plainResult);
          assert.deepEqual(read, parseTransactions(asked, CHAIN_ID, hasher).results.map(plainResult));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are the same object for the same array, and for the array that the object holds', () => {
    fc.assert(
      fc.property(transactions, ({ bytes }) => {
        const shared = new SharedTransactions();
        const [first] = shared.parse([bytes], CHAIN_ID, hasher).results;
        assert.ok(first?.ok);
        const asked = [bytes, first.value.bytes, bytes.slice()];
        const [again, own, copy] = shared.parse(asked, CHAIN_ID, hasher).results;
        assert.ok(again?.ok && again.value === first.value);
        assert.ok(own?.ok && own.value === first.value);
        assert.ok(copy?.ok && copy.value !== first.value);
      }),
      { numRuns: 30 },
    );
  });

  it('have the leaves of the transactions', () => {
    fc.assert(
      fc.property(fc.array(transactions, { maxLength: 6 }), (all) => {
        const shared = new SharedTransactions();
        for (const some of [all.slice(1), all, [...all, ...all]]) {
          assert.deepEqual(shared.leaves(some, hasher), transactionLeaves(some, hasher));
        }
      }),
      { numRuns: 30 },
    );
  });
});

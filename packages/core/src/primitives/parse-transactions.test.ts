import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, fromHex } from '../base/bytes.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { arbitraryTransaction } from './arbitrary.testing.ts';
import { parseTransactions } from './parse-transactions.ts';
import { plainResult, plainTransaction } from './plain-transaction.testing.ts';
import { createTransaction, parseTransaction, type Transaction } from './transaction.ts';
import type { Witness } from './witness.ts';

const chainId = fromHex('c1'.repeat(32));
const hasher = createPlainHasher();

/** Whatever was damaged or moved, together they are read as each by itself. */
function check(encoded: readonly Uint8Array[]): void {
  const { results } = parseTransactions(encoded, chainId, hasher);
  assert.deepEqual(
    results.map(plainResult),
    encoded.map((bytes) => parseTransaction(bytes, chainId)),
  );
}

/** A transfer with so many inputs and outputs, whose numbers use all their bits. */
const transfer: fc.Arbitrary<Transaction> = fc
  .record({
    seed: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    inputs: fc.integer({ min: 1, max: 5 }),
    outputs: fc.integer({ min: 1, max: 5 }),
    keys: fc.integer({ min: 1, max: 3 }),
    amount: fc.maxSafeNat(),
    index: fc.nat(0xffff_ffff),
    expiryHeight: fc.nat(0xffff_ffff),
  })
  .map(({ seed, inputs, outputs, keys, amount, index, expiryHeight }) => {
    const witness: Witness = {
      lock: { kind: 'key', publicKey: seed.slice(32) },
      path: 0,
      signers: [0],
      signatures: [seed],
      preimage: undefined,
    };
    const body = {
      expiryHeight,
      inputs: Array.from({ length: inputs }, (_, i) => ({ txid: seed.slice(i, i + 32), index })),
      outputs: Array.from({ length: outputs }, (_, i) => ({
        asset: i === 0 ? 0 : amount,
        amount: amount as Transaction['outputs'][number]['amount'],
        address: seed.slice(i, i + 32),
      })),
      actions: [],
      witnessCount: keys,
    };
    return createTransaction(body, Array<Witness>(keys).fill(witness), chainId);
  });

test('transactions that came together are read as each by itself', () => {
  const list = fc.array(fc.oneof({ weight: 4, arbitrary: transfer }, arbitraryTransaction(chainId)), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(list, (transactions) => {
      const encoded = transactions.map(({ bytes }) => bytes);
      check(encoded);
      assert.deepEqual(
        parseTransactions(encoded, chainId, hasher).results.map((one) =>
          one.ok ? plainTransaction(one.value) : one,
        ),
        transactions,
      );
    }),
    { numRuns: 200 },
  );
});

test('a fault in one is its own, wherever it lies and however its bytes are shared out', () => {
  const three = fc.tuple(transfer, transfer, transfer);
  fc.assert(
    fc.property(three, fc.nat(), fc.nat(255), fc.nat(3), ([a, b, c], place, value, kind) => {
      const damaged = b.bytes.slice();
      const at = place % damaged.length;
      if (kind === 0) damaged[at] = value;
      const middle = kind === 1 ? damaged.subarray(0, at) : damaged;
      const moved = kind === 2 ? [concatBytes(a.bytes, damaged), new Uint8Array(0)] : [a.bytes, middle];
      const split =
        kind === 3 ? [a.bytes.subarray(0, 12), concatBytes(a.bytes.subarray(12), b.bytes)] : moved;
      check([...split, c.bytes]);
    }),
    { numRuns: 300 },
  );
});

test('what is read keeps nothing of the bytes it came in', () => {
  const [transaction] = fc.sample(transfer, { seed: 1, numRuns: 1 });
  const bytes = (transaction as Transaction).bytes.slice();
  const [read] = parseTransactions([bytes], chainId, hasher).results;
  bytes.fill(0xff);
  assert(read?.ok);
  assert.deepEqual(plainTransaction(read.value), transaction);
});

import { assert } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { TRANSACTION_BYTES_MAX } from '../primitives/limits.ts';
import { BUNDLE_TRANSACTIONS_MAX, REQUEST_BYTES_MAX } from './limits.ts';
import { refuseRpc } from './rules.ts';

/** Bytes before the transactions, and before each of them. */
const COUNT_BYTES = 4;

/**
 * Joins encoded transactions to a bundle, which travels in the place of the hexadecimal text of `tx_submit`. Layout:
 * count u32, then for each transaction its length u32 and its bytes.
 *
 * @param transactions - 1 to {@link BUNDLE_TRANSACTIONS_MAX} of them, parents before their children
 * @throws AssertionError when there are too few or too many of them, or too many bytes for one request
 * @see docs/reference/rpc.md#bundles
 */
export function encodeBundle(transactions: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const count = transactions.length;
  assert(count >= 1 && count <= BUNDLE_TRANSACTIONS_MAX, `${count} transactions in a bundle`);
  const length = bundleBytes(transactions);
  assert(length <= REQUEST_BYTES_MAX, `${length} bytes in a bundle`);
  const bytes = new Uint8Array(length);
  const numbers = new DataView(bytes.buffer);
  numbers.setUint32(0, count, true);
  let offset = COUNT_BYTES;
  for (const transaction of transactions) {
    numbers.setUint32(offset, transaction.length, true);
    bytes.set(transaction, offset + COUNT_BYTES);
    offset += COUNT_BYTES + transaction.length;
  }
  return bytes;
}

/** Bytes of the bundle of these transactions. */
export function bundleBytes(transactions: readonly Uint8Array[]): number {
  return transactions.reduce((total, { length }) => total + COUNT_BYTES + length, COUNT_BYTES);
}

/**
 * Takes a bundle apart. What the transactions are is not looked at: each one gets its own verdict later, so that one
 * that is malformed leaves the others alone.
 *
 * @returns views of `bytes`, which must not change as long as they are read; refuses by `codec/…` when lengths and
 *   bytes do not fit together, and by `rpc/bundle-empty`
 */
export function parseBundle(bytes: Uint8Array): Result<readonly Uint8Array[]> {
  const reader = new Reader(bytes);
  const announced = reader.u32();
  if (announced === 0 && reader.failure === undefined) return refuseRpc('rpc/bundle-empty');
  const count = reader.count(announced, BUNDLE_TRANSACTIONS_MAX, COUNT_BYTES);
  const transactions: Uint8Array[] = [];
  for (let i = 0; i < count && reader.failure === undefined; i++) {
    const length = reader.count(reader.u32(), TRANSACTION_BYTES_MAX, 1);
    transactions.push(reader.bytes.subarray(reader.offset, reader.offset + length));
    reader.offset += length;
  }
  return reader.finish(transactions);
}

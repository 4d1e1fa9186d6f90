import type { Amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import { OK, type Result } from '../base/result.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { PoolEntry } from './entry.ts';
import { paysRate } from './fee-rate.ts';
import { PACKAGE_COUNT_MAX } from './limits.ts';
import { refuseMempool } from './rules.ts';

/**
 * Checks that a package is one transaction preceded by what it builds on, by its inputs: only then are all of it
 * mined together, so only then does the fee of one count for the others.
 *
 * @see Bitcoin Core, doc/policy/packages.md (child-with-parents)
 */
export function checkPackageShape(txs: readonly Transaction[]): Result<undefined> {
  if (txs.length < 1 || txs.length > PACKAGE_COUNT_MAX) {
    return refuseMempool('mempool/package-shape', { got: txs.length, expected: PACKAGE_COUNT_MAX });
  }
  const needed = new Set<string>();
  const seen = new Set<string>();
  // From the last one backwards, so that each must be needed by one that was passed.
  for (let i = txs.length - 1; i >= 0; i--) {
    const tx = txs[i] as Transaction;
    const key = bytesKey(tx.txid);
    const isNeeded = i === txs.length - 1 || needed.has(key);
    const needsLater = tx.inputs.some(({ txid }) => seen.has(bytesKey(txid)));
    if (!isNeeded || needsLater || seen.has(key)) {
      return refuseMempool('mempool/package-shape', { position: i, txid: toHex(tx.txid) });
    }
    seen.add(key);
    for (const { txid } of tx.inputs) needed.add(bytesKey(txid));
  }
  return OK;
}

/** Checks that the new transactions of a package pay the pool's minimum together. */
export function checkPackagePaid(entries: readonly PoolEntry[], feePerGasMin: Amount): Result<undefined> {
  let [fee, gas] = [0, 0];
  for (const entry of entries) {
    fee += entry.fee;
    gas += entry.gas;
  }
  if (paysRate({ fee, gas }, feePerGasMin)) return OK;
  const expected = gas * feePerGasMin;
  return refuseMempool('mempool/fee-too-low', {
    got: fee,
    expected: Number.isSafeInteger(expected) ? expected : 'more than 2^53 − 1',
    gas,
    feePerGas: feePerGasMin,
  });
}

import { ok, type Result } from '../base/result.ts';
import type { Transaction } from './transaction.ts';

/** A transaction with all its parts as properties of its own, to be compared with another one. */
export function plainTransaction(tx: Transaction): Transaction {
  const { expiryHeight, inputs, outputs, actions, witnessCount, witnesses, bytes, txid } = tx;
  return { expiryHeight, inputs, outputs, actions, witnessCount, witnesses, bytes, txid };
}

/** The same for what a parser gives. */
export function plainResult(read: Result<Transaction>): Result<Transaction> {
  return read.ok ? ok(plainTransaction(read.value)) : read;
}

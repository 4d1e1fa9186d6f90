import { ok, type Result } from '../base/result.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import { transactionLeaves } from './block.ts';
import { type ParsedTransactions, parseTransactions } from './parse-transactions.ts';
import type { Transaction } from './transaction.ts';

/**
 * Transactions that nodes of one process share: what reading one gives follows from its bytes alone, and nobody writes
 * to them, so the same array is the same transaction. A simulated network passes arrays on by reference; the first node
 * reads them, and thousands of pools hold the same object. What nobody holds any more is forgotten.
 */
export class SharedTransactions {
  readonly #byBytes = new WeakMap<Uint8Array, Transaction>();
  readonly #leaves = new WeakMap<Transaction, Hash>();

  /** {@link parseTransactions}, with the objects of whoever read the same arrays before. */
  parse(encoded: readonly Uint8Array[], chainId: Hash, hasher: BatchHasher): ParsedTransactions {
    const unread = encoded.filter((bytes) => !this.#byBytes.has(bytes));
    const read = unread.length === 0 ? [] : parseTransactions(unread, chainId, hasher).results;
    let next = 0;
    const results = encoded.map((bytes) => {
      const known = this.#byBytes.get(bytes);
      if (known !== undefined && unread[next] !== bytes) return ok(known);
      const parsed = read[next++] as Result<Transaction>;
      if (parsed.ok) this.#remember(bytes, parsed.value);
      return parsed;
    });
    return { results, flat: undefined };
  }

  /** {@link transactionLeaves}, each worked out once. */
  leaves(transactions: readonly Transaction[], hasher: BatchHasher): Uint8Array {
    const leaves = new Uint8Array(32 * transactions.length);
    const unknown = transactions.filter((transaction) => !this.#leaves.has(transaction));
    if (unknown.length > 0) {
      const hashed = transactionLeaves(unknown, hasher);
      unknown.forEach(
        (transaction, i) => void this.#leaves.set(transaction, hashed.slice(32 * i, 32 * i + 32)),
      );
    }
    transactions.forEach((transaction, i) => void leaves.set(this.#leaves.get(transaction) as Hash, 32 * i));
    return leaves;
  }

  /** The pool sends on the bytes of the object, which are a copy of those it was read from. */
  #remember(bytes: Uint8Array, transaction: Transaction): void {
    this.#byBytes.set(bytes, transaction);
    this.#byBytes.set(transaction.bytes, transaction);
  }
}

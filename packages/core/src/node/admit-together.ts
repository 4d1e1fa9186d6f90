import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Transaction } from '../primitives/transaction.ts';

/** How transactions get into the pool. */
export interface Admission {
  /** @param position - among those that were submitted together */
  add(transaction: Transaction, position: number): Result<unknown>;
  /** All or none; parents first, and the last one builds on all others. */
  addPackage(transactions: readonly Transaction[]): Result<unknown>;
}

/** Refusals that a child which pays more can heal. */
const HEALED_BY_A_CHILD: ReadonlySet<string> = new Set(['mempool/fee-too-low', 'mempool/full']);

/**
 * Adds transactions that were submitted together, one after the other. One that pays too little alone is tried again
 * with the first that builds on it, so that a child can pay for its parent; the verdicts are in the given order.
 */
export function admitTogether(transactions: readonly Transaction[], pool: Admission): Result<unknown>[] {
  const poor = new Map<string, number>();
  const verdicts: Result<unknown>[] = [];
  for (let i = 0; i < transactions.length; i++) {
    const transaction = transactions[i] as Transaction;
    const parents = poorAncestors(transactions, i, poor);
    const verdict =
      parents.length === 0
        ? pool.add(transaction, i)
        : pool.addPackage([...parents.map((at) => transactions[at] as Transaction), transaction]);
    verdicts.push(verdict);
    if (verdict.ok) {
      for (const at of parents) {
        verdicts[at] = ok(undefined);
        poor.delete(toHex((transactions[at] as Transaction).txid));
      }
    } else if (parents.length > 0 || HEALED_BY_A_CHILD.has(verdict.error.rule)) {
      poor.set(toHex(transaction.txid), i);
    }
  }
  return verdicts;
}

const NONE: readonly number[] = [];

/** Positions of the poor transactions that `transactions[i]` builds on, directly or not, in ascending order. */
function poorAncestors(
  transactions: readonly Transaction[],
  i: number,
  poor: ReadonlyMap<string, number>,
): readonly number[] {
  if (poor.size === 0) return NONE;
  const found = new Set<number>();
  const open = [i];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { txid } of transactions[at]?.inputs ?? []) {
      const parent = poor.get(toHex(txid));
      if (parent === undefined || found.has(parent)) continue;
      found.add(parent);
      open.push(parent);
    }
  }
  return [...found].toSorted((a, b) => a - b);
}

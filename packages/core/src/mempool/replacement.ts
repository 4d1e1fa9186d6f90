import { type Amount, multiplyAmounts } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import { OK, ok, type Result } from '../base/result.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { compareKeys, descendantsOf, type PoolEntry, type Totals } from './entry.ts';
import { compareFeeRates, type FeeRate } from './fee-rate.ts';
import { REPLACED_MAX } from './limits.ts';
import type { PoolGraph } from './pool-graph.ts';
import { refuseMempool } from './rules.ts';

/**
 * What a transaction would push out: the entries that spend one of its coins, and everything that builds on them.
 * Refuses when these are too many (rule 5 of BIP-125), or when the transaction builds on one of them.
 *
 * @param spent - the keys of the transaction's inputs
 * @see docs/reference/mempool.md#replacement
 */
export function findReplaced(
  graph: PoolGraph,
  transaction: Transaction,
  spent: readonly string[],
): Result<ReadonlySet<PoolEntry>> {
  let replaced: Set<PoolEntry> | undefined;
  for (const key of spent) {
    const spender = graph.spenderOf(key);
    if (spender === undefined) continue;
    replaced ??= new Set();
    replaced.add(spender);
    for (const descendant of descendantsOf(spender)) replaced.add(descendant);
    if (replaced.size > REPLACED_MAX) {
      return refuseMempool('mempool/replaces-too-many', { got: replaced.size, expected: REPLACED_MAX });
    }
  }
  if (replaced === undefined) return NOTHING_REPLACED;
  for (const { txid } of transaction.inputs) {
    const maker = graph.get(bytesKey(txid));
    if (maker !== undefined && replaced.has(maker)) {
      return refuseMempool('mempool/conflict', { txid: toHex(txid) });
    }
  }
  return ok(replaced);
}

const NOTHING_REPLACED: Result<ReadonlySet<PoolEntry>> = ok(new Set());

/**
 * Checks that a transaction pays enough to replace others: per gas more than each of them, alone and together with
 * what it builds on, and in all what they pay together plus the price of its own relay.
 *
 * @param ancestors - the entries it builds on
 */
export function checkReplacement(
  spec: ChainSpec,
  entry: PoolEntry,
  ancestors: Totals,
  replaced: ReadonlySet<PoolEntry>,
): Result<undefined> {
  if (replaced.size === 0) return OK;
  const [first, ...others] = replaced;
  if (first === undefined) return OK;
  let dearest = first;
  let fees: number = first.fee;
  for (const other of others) {
    fees += other.fee;
    const order = compareFeeRates(other, dearest);
    if (order > 0 || (order === 0 && compareKeys(other, dearest) < 0)) dearest = other;
  }
  const relay = multiplyAmounts(entry.gas, relayIncrement(spec)) ?? Number.POSITIVE_INFINITY;
  const aloneMin = feeAbove(dearest, entry.gas);
  const chainMin = feeAbove(dearest, ancestors.gas + entry.gas) - ancestors.fee;
  const expected = Math.max(fees + relay, aloneMin, chainMin);
  if (entry.fee >= expected) return OK;
  return refuseMempool('mempool/replacement-fee-too-low', {
    got: entry.fee,
    expected: Number.isSafeInteger(expected) ? expected : 'more than 2^53 − 1',
    replaced: replaced.size,
    dearest: toHex(dearest.transaction.txid),
  });
}

/**
 * Hugs per gas that a replacement or an eviction must add. Every transaction that is passed on costs all nodes
 * bandwidth, and one that is replaced never pays; so each step pays what the least transaction would.
 */
export function relayIncrement({ fees }: Pick<ChainSpec, 'fees'>): Amount {
  return Math.max(1, fees.baseFeeMin) as Amount;
}

/** The smallest fee that pays more per gas than a rate. The product needs BigInt; replacements are rare. */
function feeAbove({ fee, gas: per }: FeeRate, gas: number): number {
  return Number((BigInt(fee) * BigInt(gas)) / BigInt(per)) + 1;
}

import { type Amount, amount, multiplyAmounts } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import { OK, ok, type Result } from '../base/result.ts';
import { applyTransaction } from '../ledger/apply-transaction.ts';
import type { BlockEnvironment } from '../ledger/environment.ts';
import { SIGNATURES_CHECKED } from '../ledger/transaction-signatures.ts';
import { type TransferTerms, transferTerms } from '../ledger/transfer-terms.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { witnessPath } from '../primitives/witness.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { coinKey } from '../state/coin.ts';
import { Overlay, type StateView } from '../state/view.ts';
import { addTotals, ancestorsOf, ownTotals, type PoolEntry, spentKeys, type Totals } from './entry.ts';
import type { Journal } from './journal.ts';
import { PACKAGE_BYTES_MAX, PACKAGE_COUNT_MAX } from './limits.ts';
import type { PoolGraph } from './pool-graph.ts';
import { PoolView, pooledCoin, storageName } from './pool-view.ts';
import { checkReplacement, findReplaced } from './replacement.ts';
import { refuseMempool } from './rules.ts';

/** What a transaction is checked against. */
export interface Admission {
  readonly spec: ChainSpec;
  readonly graph: PoolGraph;
  /** The state after the head. */
  readonly view: StateView;
  /** Of the next block. */
  readonly env: BlockEnvironment;
  readonly nowMs: number;
}

/** A transaction that is in the pool now, and what it pushed out. */
export interface Admitted {
  readonly entry: PoolEntry;
  readonly replaced: readonly Transaction[];
}

/**
 * Checks a transaction that has just come and links it: by the ledger on top of what it builds on, by the pool's
 * minimum, and against those it would replace. Cheap checks come first. On refusal the caller rolls back.
 *
 * @param feePerGasMin - the pool's minimum, in hugs per gas
 * @param terms - what is known of a plain transfer whose coins are all in the state; see TransferQuotes
 */
export function admit(
  admission: Admission,
  transaction: Transaction,
  journal: Journal,
  feePerGasMin: Amount,
  terms?: TransferTerms,
): Result<Admitted> {
  const { spec, graph } = admission;
  const key = bytesKey(transaction.txid);
  if (graph.get(key) !== undefined) {
    return refuseMempool('mempool/known', { txid: toHex(transaction.txid) });
  }
  const spent = spentKeys(transaction);
  const replaced = findReplaced(graph, transaction, spent);
  if (!replaced.ok) return replaced;
  // Taken out first: what they wrote and how many they are must not count against the one that replaces them.
  const removed = replaced.value.size === 0 ? NOTHING_REMOVED : graph.withDescendants(replaced.value);
  for (const entry of removed) journal.unlink(entry);
  const entry =
    terms === undefined
      ? checkTransaction(admission, transaction, spent)
      : ok(transferEntry(transaction, key, terms, admission.nowMs, spent, []));
  if (!entry.ok) return entry;
  const paid = checkMinimum(entry.value, feePerGasMin);
  if (!paid.ok) return paid;
  const ancestors = checkChain(entry.value);
  if (!ancestors.ok) return ancestors;
  const replaces = checkReplacement(spec, entry.value, ancestors.value, replaced.value);
  if (!replaces.ok) return replaces;
  journal.link(entry.value);
  const pushedOut = removed.length === 0 ? NOBODY : removed.map((other) => other.transaction);
  return ok({ entry: entry.value, replaced: pushedOut });
}

const NOTHING_REMOVED: readonly PoolEntry[] = [];
const NOBODY: readonly Transaction[] = [];

/**
 * Checks a transaction that was in the pool or in a block before. It pays no minimum, and not even the base fee: a
 * base fee that rises also falls, and until then the transaction waits (see selectPackages).
 */
export function readmit(admission: Admission, transaction: Transaction): Result<PoolEntry> {
  const env = { ...admission.env, baseFee: amount(0) };
  const entry = checkTransaction({ ...admission, env }, transaction, spentKeys(transaction));
  if (!entry.ok) return entry;
  const chain = checkChain(entry.value);
  return chain.ok ? entry : chain;
}

/**
 * Applies a transaction on top of what it builds on in the pool. Its coins must not be spent there.
 *
 * @param spent - the keys of its inputs
 */
function checkTransaction(
  admission: Admission,
  transaction: Transaction,
  spent: readonly string[],
): Result<PoolEntry> {
  const transfer = checkTransfer(admission, transaction, spent);
  if (transfer !== undefined) return ok(transfer);
  const { spec, graph, view, env, nowMs } = admission;
  const poolView = new PoolView(view, graph, transaction, env.height);
  const overlay = new Overlay(poolView);
  const applied = applyTransaction(spec, overlay, transaction, env, SIGNATURES_CHECKED);
  if (!applied.ok) return applied;
  const { fee, gasUsed } = applied.value;
  const { touched } = poolView;
  const own = { transaction, fee, gas: Math.max(1, gasUsed) };
  return ok({
    ...own,
    key: bytesKey(transaction.txid),
    receivedMs: nowMs,
    spent,
    touched: touched.size === 0 ? NOTHING_TOUCHED : touched,
    written: touched.size === 0 ? NOTHING_WRITTEN : writtenBy(overlay),
    conditional: poolView.usesReward || hasCondition(transaction),
    parents: graph.parentsOf(transaction, touched),
    children: [],
    ancestors: ownTotals(own),
    descendants: ownTotals(own),
    places: { best: -1, worst: -1 },
  });
}

/** The short way for plain transfers; undefined for all others and for what is to be refused. */
function checkTransfer(
  { spec, graph, view, env, nowMs }: Admission,
  transaction: Transaction,
  spent: readonly string[],
): PoolEntry | undefined {
  const parents: PoolEntry[] = [];
  const terms = transferTerms(spec, transaction, env, ({ txid, index }) => {
    const maker = graph.count === 0 ? undefined : graph.get(bytesKey(txid));
    if (maker === undefined) return view.coin(coinKey(txid, index));
    if (!parents.includes(maker)) parents.push(maker);
    const output = maker.transaction.outputs[index];
    return output === undefined ? undefined : pooledCoin(output, index, env.height);
  });
  if (terms === undefined) return undefined;
  return transferEntry(transaction, bytesKey(transaction.txid), terms, nowMs, spent, parents);
}

/** The entry of a plain transfer; the graph works out its totals when it is linked. */
function transferEntry(
  transaction: Transaction,
  key: string,
  { fee, gas }: TransferTerms,
  nowMs: number,
  spent: readonly string[],
  parents: PoolEntry[],
): PoolEntry {
  return {
    transaction,
    key,
    fee,
    gas: Math.max(1, gas),
    receivedMs: nowMs,
    spent,
    touched: NOTHING_TOUCHED,
    written: NOTHING_WRITTEN,
    conditional: false,
    parents,
    children: [],
    ancestors: NO_TOTALS,
    descendants: NO_TOTALS,
    places: { best: -1, worst: -1 },
  };
}

// Shared by all plain transfers, which are most of a pool.
const NOTHING_TOUCHED: ReadonlySet<string> = new Set();
const NOTHING_WRITTEN: ReadonlyMap<string, Uint8Array | undefined> = new Map();

function writtenBy(overlay: Overlay): ReadonlyMap<string, Uint8Array | undefined> {
  const written = new Map<string, Uint8Array | undefined>();
  for (const { namespace, key, value } of overlay.changes().storage) {
    written.set(storageName(namespace, key), value);
  }
  return written;
}

function hasCondition({ witnesses }: Transaction): boolean {
  return witnesses.some((witness) => {
    const { kind } = witnessPath(witness).condition;
    return kind === 'height' || kind === 'time' || kind === 'age';
  });
}

function checkMinimum({ fee, gas }: PoolEntry, feePerGasMin: Amount): Result<undefined> {
  const expected = multiplyAmounts(gas, feePerGasMin);
  if (expected !== undefined && fee >= expected) return OK;
  return refuseMempool('mempool/fee-too-low', {
    got: fee,
    expected: expected ?? 'more than 2^53 − 1',
    gas,
    feePerGas: feePerGasMin,
  });
}

/** Checks the limits of chained transactions for an entry that is not linked yet; gives the sums of its ancestors. */
export function checkChain(entry: PoolEntry): Result<Totals> {
  if (entry.parents.length === 0) return OWN_CHAIN;
  let totals = NO_TOTALS;
  const bytes = entry.transaction.bytes.length;
  for (const ancestor of ancestorsOf(entry)) {
    totals = addTotals(totals, ancestor);
    const { count: others, bytes: otherBytes } = ancestor.descendants;
    if (others + 1 > PACKAGE_COUNT_MAX) {
      const evidence = { got: others + 1, expected: PACKAGE_COUNT_MAX };
      return refuseMempool('mempool/too-many-descendants', {
        ...evidence,
        ancestor: toHex(ancestor.transaction.txid),
      });
    }
    if (otherBytes + bytes > PACKAGE_BYTES_MAX) {
      return refuseMempool('mempool/chain-too-large', {
        got: otherBytes + bytes,
        expected: PACKAGE_BYTES_MAX,
      });
    }
  }
  if (totals.count + 1 > PACKAGE_COUNT_MAX) {
    const evidence = { got: totals.count + 1, expected: PACKAGE_COUNT_MAX };
    return refuseMempool('mempool/too-many-ancestors', evidence);
  }
  if (totals.count > 0 && totals.bytes + bytes > PACKAGE_BYTES_MAX) {
    return refuseMempool('mempool/chain-too-large', {
      got: totals.bytes + bytes,
      expected: PACKAGE_BYTES_MAX,
    });
  }
  return ok(totals);
}

const NO_TOTALS: Totals = { count: 0, bytes: 0, fee: 0, gas: 0 };
const OWN_CHAIN: Result<Totals> = ok(NO_TOTALS);

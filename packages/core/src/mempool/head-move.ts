import { bytesKey } from '../base/bytes-key.ts';
import type { Block } from '../primitives/block.ts';
import { FlatBlock, transactionCount, txidKeyAt } from '../primitives/flat-block.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { type Admission, checkChain, readmit } from './admission.ts';
import { byDepth, outpointKey, type PoolEntry, spentKeys, spentKeysAt } from './entry.ts';
import type { PoolGraph } from './pool-graph.ts';

/** How the chain's head has moved. */
export interface HeadMove {
  /** Transactions of the blocks that are no longer in the chain, oldest first. Rewards may be among them. */
  readonly removed: readonly Transaction[];
  /** The blocks that are new in the chain, oldest first. */
  readonly added: readonly Block[];
  /** True when what was removed shall not come back: a revert on a development network. */
  readonly forget?: boolean;
}

/** What a move of the head did to the pool. */
export interface PoolMove {
  /** Came back from blocks that are no longer in the chain. */
  readonly returned: readonly Transaction[];
  /** Left without being in a block: expired, spent by others, or no longer valid. */
  readonly dropped: readonly Transaction[];
}

/**
 * Brings the pool in line with a new head. Forward, a plain transfer only depends on its coins, so just those that a
 * block spends or expires are touched; what touches storage is checked again. After a reorganisation everything is
 * linked anew, and checked again where it hangs on something that may be gone. Linear in the pool and the move.
 *
 * @param admission - the state after the new head
 * @param earlier - the next block is lower or earlier than one the pool was checked for
 */
export function moveHead(admission: Admission, move: HeadMove, earlier: boolean): PoolMove {
  const { graph } = admission;
  // Lifted first, because another node may have ordered what touches one storage entry in another way.
  const lifted = lift(graph, move.removed.length > 0, earlier);
  const changes = new CoinChanges(move, lifted.length > 0 || move.removed.length > 0);
  const spent = confirm(graph, move.added);
  const dropped = [...dropConflicts(graph, spent), ...dropExpired(graph, admission.env.height)];
  const comingBack = move.forget === true ? [] : move.removed;
  const returned = comingBack.filter((transaction) => putBack(admission, changes, transaction));
  const context = { admission, changes, recheckConditions: earlier || move.removed.length > 0 };
  for (const entry of lifted) {
    if (!changes.isAdded(entry.key) && !relink(context, entry)) dropped.push(entry);
  }
  return { returned, dropped: dropped.map((entry) => entry.transaction) };
}

/** What most moves take and give that anybody asks for: a node makes no set for each block to hold nothing. */
const NOTHING: ReadonlySet<string> = new Set();

/** Which coins a move took and gave. */
class CoinChanges {
  readonly #added: ReadonlySet<string>;
  readonly #removed: ReadonlySet<string>;
  readonly #spent: ReadonlySet<string>;

  /** @param isAsked - false when nothing is put back or linked anew, so that nobody asks */
  constructor({ removed, added }: HeadMove, isAsked: boolean) {
    const transactions = isAsked ? added.flatMap((block) => block.transactions) : [];
    this.#added = keysOf(transactions);
    this.#removed = keysOf(removed);
    const inputs = transactions.flatMap((transaction) => transaction.inputs);
    this.#spent = inputs.length === 0 ? NOTHING : new Set(inputs.map(outpointKey));
  }

  /** The transaction is in a new block. */
  isAdded(key: string): boolean {
    return this.#added.has(key);
  }

  /** A coin of the transaction was spent by a new block, or made by one that is gone. */
  affect({ inputs }: Transaction): boolean {
    return inputs.some(({ txid, index }) => {
      return this.#removed.has(bytesKey(txid)) || this.#spent.has(outpointKey({ txid, index }));
    });
  }
}

function keysOf(transactions: readonly Transaction[]): ReadonlySet<string> {
  return transactions.length === 0 ? NOTHING : new Set(transactions.map(({ txid }) => bytesKey(txid)));
}

/** Unlinks what must be looked at again, with all that builds on it, and gives it parents first. */
function lift(graph: PoolGraph, everything: boolean, earlier: boolean): PoolEntry[] {
  const roots = everything ? [...graph.entries()] : [...graph.stateful()];
  if (earlier && !everything) roots.push(...graph.conditional());
  if (roots.length === 0) return [];
  const lifted = graph.withDescendants(roots);
  for (const entry of lifted) graph.unlink(entry);
  return lifted.toReversed();
}

/** Removes what is in a new block; of the transactions that were not in the pool it gives the coins they spend. */
function confirm(graph: PoolGraph, added: readonly Block[]): string[] {
  const confirmed: PoolEntry[] = [];
  const spent: string[] = [];
  for (const block of graph.count === 0 ? [] : added) {
    const count = transactionCount(block);
    // The reward spends nothing and waits in no pool. No object is made of the others.
    for (let i = 1; i < count; i++) {
      const entry = graph.get(txidKeyAt(block, i));
      if (entry === undefined) spent.push(...spentIn(block, i));
      else confirmed.push(entry);
    }
  }
  const isChained = confirmed.some(({ parents }) => parents.length > 0);
  graph.confirm(isChained ? confirmed.toSorted(byDepth) : confirmed);
  return spent;
}

/** The coins that one transaction of a block spends ({@link outpointKey}). */
function spentIn(block: Block, i: number): readonly string[] {
  if (block instanceof FlatBlock) return spentKeysAt(block.bytes, block.offsets[i] as number);
  return spentKeys(block.transactions[i] as Transaction);
}

/** Drops what spends one of these coins; a confirmed entry was the only one in the pool that spent its own. */
function dropConflicts(graph: PoolGraph, spent: readonly string[]): PoolEntry[] {
  const dropped: PoolEntry[] = [];
  for (const coin of spent) {
    if (graph.count === 0) break;
    const spender = graph.spenderOf(coin);
    if (spender !== undefined) dropped.push(...drop(graph, [spender]));
  }
  return dropped;
}

function dropExpired(graph: PoolGraph, height: number): PoolEntry[] {
  const dropped: PoolEntry[] = [];
  for (let next = graph.expiring.peek(); next !== undefined; next = graph.expiring.peek()) {
    if (next.transaction.expiryHeight >= height) break;
    dropped.push(...drop(graph, [next]));
  }
  return dropped;
}

/** Unlinks entries and all that builds on them. */
export function drop(graph: PoolGraph, entries: Iterable<PoolEntry>): readonly PoolEntry[] {
  const dropped = graph.withDescendants(entries);
  for (const entry of dropped) graph.unlink(entry);
  return dropped;
}

function spendersOf(graph: PoolGraph, { inputs }: Transaction): PoolEntry[] {
  return inputs.map((input) => graph.spender(input)).filter((spender) => spender !== undefined);
}

/** Takes a transaction of a removed block back into the pool, if it holds and is not in a new block. */
function putBack(admission: Admission, changes: CoinChanges, transaction: Transaction): boolean {
  // A reward has no inputs; it is gone with its block.
  if (transaction.inputs.length === 0 || changes.isAdded(bytesKey(transaction.txid))) return false;
  const entry = readmit(admission, transaction);
  if (entry.ok) admission.graph.link(entry.value);
  return entry.ok;
}

interface RelinkContext {
  readonly admission: Admission;
  readonly changes: CoinChanges;
  readonly recheckConditions: boolean;
}

/** Links a lifted entry again, checked where it hangs on something that the move may have changed. */
function relink({ admission, changes, recheckConditions }: RelinkContext, entry: PoolEntry): boolean {
  const { graph, env } = admission;
  const { transaction, touched, conditional, receivedMs } = entry;
  const { expiryHeight } = transaction;
  if (expiryHeight !== 0 && expiryHeight < env.height) return false;
  // What came back from a block was there first, and wins.
  if (spendersOf(graph, transaction).length > 0) return false;
  const orphaned = entry.parents.some((parent) => graph.get(parent.key) === undefined);
  if (touched.size > 0 || orphaned || (conditional && recheckConditions) || changes.affect(transaction)) {
    const again = readmit({ ...admission, nowMs: receivedMs }, transaction);
    if (again.ok) graph.link(again.value);
    return again.ok;
  }
  const parents = graph.parentsOf(transaction, touched);
  const same = { ...entry, parents, children: [], places: { best: -1, worst: -1 } };
  // What came back may stand above it now and make the chain too long.
  if (!checkChain(same).ok) return false;
  graph.link(same);
  return true;
}

import { equalBytes } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { BlockResult } from '../ledger/apply-block.ts';
import type { Block } from '../primitives/block.ts';
import { blockTransactionRoot } from '../primitives/flat-block.ts';
import type { WorldState } from '../state/world-state.ts';
import type { BlockNode } from './block-tree.ts';
import type { ChainParts } from './chain-parts.ts';
import { type Bodies, bestStateOf, executeNext, type FailedBranch } from './execute.ts';
import { readBlock } from './read-block.ts';

/** A block of the new branch with what it does. */
export interface ExecutedBlock {
  readonly node: BlockNode;
  readonly block: Block;
  readonly result: BlockResult;
}

/** A change of the best branch that was worked out, and not carried out yet. */
export interface Reorganisation {
  /** The last block that stays. */
  readonly fork: BlockNode;
  /** The old head first. */
  readonly removed: readonly Block[];
  /** Oldest first; the last one is the new head. */
  readonly added: readonly ExecutedBlock[];
  readonly state: WorldState;
}

/**
 * Works out how `target` becomes the head: back to the fork by undo records, then forward by executing the branch.
 * Changes nothing, so a branch that turns out invalid half way leaves the old head as it was.
 */
export function planReorganisation(
  parts: ChainParts,
  target: BlockNode,
  bodies: Bodies,
): Result<Reorganisation, FailedBranch> {
  const { fork, branch } = parts.tree.branchOf(target);
  const base = bestStateOf(parts, fork);
  if (!base.ok) return failed(undefined, base);
  const removed = readRemoved(parts, fork);
  if (!removed.ok) return failed(undefined, removed);
  const added: ExecutedBlock[] = [];
  let state = base.value;
  let parent = fork;
  for (const node of branch) {
    const arrived = bodies.get(bytesKey(node.id));
    const block = arrived === undefined ? readBlock(parts.store, node.id, parts.chainId) : ok(arrived);
    if (!block.ok) return failed(node, block);
    // What was kept is of the block in the store; what arrived just now was not executed before.
    const known = arrived === undefined ? parts.executed.get(node.id) : undefined;
    const result = known === undefined ? executeNext(parts, state, parent.header, block.value) : ok(known);
    if (!result.ok) return failed(node, result);
    added.push({ node, block: block.value, result: result.value });
    state = result.value.state;
    parent = node;
  }
  return ok({ fork, removed: removed.value, added, state });
}

/** The blocks of the best branch above the fork, the head first. */
function readRemoved({ tree, store, chainId }: ChainParts, fork: BlockNode): Result<readonly Block[]> {
  const removed: Block[] = [];
  for (let height = tree.head.height; height > fork.height; height--) {
    const block = readBlock(store, (tree.bestAt(height) as BlockNode).id, chainId);
    if (!block.ok) return block;
    removed.push(block.value);
  }
  return ok(removed);
}

/**
 * True when the transactions are those the header commits to. Anybody can put other ones beside a valid header, and
 * that must not count against the block with this id.
 */
export function bodyFitsHeader(block: Block): boolean {
  return equalBytes(blockTransactionRoot(block), block.header.txRoot);
}

function failed(node: BlockNode | undefined, failure: Failure): Failure<FailedBranch> {
  return { ok: false, error: { node, failure } };
}

import { equalBytes, toHex } from '../base/bytes.ts';
import { type Failure, OK, ok, type Result } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import { adopt, type Decision } from './adopt.ts';
import type { BlockNode } from './block-tree.ts';
import type { ChainParts } from './chain-parts.ts';
import { type ChainUpdate, NO_UPDATE } from './chain-update.ts';
import { executeTo, type FailedBranch, NO_BODIES } from './execute.ts';
import { chooseHead } from './fork-choice.ts';
import { branchFailed, isDamage } from './import-block.ts';
import { readHeaderOf, readIdAt } from './read-block.ts';
import { planReorganisation, type Reorganisation } from './reorg.ts';
import { refuseChain } from './rules.ts';

/** Executes a block wherever it stands; see {@link Chain.execute}. */
export function execute(parts: ChainParts, id: Hash): Result<undefined> {
  const node = parts.tree.find(id);
  if (node === undefined) return isFinal(parts, id) ? OK : refuseUnknown(parts, id);
  if (parts.tree.isBest(node)) return OK;
  const state = executeTo(parts, node, NO_BODIES);
  return state.ok ? OK : blame(parts, id, state.error);
}

/** Makes the best head of those that descend from a block the head; see {@link Chain.prefer}. */
export function prefer(parts: ChainParts, id: Hash): Result<ChainUpdate> {
  const node = parts.tree.find(id);
  if (node === undefined) return isFinal(parts, id) ? ok(NO_UPDATE) : refuseUnknown(parts, id);
  const move = chooseFrom(parts, node);
  if (!move.ok) return move;
  parts.anchor = id;
  return ok(move.value === undefined ? NO_UPDATE : adopt(parts, [], move.value));
}

/** Makes a block final, and all before it; see {@link Chain.finalise}. */
export function finalise(parts: ChainParts, id: Hash, certificate: Uint8Array): Result<ChainUpdate> {
  const node = parts.tree.find(id);
  if (node === undefined && isFinal(parts, id)) return ok(NO_UPDATE);
  if (node === parts.tree.root) return ok(NO_UPDATE);
  if (node === undefined) return refuseUnknown(parts, id);
  // What is preferred may be a later block already, and then the head is right.
  const isBehind = isAnchored(parts, node);
  const move = isBehind ? ok(undefined) : chooseFrom(parts, node);
  if (!move.ok) return move;
  if (!isBehind) parts.anchor = id;
  const decision: Decision = { height: node.height, certificate };
  return ok(adopt(parts, [], move.value, decision));
}

/** True when the preferred block descends from this one. */
function isAnchored({ tree, anchor }: ChainParts, node: BlockNode): boolean {
  const preferred = anchor === undefined ? undefined : tree.find(anchor);
  return preferred !== undefined && tree.descends(preferred, node);
}

/**
 * Works out the move to the best head of those that descend from a block; undefined when that is the head already.
 * Blocks that turn out invalid on the way are rejected. Refuses when the block itself is among them.
 */
function chooseFrom(parts: ChainParts, anchor: BlockNode): Result<Reorganisation | undefined> {
  const { tree } = parts;
  const { ties } = parts.consensus.production;
  // Each round ends the search, or takes a block out of the tree.
  for (;;) {
    const start = tree.descends(tree.head, anchor) ? tree.head : anchor;
    const best = chooseHead(start, tree.sidesFrom(anchor), ties);
    if (best === tree.head) return ok(undefined);
    const planned = planReorganisation(parts, best, NO_BODIES);
    if (planned.ok) return planned;
    const failure = blame(parts, anchor.id, planned.error);
    const isGone = tree.find(anchor.id) === undefined;
    if (isGone || isDamage(planned.error.failure)) return failure;
  }
}

/** Rejects what is invalid of a branch; what is to be said of the block that was asked about. */
function blame(parts: ChainParts, id: Hash, failed: FailedBranch): Failure {
  const refusal = branchFailed(parts, failed);
  return failed.node !== undefined && equalBytes(failed.node.id, id) ? failed.failure : refusal;
}

/** True for a block from before the tree. */
function isFinal({ store, tree }: ChainParts, id: Hash): boolean {
  const header = readHeaderOf(store, id);
  if (!header.ok || header.value.height >= tree.root.height) return false;
  const best = readIdAt(store, header.value.height);
  return best !== undefined && equalBytes(best, id);
}

function refuseUnknown({ invalid }: ChainParts, id: Hash): Failure {
  const rule = invalid.ruleOf(id);
  if (rule !== undefined) return refuseChain('chain/block-invalid', { rule });
  return refuseChain('chain/block-unknown', { id: toHex(id) });
}

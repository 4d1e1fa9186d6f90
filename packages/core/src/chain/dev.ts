import { equalBytes, toHex } from '../base/bytes.ts';
import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Block } from '../primitives/block.ts';
import type { WorldState } from '../state/world-state.ts';
import { dropSides, finishBatch } from './adopt.ts';
import { type BlockNode, BlockTree } from './block-tree.ts';
import type { ChainParts } from './chain-parts.ts';
import { type ChainUpdate, NO_UPDATE } from './chain-update.ts';
import { undoBlock } from './execute.ts';
import { layout } from './layout.ts';
import { explainMissing } from './prune.ts';
import { readBlock, readHeaderOf, readIdAt } from './read-block.ts';
import { readBranch } from './read-branch.ts';
import { refuseChain, refuseData } from './rules.ts';
import { StagedBatch } from './staged-batch.ts';

/** Where a rewind ends, and what it takes away. */
interface Rewind {
  /** The old head first. */
  readonly removed: readonly Block[];
  readonly best: readonly BlockNode[];
  readonly state: WorldState;
}

/** Makes an older block of the best branch the head again; see {@link Chain.rewind}. */
export function rewind(parts: ChainParts, id: Hash): Result<ChainUpdate> {
  if (!parts.options.spec.dev) return refuseChain('chain/dev-only');
  if (equalBytes(id, parts.tree.head.id)) return ok(NO_UPDATE);
  const target = readHeaderOf(parts.store, id);
  const best = target.ok ? readIdAt(parts.store, target.value.height) : undefined;
  if (!target.ok || best === undefined || !equalBytes(best, id)) {
    return refuseChain('chain/not-on-best-branch', { id: toHex(id) });
  }
  const plan = planRewind(parts, target.value.height);
  return plan.ok ? ok(carryOut(parts, plan.value)) : plan;
}

function planRewind(parts: ChainParts, height: number): Result<Rewind> {
  const { tree, store, consensus } = parts;
  const lost = checkRecoverable(parts, height);
  if (lost !== undefined) return lost;
  const removed: Block[] = [];
  let state = parts.headState;
  let weight = tree.head.weight;
  for (let at = tree.head.height; at > height; at--) {
    const block = blockAt(parts, at);
    if (!block.ok) return block;
    const parent = readHeaderOf(store, block.value.header.parent);
    if (!parent.ok) return parent;
    const before = undoBlock(store, block.value.id, state, parent.value);
    if (!before.ok) return before;
    removed.push(block.value);
    state = before.value;
    weight -= consensus.production.weight(block.value.header);
  }
  const best = readBranch(parts, finalHeightAt(parts, height), height, weight);
  return best.ok ? ok({ removed, best: best.value, state }) : best;
}

/** Which block is final when one at this height is the head: by depth, or by the last certificate up to there. */
function finalHeightAt({ consensus, store, tree }: ChainParts, height: number): number {
  if (height >= tree.root.height && consensus.finality.createEngine !== undefined) return tree.root.height;
  let voted = consensus.finality.createEngine === undefined ? 0 : height;
  while (voted > 0 && store.get(layout.certificate(voted)) === undefined) voted--;
  return Math.max(voted, consensus.finality.finalHeight(height));
}

/** A pruned chain opens from a checkpoint, so one of a block that is final then must be left. */
function checkRecoverable(parts: ChainParts, height: number): Failure | undefined {
  const { blocks } = parts.pruned;
  const finalHeight = finalHeightAt(parts, height);
  const isCovered = parts.checkpoints.heights(parts).some((at) => at >= blocks && at <= finalHeight);
  return blocks === 0 || isCovered ? undefined : refuseData('data/pruned', { got: height });
}

function blockAt(parts: ChainParts, height: number): Result<Block> {
  const id = readIdAt(parts.store, height);
  if (id === undefined) return refuseData('data/missing-block', { height });
  const block = readBlock(parts.store, id, parts.chainId);
  return block.ok ? block : explainMissing(parts, id, block);
}

function carryOut(parts: ChainParts, { removed, best, state }: Rewind): ChainUpdate {
  const writes = new StagedBatch(parts.store);
  for (const key of parts.garbage.splice(0)) writes.delete(key);
  dropSides(parts, parts.tree.sides, writes);
  for (const block of removed) {
    parts.index?.disconnect(writes, block);
    parts.states.delete(block.id);
    for (const name of ['header', 'block', 'receipts', 'undo'] as const)
      writes.delete(layout[name](block.id));
    writes.delete(layout.height(block.header.height));
    writes.delete(layout.certificate(block.header.height));
  }
  parts.tree = new BlockTree(best);
  parts.anchor = undefined;
  parts.headState = state;
  finishBatch(parts, writes);
  return { kind: 'head', removed, added: [], batch: writes.finish(), finalised: [] };
}

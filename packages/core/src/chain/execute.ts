import { equalBytes, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import type { VerifySignature } from '../crypto/signature.ts';
import { applyBlock, type BlockResult } from '../ledger/apply-block.ts';
import { environmentAfter } from '../ledger/environment.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';
import { FlatBlock } from '../primitives/flat-block.ts';
import { type Header, sealHash } from '../primitives/header.ts';
import { OUTPUT_BYTES } from '../primitives/output.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { parseChanges } from '../state/changes.ts';
import { applyChanges, stateRoot, type WorldState } from '../state/world-state.ts';
import type { BlockNode } from './block-tree.ts';
import type { ChainParts } from './chain-parts.ts';
import { layout } from './layout.ts';
import { readUncheckedBlock } from './read-block.ts';
import { refuseData } from './rules.ts';
import type { SharedBlocks } from './shared-blocks.ts';

/** What executing a block needs to know of its chain. */
export interface Executor {
  readonly spec: ChainSpec;
  readonly chainId: Hash;
  readonly verify: VerifySignature;
  readonly hasher: BatchHasher;
  readonly shared?: SharedBlocks | undefined;
}

/**
 * Executes a block on the state after its parent, in the environment that its headers give. Refuses by
 * `data/state-full` when there may be no memory for its coins.
 */
export function executeBlock(
  { spec, chainId, verify, hasher, shared }: Executor,
  state: WorldState,
  parent: Header,
  block: Block,
): Result<BlockResult> {
  const { coins } = state;
  if (!coins.hasRoomFor(coinsOfBytesMax(block.bytes.length)))
    return refuseData('data/state-full', { coins: coins.size });
  const env = environmentAfter(spec, chainId, parent, block.header);
  const apply = () => applyBlock(spec, state, block, env, verify, hasher);
  return shared === undefined ? apply() : shared.execute(block, apply);
}

/** The most coins that a block of so many bytes can make. */
export function coinsOfBytesMax(bytes: number): number {
  return Math.floor(bytes / OUTPUT_BYTES);
}

/** {@link executeBlock} for a block of this chain, unless it is the one that was drafted here. */
export function executeNext(
  parts: ChainParts,
  state: WorldState,
  parent: Header,
  block: Block,
): Result<BlockResult> {
  const { draft } = parts;
  // Asked of a scanned block, which was not made here, its list would be made into objects first.
  const isOwn =
    draft !== undefined && !(block instanceof FlatBlock) && draft.transactions === block.transactions;
  if (isOwn && equalBytes(draft.sealHash, sealHash(block.header))) {
    const drafted = () => ok(draft.result);
    return parts.shared === undefined ? drafted() : parts.shared.execute(block, drafted);
  }
  return executeBlock(executorOf(parts), state, parent, block);
}

/**
 * The state before a block, by its undo record. Refuses by `data/corrupt-undo` unless that is exactly the state of
 * the parent's header.
 */
export function undoBlock(store: ReadStore, id: Hash, state: WorldState, parent: Header): Result<WorldState> {
  const bytes = store.get(layout.undo(id));
  const parsed = bytes === undefined ? undefined : parseChanges(bytes);
  if (parsed?.ok !== true)
    return refuseData('data/corrupt-undo', { id: toHex(id), missing: bytes === undefined });
  const before = applyChanges(state, parsed.value).state;
  if (equalBytes(stateRoot(before), parent.stateRoot)) return ok(before);
  return refuseData('data/corrupt-undo', { id: toHex(id), leadsTo: toHex(stateRoot(before)) });
}

/**
 * The state after a block of the tree: remembered, or by undoing from the head, or by executing a side branch.
 * Refuses by `data/…`, or by the rule that a side block breaks.
 */
export function stateOf(parts: ChainParts, node: BlockNode): Result<WorldState> {
  const { fork, branch } = parts.tree.branchOf(node);
  const base = bestStateOf(parts, fork);
  if (!base.ok) return base;
  let state = base.value;
  let parent = fork;
  for (const next of branch) {
    const after = sideStateOf(parts, next, parent, state);
    if (!after.ok) return after;
    state = after.value;
    parent = next;
  }
  return ok(state);
}

function sideStateOf(
  parts: ChainParts,
  node: BlockNode,
  parent: BlockNode,
  before: WorldState,
): Result<WorldState> {
  const known = parts.states.get(node.id);
  if (known !== undefined) return ok(known);
  const block = readUncheckedBlock(parts.store, node.id, parts.chainId, parts.kernel.hasher);
  if (!block.ok) return block;
  const result = executeNext(parts, before, parent.header, block.value);
  if (!result.ok) return result;
  parts.states.set(node.id, result.value.state, result.value.changeCount);
  return ok(result.value.state);
}

/** The state after a block of the best branch. Refuses by `data/corrupt-undo`. */
export function bestStateOf(parts: ChainParts, node: BlockNode): Result<WorldState> {
  const { tree, states, store } = parts;
  const keptAt = (height: number) =>
    height === tree.head.height ? parts.headState : states.get((tree.bestAt(height) as BlockNode).id);
  let height = node.height;
  let state = keptAt(height);
  while (state === undefined) state = keptAt(++height);
  for (; height > node.height; height--) {
    const above = tree.bestAt(height) as BlockNode;
    const below = tree.bestAt(height - 1) as BlockNode;
    const before = undoBlock(store, above.id, state, below.header);
    if (!before.ok) return before;
    state = before.value;
  }
  return ok(state);
}

/** The executor that checks what the chain was told to check. */
function executorOf({ options, chainId, verify, kernel, shared }: ChainParts): Executor {
  return { spec: options.spec, chainId, verify, hasher: kernel.hasher, shared };
}

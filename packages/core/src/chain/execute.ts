import { equalBytes, toHex } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { runSteps, type Steps } from '../base/steps.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import type { VerifySignature } from '../crypto/signature.ts';
import { applyBlockInSteps, type BlockResult } from '../ledger/apply-block.ts';
import type { TurnWork } from '../ledger/turn-work.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';
import { FlatBlock } from '../primitives/flat-block.ts';
import { type Header, sealHash } from '../primitives/header.ts';
import { OUTPUT_BYTES } from '../primitives/output.ts';
import { parseChanges } from '../state/changes.ts';
import { applyChanges, stateRoot, type WorldState } from '../state/world-state.ts';
import { blockEnvironment, type EnvironmentRules } from './block-environment.ts';
import type { BlockNode } from './block-tree.ts';
import type { ChainParts } from './chain-parts.ts';
import { layout } from './layout.ts';
import { readFlatBlock } from './read-block.ts';
import { refuseData } from './rules.ts';
import type { SharedBlocks } from './shared-blocks.ts';

/** What executing a block needs to know of its chain. */
export interface Executor extends EnvironmentRules {
  readonly verify: VerifySignature;
  readonly hasher: BatchHasher;
  readonly shared?: SharedBlocks | undefined;
}

/**
 * Executes a block on the state after its parent, in the environment that its branch gives. Refuses by
 * `data/state-full` when there may be no memory for its coins.
 *
 * @param block - its header has been checked
 */
export function executeBlock(
  executor: Executor,
  state: WorldState,
  parent: Header,
  block: Block,
): Result<BlockResult> {
  const { shared } = executor;
  const apply = () => runSteps(executeInSteps(executor, state, parent, block));
  return shared === undefined ? apply() : shared.execute(block, apply);
}

/**
 * {@link executeBlock} piece by piece, for this chain alone; see {@link applyBlockInSteps}.
 *
 * @param work - says where a piece ends; as usual when left out
 */
export function* executeInSteps(
  executor: Executor,
  state: WorldState,
  parent: Header,
  block: Block,
  work?: TurnWork,
): Steps<Result<BlockResult>> {
  const { spec, consensus, verify, hasher } = executor;
  const { coins } = state;
  if (!coins.hasRoomFor(coinsOfBytesMax(block.bytes.length)))
    return refuseData('data/state-full', { coins: coins.size });
  const { height, timeMs, producer, seal } = block.header;
  const origin = { height, timeMs, producer, claim: consensus.production.claimOf(seal) };
  const env = blockEnvironment(executor, state, parent, origin);
  return yield* applyBlockInSteps(spec, state, block, env, verify, hasher, work);
}

/** The most coins that a block of so many bytes can make. */
export function coinsOfBytesMax(bytes: number): number {
  return Math.floor(bytes / OUTPUT_BYTES);
}

/** {@link executeBlock} for a block of this chain, unless it was executed before: when it was drafted or prepared. */
export function executeNext(
  parts: ChainParts,
  state: WorldState,
  parent: Header,
  block: Block,
): Result<BlockResult> {
  const { draft, prepared } = parts;
  // The same state is that after the same parent.
  if (prepared?.block === block && prepared.before === state) return prepared.result;
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

/** Why a branch of the tree cannot be executed. */
export interface FailedBranch {
  /** The block that broke a rule; undefined when something else failed, which says nothing about the branch. */
  readonly node: BlockNode | undefined;
  readonly failure: Failure;
}

/** Blocks that just arrived, by {@link bytesKey} of the id; they are not in the store yet. */
export type Bodies = ReadonlyMap<string, Block>;

/** All blocks are in the store. */
export const NO_BODIES: Bodies = new Map();

/** {@link executeTo} for callers that only want the state. */
export function stateOf(parts: ChainParts, node: BlockNode): Result<WorldState> {
  const state = executeTo(parts, node, NO_BODIES);
  return state.ok ? state : state.error.failure;
}

/**
 * The state after a block of the tree: remembered, or by undoing from the head, or by executing a side branch.
 * Refuses by `data/…`, or by the rule that a side block breaks.
 */
export function executeTo(
  parts: ChainParts,
  node: BlockNode,
  bodies: Bodies,
): Result<WorldState, FailedBranch> {
  const { fork, branch } = parts.tree.branchOf(node);
  const last = branch.findLastIndex(({ id }) => parts.states.get(id) !== undefined);
  const kept = last === -1 ? undefined : parts.states.get((branch[last] as BlockNode).id);
  const base = kept === undefined ? bestStateOf(parts, fork) : ok(kept);
  if (!base.ok) return { ok: false, error: { node: undefined, failure: base } };
  let state = base.value;
  let parent = branch[last] ?? fork;
  for (const next of branch.slice(last + 1)) {
    const after = executeSide(parts, next, parent, state, bodies);
    if (!after.ok) return { ok: false, error: { node: next, failure: after } };
    state = after.value;
    parent = next;
  }
  return ok(state);
}

function executeSide(
  parts: ChainParts,
  node: BlockNode,
  parent: BlockNode,
  before: WorldState,
  bodies: Bodies,
): Result<WorldState> {
  const { store, chainId, kernel, states, executed } = parts;
  const arrived = bodies.get(bytesKey(node.id));
  const block = arrived === undefined ? readFlatBlock(store, node.id, chainId, kernel.hasher) : ok(arrived);
  if (!block.ok) return block;
  const result = executeNext(parts, before, parent.header, block.value);
  if (!result.ok) return result;
  states.set(node.id, result.value.state, result.value.changeCount);
  executed.set(node.id, result.value);
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
export function executorOf(parts: ChainParts): Executor {
  const { verify, kernel, shared } = parts;
  return { ...rulesOf(parts), verify, hasher: kernel.hasher, shared };
}

/** What the environments of this chain's blocks follow from. */
export function rulesOf({ options, chainId, consensus, verifySeal }: ChainParts): EnvironmentRules {
  return { spec: options.spec, chainId, consensus, verifySeal };
}

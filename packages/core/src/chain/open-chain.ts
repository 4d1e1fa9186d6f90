import { equalBytes, toHex } from '../base/bytes.ts';
import type { Failure, Refusal, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import { verifySignature } from '../crypto/signature.ts';
import { createGenesis } from '../ledger/genesis.ts';
import { SIGNATURES_CHECKED } from '../ledger/transaction-signatures.ts';
import type { ReadStore, StoreBatch } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';
import { encodeHeader, type Header } from '../primitives/header.ts';
import { type Kernel, plainKernel } from '../state/kernel.ts';
import type { WorldState } from '../state/world-state.ts';
import { finishBatch } from './adopt.ts';
import { type BlockNode, BlockTree } from './block-tree.ts';
import { Chain } from './chain.ts';
import type { ChainDependencies, ChainOptions, ChainParts } from './chain-parts.ts';
import { CheckedHeaders } from './checked-headers.ts';
import { CheckpointSchedule } from './checkpoint-schedule.ts';
import { DecidedSets } from './decided-sets.ts';
import { type Executor, executeBlock } from './execute.ts';
import { ExecutedBlocks } from './executed-blocks.ts';
import { HistoricStates } from './historic-states.ts';
import { InvalidBlocks } from './invalid-blocks.ts';
import { FORMAT_VERSION, FORMATS_READ, layout } from './layout.ts';
import {
  CHECKPOINT_SLOTS,
  checkSlots,
  loadCheckpoint,
  readSlot,
  usableCheckpoints,
} from './load-checkpoint.ts';
import { Orphans } from './orphans.ts';
import { readPruned } from './prune.ts';
import { readHeaderOf, readIdAt, readUncheckedBlock } from './read-block.ts';
import { readBranch } from './read-branch.ts';
import { readJoin } from './read-join.ts';
import { readSides } from './read-sides.ts';
import { RecentStates } from './recent-states.ts';
import {
  encodeMeta,
  encodePruned,
  type HeadRecord,
  type PrunedRecord,
  parseHead,
  parseMeta,
} from './records.ts';
import { refuseData } from './rules.ts';
import { StagedBatch } from './staged-batch.ts';
import { checkMode } from './storage-mode.ts';
import { UncommittedStore } from './uncommitted-store.ts';

/** How far the opening is: chunks of the checkpoint that is loaded, then blocks that are executed again. */
export interface OpenProgress {
  readonly phase: 'checkpoint' | 'replay';
  readonly done: number;
  readonly total: number;
}

/** A chain that is ready. */
export interface OpenedChain {
  readonly chain: Chain;
  /** What has to be committed first: the genesis block of a new store, the version of an old one, or nothing. */
  readonly batch: StoreBatch;
  /** Height of the checkpoint that was loaded, 0 for none, and blocks executed after it. */
  readonly checkpointHeight: number;
  readonly replayed: number;
  /** What is wrong with checkpoints that were passed over. More was executed for it, and nothing is lost. */
  readonly passedOver: readonly Refusal[];
}

const NOTHING_PRUNED: PrunedRecord = { blocks: 0, undo: 0 };

type Opening<T> = Generator<OpenProgress, T, undefined>;

/**
 * Opens the chain of a store, or begins one in an empty store. Loads the newest whole checkpoint of the best branch and
 * executes the blocks after it, without signatures, comparing every root; a damaged checkpoint costs time, a damaged
 * block is refused. A generator, so that the caller can show progress and do other work in between.
 *
 * @returns `data/…` when the store is damaged or belongs to something else, with the height and what to do
 */
export function* openChain(options: ChainOptions, deps: ChainDependencies): Opening<Result<OpenedChain>> {
  const { store, kernel = plainKernel } = deps;
  const create = () => createGenesis(options.spec, kernel.emptyState());
  const { block: genesis, state } = deps.shared?.genesis(create) ?? create();
  if (store.get(layout.meta) === undefined && store.get(layout.head) === undefined) {
    return checkMode(options, NOTHING_PRUNED) ?? ok(beginChain(options, deps, genesis, state));
  }
  const meta = checkMeta(store, genesis);
  if (meta !== undefined) return meta;
  const head = readHead(store);
  if (!head.ok) return head;
  const pruned = readPruned(store, head.value);
  if (!pruned.ok) return pruned;
  const isPastMissing = readJoin(store)?.kind === 'past';
  const unfit = checkMode(options, pruned.value, isPastMissing);
  if (unfit !== undefined) return unfit;
  const best = readBest(deps, head.value, genesis);
  if (!best.ok) return best;
  const tree = new BlockTree(best.value);
  const states = new RecentStates(options.limits);
  const started = yield* loadState(store, kernel, head.value.height, { height: 0, state });
  if (!started.ok) return started;
  const { loaded, passedOver } = started.value;
  if (loaded.height < pruned.value.blocks) {
    const why = passedOver[0]?.evidence ?? {};
    return refuseData('data/corrupt-record', { record: 'checkpoint', height: pruned.value.blocks, ...why });
  }
  const replayed = yield* replay(options, deps, genesis, loaded, tree, states);
  if (!replayed.ok) return replayed;
  const headState = replayed.value;
  const parts = createParts(options, deps, {
    genesis,
    tree,
    states,
    headState,
    pruned: pruned.value,
    isPastMissing: isPastMissing && options.mode.kind !== 'pruned',
  });
  parts.sequence = head.value.sequence;
  readSides(parts);
  return ok({
    chain: new Chain(parts),
    batch: formatBatch(store, genesis.id),
    checkpointHeight: loaded.height,
    replayed: tree.head.height - loaded.height,
    passedOver,
  });
}

function beginChain(
  options: ChainOptions,
  deps: ChainDependencies,
  genesis: Block,
  state: WorldState,
): OpenedChain {
  const { id, header, bytes } = genesis;
  const tree = new BlockTree([{ id, header, height: 0, weight: 0n }]);
  const states = new RecentStates(options.limits);
  const parts = createParts(options, deps, {
    genesis,
    tree,
    states,
    headState: state,
    pruned: NOTHING_PRUNED,
    isPastMissing: false,
  });
  const writes = new StagedBatch(parts.store);
  writes.put(layout.meta, encodeMeta({ formatVersion: FORMAT_VERSION, chainId: id }));
  writes.put(layout.pruned, encodePruned(parts.pruned));
  writes.put(layout.height(0), id);
  writes.put(layout.header(id), encodeHeader(header));
  writes.put(layout.block(id), bytes);
  writes.put(layout.receipts(id), new Uint8Array(0));
  finishBatch(parts, writes);
  return {
    chain: new Chain(parts),
    batch: writes.finish(),
    checkpointHeight: 0,
    replayed: 0,
    passedOver: [],
  };
}

function createParts(
  options: ChainOptions,
  deps: ChainDependencies,
  found: Pick<ChainParts, 'genesis' | 'tree' | 'states' | 'headState' | 'pruned' | 'isPastMissing'>,
): ChainParts {
  const { limits } = options;
  return {
    options,
    chainId: found.genesis.id,
    consensus: deps.consensus,
    verify: deps.verify,
    verifySeal: deps.verifySeal ?? verifySignature,
    kernel: deps.kernel ?? plainKernel,
    index: deps.index,
    shared: deps.shared,
    store: new UncommittedStore(deps.store),
    orphans: new Orphans(limits),
    invalid: new InvalidBlocks(limits.invalidBlocksMax),
    checkedHeaders: new CheckedHeaders(limits.checkedHeadersMax),
    checkpoints: new CheckpointSchedule(CHECKPOINT_SLOTS.map((slot) => readSlot(deps.store, slot))),
    historic: new HistoricStates(),
    decidedSets: new DecidedSets(),
    executed: new ExecutedBlocks(),
    anchor: undefined,
    coveredHeight: 0,
    sequence: 0,
    draft: undefined,
    prepared: undefined,
    garbage: [],
    ...found,
  };
}

/** What is wrong with the record that says whose store it is; undefined when it is this chain's. */
export function checkMeta(store: ReadStore, genesis: Block): Failure | undefined {
  const bytes = store.get(layout.meta);
  const meta = bytes === undefined ? undefined : parseMeta(bytes);
  if (meta?.ok !== true) return refuseData('data/corrupt-record', { record: 'meta' });
  const { formatVersion, chainId } = meta.value;
  if (!FORMATS_READ.includes(formatVersion)) {
    return refuseData('data/format-version', { got: formatVersion, expected: FORMAT_VERSION });
  }
  if (equalBytes(chainId, genesis.id)) return undefined;
  return refuseData('data/other-chain', { got: toHex(chainId), expected: toHex(genesis.id) });
}

/** Marks a store of an older format as one of this version, so that an older program refuses it. */
function formatBatch(store: ReadStore, chainId: Hash): StoreBatch {
  const bytes = encodeMeta({ formatVersion: FORMAT_VERSION, chainId });
  const isCurrent = equalBytes(store.get(layout.meta) ?? bytes, bytes);
  return { puts: isCurrent ? [] : [[layout.meta, bytes]], deletes: [] };
}

/** The head record of a store. Refuses by `data/corrupt-record`. */
export function readHead(store: ReadStore): Result<HeadRecord> {
  const bytes = store.get(layout.head);
  const head = bytes === undefined ? undefined : parseHead(bytes);
  return head?.ok === true ? head : refuseData('data/corrupt-record', { record: 'head' });
}

/** The best branch from the last final block to the head. */
function readBest(
  { store, consensus }: ChainDependencies,
  head: HeadRecord,
  genesis: Block,
): Result<readonly BlockNode[]> {
  const best = readBranch({ store, consensus }, head.finalHeight, head.height, head.weight);
  if (!best.ok) return best;
  if (head.finalHeight < consensus.finality.finalHeight(head.height)) {
    return refuseData('data/corrupt-record', { record: 'head', finalHeight: head.finalHeight });
  }
  const last = best.value.at(-1);
  const first = readIdAt(store, 0);
  if (last === undefined || !equalBytes(last.id, head.id)) {
    return refuseData('data/corrupt-record', { record: 'head', height: head.height });
  }
  if (first === undefined || !equalBytes(first, genesis.id)) {
    return refuseData('data/corrupt-record', { record: 'height index', height: 0 });
  }
  return best;
}

interface StateAt {
  readonly height: number;
  readonly state: WorldState;
}

/** Where the replay begins, and what is wrong with the checkpoints that would have been nearer. */
interface LoadedState {
  readonly loaded: StateAt;
  readonly passedOver: readonly Refusal[];
}

/** The newest checkpoint that is whole, else the genesis. Refuses by `data/state-full`: an older one is no smaller. */
function* loadState(
  store: ReadStore,
  kernel: Kernel,
  headHeight: number,
  genesis: StateAt,
): Opening<Result<LoadedState>> {
  const passedOver = [...checkSlots(store)];
  for (const { slot, manifest } of usableCheckpoints(store, headHeight)) {
    const loading = loadCheckpoint(store, slot, manifest, kernel);
    let step = loading.next();
    for (; step.done !== true; step = loading.next()) {
      yield { phase: 'checkpoint', done: step.value.chunk, total: step.value.chunks };
    }
    const { value: state } = step;
    if (state.ok) return ok({ loaded: { height: manifest.height, state: state.value }, passedOver });
    if (state.error.rule === 'data/state-full') return state;
    passedOver.push(state.error);
  }
  return ok({ loaded: genesis, passedOver });
}

/** Executes the blocks after a state up to the head; the state after it. */
function* replay(
  options: ChainOptions,
  { store, consensus, kernel = plainKernel, shared }: ChainDependencies,
  genesis: Block,
  from: StateAt,
  tree: BlockTree,
  states: RecentStates,
): Opening<Result<WorldState>> {
  const { hasher } = kernel;
  const executor: Executor = {
    spec: options.spec,
    chainId: genesis.id,
    consensus,
    verify: SIGNATURES_CHECKED,
    // Of evidence and certificates: a block with one that does not hold would not be here.
    verifySeal: SIGNATURES_CHECKED,
    hasher,
    shared,
  };
  const start = headerAt(store, from.height);
  if (!start.ok) return start;
  let { state } = from;
  let parent = start.value;
  for (let height = from.height + 1; height <= tree.head.height; height++) {
    const block = blockAfter(store, hasher, genesis, parent, height);
    if (!block.ok) return block;
    const result = executeBlock(executor, state, parent.header, block.value);
    if (!result.ok && result.error.rule === 'data/state-full') return atHeight(result, height);
    if (!result.ok) return refuseData('data/corrupt-block', { height, rule: result.error.rule });
    state = result.value.state;
    states.set(block.value.id, state, result.value.changeCount);
    parent = { id: block.value.id, header: block.value.header };
    yield { phase: 'replay', done: height - from.height, total: tree.head.height - from.height };
  }
  return ok(state);
}

interface StoredHeader {
  readonly id: Uint8Array;
  readonly header: Header;
}

function headerAt(store: ReadStore, height: number): Result<StoredHeader> {
  const id = readIdAt(store, height);
  if (id === undefined) return refuseData('data/missing-block', { height });
  const header = readHeaderOf(store, id);
  return header.ok ? ok({ id, header: header.value }) : atHeight(header, height);
}

function blockAfter(
  store: ReadStore,
  hasher: BatchHasher,
  genesis: Block,
  parent: StoredHeader,
  height: number,
): Result<Block> {
  const id = readIdAt(store, height);
  if (id === undefined) return refuseData('data/missing-block', { height });
  const block = readUncheckedBlock(store, id, genesis.id, hasher);
  if (!block.ok) return atHeight(block, height);
  const { header } = block.value;
  if (header.height === height && equalBytes(header.parent, parent.id)) return block;
  return refuseData('data/corrupt-record', { record: 'height index', height, id: toHex(id) });
}

/** The same refusal, with the height of the block as evidence. */
function atHeight(failure: Failure, height: number): Failure {
  const { error } = failure;
  return { ok: false, error: { ...error, evidence: { height, ...error.evidence } } };
}

import { equalBytes, toHex } from '../base/bytes.ts';
import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { VerifySignature } from '../crypto/signature.ts';
import type { BlockResult } from '../ledger/apply-block.ts';
import { createGenesis } from '../ledger/genesis.ts';
import type { Block } from '../primitives/block.ts';
import type { Header } from '../primitives/header.ts';
import { encodeReceipts } from '../primitives/receipt.ts';
import { plainKernel } from '../state/kernel.ts';
import type { WorldState } from '../state/world-state.ts';
import { CertificateCheck } from './certificate-check.ts';
import type { ChainDependencies, ChainOptions } from './chain-parts.ts';
import { executeBlock, undoBlock } from './execute.ts';
import { IndexCheck } from './index-check.ts';
import { layout } from './layout.ts';
import { CHECKPOINT_SLOTS, loadCheckpoint, usableCheckpoints } from './load-checkpoint.ts';
import { checkMeta, readHead } from './open-chain.ts';
import { readPruned } from './prune.ts';
import { readBlock, readHeaderOf, readIdAt, readReceiptsOf } from './read-block.ts';
import { readJoin } from './read-join.ts';
import { type HeadRecord, type PrunedRecord, parseCheckpoint } from './records.ts';
import { refuseData } from './rules.ts';
import { validatorsAfterState } from './validators.ts';
import { atHeight, verifyPruned } from './verify-pruned.ts';

/** How far the verification is, in blocks. */
export interface VerifyProgress {
  readonly height: number;
  readonly headHeight: number;
}

/** What was verified. */
export interface VerifiedChain {
  readonly height: number;
  readonly headId: Uint8Array;
  readonly transactions: number;
  /** Undo records that led back to the state before. */
  readonly undos: number;
  /** Checkpoints that hold the state their block's header names. */
  readonly checkpoints: number;
  /** The lowest height above 0 whose block is there; 1 unless the store was pruned. */
  readonly blocksFrom: number;
  /**
   * The first block that was executed, and with it the signatures; 1 unless the store was pruned. Of those before it
   * the headers, roots and undo records were checked, as far as they are there, and the index was not.
   */
  readonly executedFrom: number;
}

type Verification<T> = Generator<VerifyProgress, T, undefined>;

/** The block before, and what is known after it. */
interface Step {
  readonly id: Hash;
  readonly header: Header;
  readonly state: WorldState;
  readonly weight: bigint;
}

/**
 * Checks everything in a store from genesis on, trusting nothing of it: structure, seals, signatures, every root, the
 * receipts, that undo records really undo, the height index, the index kept beside the chain, and the checkpoints. Of
 * a pruned store it checks what can be checked and says from where on that is everything. Stops at the first thing that
 * is wrong and names it. Yields after each block.
 *
 * @param deps - `verify` and `verifySeal` must be real checks; `index` is checked when given
 * @returns `data/…` for what a damaged store explains; the rule of the block, with its height, for what no honest node
 *   would have stored
 */
export function* verifyChain(
  options: Pick<ChainOptions, 'spec'>,
  deps: ChainDependencies & { readonly verifySeal: VerifySignature },
): Verification<Result<VerifiedChain>> {
  const { store, consensus } = deps;
  const { kernel = plainKernel } = deps;
  const { block: genesis, state } = createGenesis(options.spec, kernel.emptyState());
  const faulty = checkMeta(store, genesis) ?? checkGenesis(deps, genesis) ?? checkSlots(deps);
  if (faulty !== undefined) return faulty;
  const head = readHead(store);
  if (!head.ok) return head;
  const pruned = readPruned(store, head.value);
  if (!pruned.ok) return pruned;
  const blocksFrom = pruned.value.blocks + 1;
  const start =
    blocksFrom > 1
      ? yield* verifyPruned(options.spec.consensus, deps, { block: genesis, state }, head.value, pruned.value)
      : ok({ id: genesis.id, header: genesis.header, state, weight: 0n, undos: 0 });
  if (!start.ok) return start;
  const executedFrom = start.value.header.height + 1;
  const index = new IndexCheck(store, blocksFrom > 1 ? undefined : deps.index);
  const certificates = new CertificateCheck(options.spec, genesis.id, deps);
  const counts = { transactions: 0, undos: start.value.undos };
  let step: Step = start.value;
  for (let height = executedFrom; height <= head.value.height; height++) {
    const block = readNext(deps, genesis, step, height);
    if (!block.ok) return block;
    const result = verifyBlock(options, deps, genesis, step, block.value);
    if (!result.ok) return atHeight(result, height);
    const undone = verifyUndo(deps, step, block.value, result.value, pruned.value);
    if (!undone.ok) return atHeight(undone, height);
    const { id, header } = block.value;
    const uncertified = certificates.connect(id, header, result.value.state);
    if (uncertified !== undefined) return uncertified;
    index.connect(block.value);
    counts.undos += undone.value;
    counts.transactions += block.value.transactions.length;
    const weight = step.weight + consensus.production.weight(header);
    step = { id, header, state: result.value.state, weight };
    yield { height, headHeight: head.value.height };
  }
  const ended = checkEnd(deps, step, head.value) ?? index.finish();
  if (ended !== undefined) return ended;
  const checkpoints = usableCheckpoints(store, head.value.height);
  for (const { slot, manifest } of checkpoints) {
    const loaded = yield* verifyCheckpoint(deps, slot, manifest, head.value.height);
    if (loaded !== undefined) return loaded;
  }
  const { height, id } = head.value;
  return ok({ height, headId: id, ...counts, checkpoints: checkpoints.length, blocksFrom, executedFrom });
}

function checkGenesis({ store }: ChainDependencies, genesis: Block): Failure | undefined {
  const id = readIdAt(store, 0);
  if (id === undefined || !equalBytes(id, genesis.id))
    return refuseData('data/corrupt-record', { height: 0 });
  for (const read of [readBlock(store, id, id), readHeaderOf(store, id), readReceiptsOf(store, id)]) {
    if (!read.ok) return atHeight(read, 0);
  }
  return undefined;
}

function checkSlots({ store }: ChainDependencies): Failure | undefined {
  for (const slot of CHECKPOINT_SLOTS) {
    const record = store.get(layout.checkpoint(slot));
    if (record !== undefined && !parseCheckpoint(record).ok) {
      return refuseData('data/corrupt-record', { record: 'checkpoint', slot });
    }
  }
  return undefined;
}

/** The block that the height index names, if it follows the one before. */
function readNext({ store }: ChainDependencies, genesis: Block, before: Step, height: number): Result<Block> {
  const id = readIdAt(store, height);
  if (id === undefined) return refuseData('data/missing-block', { height });
  const block = readBlock(store, id, genesis.id);
  if (!block.ok) return atHeight(block, height);
  const header = readHeaderOf(store, id);
  if (!header.ok) return atHeight(header, height);
  const follows = equalBytes(block.value.header.parent, before.id) && block.value.header.height === height;
  return follows
    ? block
    : refuseData('data/corrupt-record', { record: 'height index', height, id: toHex(id) });
}

/** Header, signatures, roots and receipts of one block. */
function verifyBlock(
  { spec }: Pick<ChainOptions, 'spec'>,
  {
    store,
    consensus,
    verify,
    verifySeal,
    kernel = plainKernel,
  }: ChainDependencies & { readonly verifySeal: VerifySignature },
  genesis: Block,
  before: Step,
  block: Block,
): Result<BlockResult> {
  const parent = before.header;
  const header = consensus.production.verifyHeader(block.header, parent, {
    verify: verifySeal,
    validators: validatorsAfterState(spec.consensus, before.state),
  });
  if (!header.ok) return header;
  const { hasher } = kernel;
  const executor = { spec, chainId: genesis.id, consensus, verify, verifySeal, hasher };
  const result = executeBlock(executor, before.state, parent, block);
  if (!result.ok) return result;
  const receipts = readReceiptsOf(store, block.id);
  if (!receipts.ok) return receipts;
  const same = equalBytes(encodeReceipts(receipts.value), result.value.receipts);
  return same ? result : refuseData('data/corrupt-block', { id: toHex(block.id), part: 'receipts' });
}

/** 1 when there is an undo record and it undoes the block; 0 when there is none and none is needed any more. */
function verifyUndo(
  { store }: ChainDependencies,
  before: Step,
  block: Block,
  result: BlockResult,
  pruned: PrunedRecord,
): Result<0 | 1> {
  const stored = store.get(layout.undo(block.id));
  const isNeeded = block.header.height > pruned.undo;
  if (stored === undefined && !isNeeded) return ok(0);
  const undone = undoBlock(store, block.id, result.state, before.header);
  if (!undone.ok) return undone;
  if (stored !== undefined && equalBytes(stored, result.undo)) return ok(1);
  return refuseData('data/corrupt-undo', { id: toHex(block.id) });
}

function checkEnd(
  { store, consensus }: ChainDependencies,
  last: Step,
  head: HeadRecord,
): Failure | undefined {
  const { height } = last.header;
  const { finalHeight } = head;
  const isByVotes = finalHeight > 0 && consensus.finality.createEngine !== undefined;
  if (isByVotes && store.get(layout.certificate(finalHeight)) === undefined) {
    return refuseData('data/corrupt-record', { record: 'certificate', height: finalHeight });
  }
  if (!equalBytes(last.id, head.id) || last.weight !== head.weight) {
    return refuseData('data/corrupt-record', { record: 'head', height });
  }
  if (readIdAt(store, height + 1) === undefined) return undefined;
  const join = readJoin(store);
  // Headers that were taken for a snapshot lie ahead of the blocks, and mean nothing yet.
  if (join?.kind === 'headers' && join.height > height) return undefined;
  return refuseData('data/corrupt-record', { record: 'height index', height: height + 1 });
}

function* verifyCheckpoint(
  { store, kernel = plainKernel }: ChainDependencies,
  slot: number,
  manifest: Parameters<typeof loadCheckpoint>[2],
  headHeight: number,
): Verification<Failure | undefined> {
  const loading = loadCheckpoint(store, slot, manifest, kernel);
  let step = loading.next();
  for (; step.done !== true; step = loading.next()) yield { height: headHeight, headHeight };
  return step.value.ok ? undefined : step.value;
}

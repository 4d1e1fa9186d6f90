import { OK, type Refusal, type Result } from '../base/result.ts';
import { runSteps, type Steps } from '../base/steps.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import type { Address } from '../primitives/address.ts';
import { batchTransactionRoot } from '../primitives/block.ts';
import { flattenTransactions } from '../primitives/flat-transactions.ts';
import { HEADER_VERSION, type Header, headerId } from '../primitives/header.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { WorldState } from '../state/world-state.ts';
import { BLOCK_OVERHEAD_BYTES } from './apply-block.ts';
import { BlockExecution, type BlockResult } from './block-execution.ts';
import type { BlockEnvironment } from './environment.ts';
import {
  actionBytes,
  checkEvidenceBytes,
  NO_NEWS,
  REWARD_EVIDENCE_MAX,
  type RefusedNews,
  type RewardAction,
  type RewardNews,
} from './reward-actions.ts';
import { createReward, REWARD_BYTES_MAX } from './reward-transaction.ts';
import { gasLeast, gasOf } from './transaction-gas.ts';
import { SIGNATURES_CHECKED } from './transaction-signatures.ts';
import { TurnWork, WORK } from './turn-work.ts';

const plainHasher = createPlainHasher();

/** A block that only lacks its seal. */
export interface BlockDraft {
  /** Complete but for the seal, which is empty. */
  readonly header: Header;
  /** The reward, then the candidates that were taken, in their order. */
  readonly transactions: readonly Transaction[];
  readonly result: BlockResult;
  /** Candidates that break a rule on this state. Those that only did not fit are not among them. */
  readonly refused: readonly RefusedCandidate[];
  /** What the reward was to tell and cannot. What only did not fit is not among it. */
  readonly refusedNews: readonly RefusedNews[];
}

/**
 * A candidate that was not taken. Where `refusal.retry` is true it may be taken later: its parent may only not have
 * fitted.
 */
export interface RefusedCandidate {
  readonly tx: Transaction;
  readonly refusal: Refusal;
}

/** Candidates in a row that are not taken before the search for more ends: a full block must not scan the pool. */
export const CANDIDATE_MISSES_MAX = 1000;

/**
 * Makes a block of the candidates: takes each that holds on the state and still fits, in their order, adds the
 * reward, and fills all roots.
 *
 * @param env - see environmentAfter
 * @param candidates - their signatures have been checked; best first, parents before children
 * @param payTo - where the reward and the tips go, unless the validator has named an address for them
 * @param rewardNews - what the reward tells, before the candidates: for each piece of evidence the producer gets all
 *   that can be claimed
 */
export function draftBlock(
  spec: ChainSpec,
  state: WorldState,
  parent: Header,
  env: BlockEnvironment,
  candidates: Iterable<Transaction>,
  payTo: Address,
  hasher: BatchHasher = plainHasher,
  rewardNews: RewardNews = NO_NEWS,
): BlockDraft {
  return runSteps(draftBlockInSteps(spec, state, parent, env, candidates, payTo, hasher, rewardNews));
}

/**
 * {@link draftBlock} piece by piece; anything may happen between two pieces.
 *
 * @param candidates - a list, or something else that is not changed meanwhile
 * @param work - says where a piece ends
 */
export function* draftBlockInSteps(
  spec: ChainSpec,
  state: WorldState,
  parent: Header,
  env: BlockEnvironment,
  candidates: Iterable<Transaction>,
  payTo: Address,
  hasher: BatchHasher,
  rewardNews: RewardNews,
  work = new TurnWork(),
): Steps<BlockDraft> {
  const execution = new BlockExecution(spec, state, env, SIGNATURES_CHECKED, hasher);
  const told = takeNews(spec, execution, rewardNews);
  const drafting = { spec, env, execution, hasher, work };
  const { taken, refused } = yield* takeCandidates(drafting, candidates, told.bytes);
  const reward = createReward(env, execution.payTo ?? payTo, execution.due, told.actions);
  const transactions = [reward, ...taken];
  const result = yield* execution.finish(reward, work);
  const header: Header = {
    version: HEADER_VERSION,
    height: env.height,
    parent: headerId(parent),
    timeMs: env.timeMs,
    producer: env.producer,
    txRoot: batchTransactionRoot(transactions, hasher),
    receiptRoot: result.receiptRoot,
    stateRoot: result.stateRoot,
    gasUsed: result.gasUsed,
    baseFee: env.baseFee,
    seal: new Uint8Array(0),
  };
  return { header, transactions, result, refused, refusedNews: told.refused };
}

/** What a reward tells. */
interface Told {
  readonly actions: readonly RewardAction[];
  /** Of the actions as they travel. */
  readonly bytes: number;
  readonly refused: readonly RefusedNews[];
}

/** Lets the reward tell what holds on the state and fits. */
function takeNews(spec: ChainSpec, execution: BlockExecution, { evidence, certificate }: RewardNews): Told {
  const { blockBytesMax, transactionBytesMax } = spec.limits;
  const bytesMax = Math.min(transactionBytesMax, blockBytesMax - BLOCK_OVERHEAD_BYTES) - REWARD_BYTES_MAX;
  const actions: RewardAction[] = [];
  const refused: RefusedNews[] = [];
  let bytes = 0;
  const take = (action: RewardAction, length: number): void => {
    if (bytes + length > bytesMax) return;
    const added = execution.addRewardAction(action, length);
    if (added.ok) {
      actions.push(action);
      bytes += length;
    } else if (added.error.rule !== 'block/gas-exceeded') {
      refused.push({ bytes: action.bytes, refusal: added.error });
    }
  };
  for (const piece of evidence) {
    if (actions.length === REWARD_EVIDENCE_MAX) break;
    const sized = checkEvidenceBytes(piece);
    const claim = sized.ok ? execution.claimMax(piece) : sized;
    if (claim.ok) take({ kind: 'evidence', claim: claim.value, bytes: piece }, actionBytes(8 + piece.length));
    else refused.push({ bytes: piece, refusal: claim.error });
  }
  if (certificate !== undefined) {
    take({ kind: 'certificate', bytes: certificate }, actionBytes(certificate.length));
  }
  return { actions, bytes, refused };
}

/** Candidates that are made flat together: enough to fill the lanes of the hasher, few next to a block. */
const FLAT_CANDIDATES = 256;

/** What taking candidates needs. */
interface Drafting {
  readonly spec: ChainSpec;
  readonly env: BlockEnvironment;
  readonly execution: BlockExecution;
  readonly hasher: BatchHasher;
  readonly work: TurnWork;
}

/** What has been taken, and what is left of the block. */
interface Taking {
  readonly taken: Transaction[];
  readonly refused: RefusedCandidate[];
  bytesLeft: number;
  /** Candidates in a row that were not taken. */
  misses: number;
  /** Candidates that went the plain way. */
  plain: number;
}

function* takeCandidates(
  drafting: Drafting,
  candidates: Iterable<Transaction>,
  newsBytes: number,
): Steps<{ readonly taken: readonly Transaction[]; readonly refused: readonly RefusedCandidate[] }> {
  const { blockBytesMax } = drafting.spec.limits;
  const bytesLeft = blockBytesMax - BLOCK_OVERHEAD_BYTES - REWARD_BYTES_MAX - newsBytes;
  const taking: Taking = { taken: [], refused: [], bytesLeft, misses: 0, plain: 0 };
  for (const batch of batched(candidates, drafting.execution.takesTransfers ? FLAT_CANDIDATES : 1)) {
    const { writes } = drafting.execution;
    const { plain } = taking;
    takeBatch(drafting, taking, batch);
    const written = (drafting.execution.writes - writes) * WORK.write;
    const read = batch.length * WORK.candidate + (taking.plain - plain) * WORK.transaction;
    if (drafting.work.did(written + read)) yield;
    if (taking.misses >= CANDIDATE_MISSES_MAX) break;
  }
  return taking;
}

/** Takes each that holds and fits: in place as far as that goes, by the plain rules otherwise. */
function takeBatch(drafting: Drafting, taking: Taking, batch: readonly Transaction[]): void {
  const { env, execution, hasher } = drafting;
  // What is left of a block only shrinks: for what does not fit now nothing is hashed or looked up.
  const fitting = batch.filter((tx) => fitsStill(drafting, taking, tx));
  const isFlat = execution.takesTransfers && fitting.length > 0;
  const flat = isFlat ? flattenTransactions(fitting, env.chainId, hasher) : undefined;
  if (flat !== undefined) execution.prefetch(flat, 0, flat.count);
  let next = 0;
  for (let i = 0; i < batch.length && taking.misses < CANDIDATE_MISSES_MAX; i++) {
    const tx = batch[i] as Transaction;
    if (tx !== fitting[next]) {
      taking.misses += 1;
      continue;
    }
    const at = next++;
    const fits = fitsStill(drafting, taking, tx);
    const added = fits && flat !== undefined && execution.addTransfer(flat, at) ? OK : undefined;
    if (added === undefined) taking.plain += 1;
    const result = fits ? (added ?? addPlain(drafting, tx)) : undefined;
    if (result?.ok === true) {
      taking.taken.push(tx);
      taking.bytesLeft -= tx.bytes.length;
      taking.misses = 0;
    } else {
      if (result !== undefined) taking.refused.push({ tx, refusal: result.error });
      taking.misses += 1;
    }
  }
}

/** False for a transaction that is larger than what is left of the block, or costs more gas. */
function fitsStill({ spec, execution }: Drafting, { bytesLeft }: Taking, tx: Transaction): boolean {
  return tx.bytes.length <= bytesLeft && execution.gasUsed + gasLeast(spec, tx) <= spec.limits.blockGasMax;
}

/** Undefined for one whose gas does not fit: it is not refused, and is left for a later block. */
function addPlain({ spec, execution }: Drafting, tx: Transaction): Result<unknown> | undefined {
  const fits = execution.gasUsed + gasOf(spec, tx) <= spec.limits.blockGasMax;
  return fits ? execution.add(tx) : undefined;
}

function* batched<T>(items: Iterable<T>, size: number): Generator<readonly T[], void, undefined> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

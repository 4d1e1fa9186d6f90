import type { Refusal } from '../base/result.ts';
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
import { createReward, REWARD_BYTES_MAX } from './reward-transaction.ts';
import { gasOf } from './transaction-gas.ts';
import { SIGNATURES_CHECKED } from './transaction-signatures.ts';

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
 * @param payTo - where the reward and the tips go
 */
export function draftBlock(
  spec: ChainSpec,
  state: WorldState,
  parent: Header,
  env: BlockEnvironment,
  candidates: Iterable<Transaction>,
  payTo: Address,
  hasher: BatchHasher = plainHasher,
): BlockDraft {
  const execution = new BlockExecution(spec, state, env, SIGNATURES_CHECKED, hasher);
  const { taken, refused } = takeCandidates({ spec, env, execution, hasher }, candidates);
  const reward = createReward(env, payTo, execution.due);
  const transactions = [reward, ...taken];
  const result = execution.finish(reward);
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
  return { header, transactions, result, refused };
}

/** Candidates that are made flat together: enough to fill the lanes of the hasher, few next to a block. */
const FLAT_CANDIDATES = 256;

/** What taking candidates needs. */
interface Drafting {
  readonly spec: ChainSpec;
  readonly env: BlockEnvironment;
  readonly execution: BlockExecution;
  readonly hasher: BatchHasher;
}

function takeCandidates(
  drafting: Drafting,
  candidates: Iterable<Transaction>,
): { readonly taken: readonly Transaction[]; readonly refused: readonly RefusedCandidate[] } {
  const { spec, execution } = drafting;
  const taken: Transaction[] = [];
  const refused: RefusedCandidate[] = [];
  const { blockBytesMax, blockGasMax } = spec.limits;
  let bytesLeft = blockBytesMax - BLOCK_OVERHEAD_BYTES - REWARD_BYTES_MAX;
  let misses = 0;
  for (const { tx, add } of adding(drafting, candidates)) {
    if (tx.bytes.length <= bytesLeft && execution.gasUsed + gasOf(spec, tx) <= blockGasMax) {
      const refusal = add();
      if (refusal === undefined) {
        taken.push(tx);
        bytesLeft -= tx.bytes.length;
        misses = 0;
        continue;
      }
      refused.push({ tx, refusal });
    }
    if (++misses === CANDIDATE_MISSES_MAX) break;
  }
  return { taken, refused };
}

/** Each candidate with the way to add it: in place as far as it goes, by the plain rules otherwise. */
function* adding(
  { env, execution, hasher }: Drafting,
  candidates: Iterable<Transaction>,
): Generator<{ readonly tx: Transaction; add(): Refusal | undefined }, void, undefined> {
  const addPlain = (tx: Transaction): Refusal | undefined => {
    const added = execution.add(tx);
    return added.ok ? undefined : added.error;
  };
  for (const batch of batched(candidates, execution.takesTransfers ? FLAT_CANDIDATES : 1)) {
    const flat = execution.takesTransfers ? flattenTransactions(batch, env.chainId, hasher) : undefined;
    if (flat !== undefined) execution.prefetch(flat, 0);
    for (const [i, tx] of batch.entries()) {
      const add = () => (flat !== undefined && execution.addTransfer(flat, i) ? undefined : addPlain(tx));
      yield { tx, add };
    }
  }
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

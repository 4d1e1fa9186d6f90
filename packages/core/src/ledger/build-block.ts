import type { Refusal } from '../base/result.ts';
import type { Address } from '../primitives/address.ts';
import { transactionRoot } from '../primitives/block.ts';
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
): BlockDraft {
  const execution = new BlockExecution(spec, state, env, SIGNATURES_CHECKED);
  const { taken, refused } = takeCandidates(spec, execution, candidates);
  const reward = createReward(env, payTo, execution.due);
  const transactions = [reward, ...taken];
  const result = execution.finish(reward);
  const header: Header = {
    version: HEADER_VERSION,
    height: env.height,
    parent: headerId(parent),
    timeMs: env.timeMs,
    producer: env.producer,
    txRoot: transactionRoot(transactions),
    receiptRoot: result.receiptRoot,
    stateRoot: result.stateRoot,
    gasUsed: result.gasUsed,
    baseFee: env.baseFee,
    seal: new Uint8Array(0),
  };
  return { header, transactions, result, refused };
}

function takeCandidates(
  spec: ChainSpec,
  execution: BlockExecution,
  candidates: Iterable<Transaction>,
): { readonly taken: readonly Transaction[]; readonly refused: readonly RefusedCandidate[] } {
  const taken: Transaction[] = [];
  const refused: RefusedCandidate[] = [];
  const { blockBytesMax, blockGasMax } = spec.limits;
  let bytesLeft = blockBytesMax - BLOCK_OVERHEAD_BYTES - REWARD_BYTES_MAX;
  let misses = 0;
  for (const tx of candidates) {
    if (tx.bytes.length <= bytesLeft && execution.gasUsed + gasOf(spec, tx) <= blockGasMax) {
      const added = execution.add(tx);
      if (added.ok) {
        taken.push(tx);
        bytesLeft -= tx.bytes.length;
        misses = 0;
        continue;
      }
      refused.push({ tx, refusal: added.error });
    }
    if (++misses === CANDIDATE_MISSES_MAX) break;
  }
  return { taken, refused };
}

import { assert } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { OK, ok, type Result } from '../base/result.ts';
import { runSteps, type Steps } from '../base/steps.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import type { VerifySignature } from '../crypto/signature.ts';
import type { Action } from '../primitives/action.ts';
import type { Block } from '../primitives/block.ts';
import {
  blockTransactionRoot,
  FlatBlock,
  transactionAt,
  transactionCount,
} from '../primitives/flat-block.ts';
import { HEADER_BYTES_MIN, type Header } from '../primitives/header.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { WorldState } from '../state/world-state.ts';
import { BlockExecution, type BlockResult } from './block-execution.ts';
import { atAction } from './check-shape.ts';
import type { BlockEnvironment } from './environment.ts';
import { actionBytes, parseRewardActions, type RewardAction } from './reward-actions.ts';
import { checkRewardAmount, checkRewardShape } from './reward-transaction.ts';
import { refuseInBlock, refuseLedger } from './rules.ts';
import { checkRewardOwner } from './stake/block-stake.ts';
import { TurnWork, WORK } from './turn-work.ts';

export type { BlockResult } from './block-execution.ts';

/** Bytes of a block beside its transactions and its seal: the header and the number of transactions. */
export const BLOCK_OVERHEAD_BYTES = HEADER_BYTES_MIN + 4;

/** Transactions whose coins are looked up together. */
const BATCH_TRANSACTIONS = 128;

/**
 * Checks a block against the state after its parent and gives the state after it. A pure function: nothing changes,
 * on refusal nor on success. Seal, turn, time and place in the chain are not looked at: that is consensus and chain.
 *
 * @param env - the environment that follows from the parent (see environmentAfter); its height, time and producer
 *   must be those of the header
 * @see docs/reference/ledger.md#blocks
 */
export function applyBlock(
  spec: ChainSpec,
  state: WorldState,
  block: Block,
  env: BlockEnvironment,
  verify: VerifySignature,
  hasher?: BatchHasher,
): Result<BlockResult> {
  return runSteps(applyBlockInSteps(spec, state, block, env, verify, hasher));
}

/**
 * {@link applyBlock} piece by piece. States are values, so anything may happen between two pieces.
 *
 * @param work - says where a piece ends
 */
export function* applyBlockInSteps(
  spec: ChainSpec,
  state: WorldState,
  block: Block,
  env: BlockEnvironment,
  verify: VerifySignature,
  hasher?: BatchHasher,
  work = new TurnWork(),
): Steps<Result<BlockResult>> {
  const { header } = block;
  assert(header.height === env.height && env.height > 0, 'the environment of another height');
  assert(header.timeMs === env.timeMs, 'the environment of another time');
  assert(equalBytes(header.producer, env.producer), 'the environment of another producer');
  const body = checkBody(spec, block, env);
  if (!body.ok) return body;
  const execution = new BlockExecution(spec, state, env, verify, hasher);
  const told = tell(execution, transactionAt(block, 0), body.value);
  if (!told.ok) return told;
  const count = transactionCount(block);
  for (let start = 1; start < count; start += BATCH_TRANSACTIONS) {
    const added = addTransactions(execution, block, start, Math.min(count, start + BATCH_TRANSACTIONS));
    if (!added.ok) return added;
    if (work.did(added.value)) yield;
  }
  const rewarded = checkReward(execution, block);
  if (!rewarded.ok) return rewarded;
  const result = yield* execution.finish(transactionAt(block, 0), work);
  const roots = checkRoots(header, result);
  return roots.ok ? ok(result) : roots;
}

/** Adds those from `start` to `end` − 1, in place as far as that goes; gives the work that it took. */
function addTransactions(
  execution: BlockExecution,
  block: Block,
  start: number,
  end: number,
): Result<number> {
  const flat = block instanceof FlatBlock && execution.takesTransfers ? block : undefined;
  if (flat !== undefined) execution.prefetch(flat, start, end);
  const { writes } = execution;
  let others = 0;
  for (let i = start; i < end; i++) {
    if (flat !== undefined && execution.addTransfer(flat, i)) continue;
    const added = execution.add(transactionAt(block, i));
    if (!added.ok) return refuseInBlock(explainMissing(added, block.transactions, i), i);
    others += 1;
  }
  return ok((execution.writes - writes) * WORK.write + others * WORK.transaction);
}

/** What the header and the reward say of all transactions together. */
function checkReward(execution: BlockExecution, block: Block): Result<undefined> {
  const { header } = block;
  if (execution.gasUsed !== header.gasUsed) {
    return refuseLedger('block/gas-used-mismatch', { got: header.gasUsed, expected: execution.gasUsed });
  }
  const reward = transactionAt(block, 0);
  const paid = checkRewardAmount(reward, execution.due);
  if (!paid.ok) return paid;
  return checkRewardOwner(reward, execution.payTo);
}

/** Everything about a block that needs no state. Cheap, so it comes first. Gives the actions of the reward. */
function checkBody(spec: ChainSpec, block: Block, env: BlockEnvironment): Result<readonly RewardAction[]> {
  const { header } = block;
  if (header.baseFee !== env.baseFee) {
    return refuseLedger('block/base-fee', { got: header.baseFee, expected: env.baseFee });
  }
  const bytes = blockBytes(block);
  const { blockBytesMax } = spec.limits;
  if (bytes > blockBytesMax) return refuseLedger('block/too-large', { got: bytes, expected: blockBytesMax });
  if (transactionCount(block) === 0) return refuseLedger('block/reward-missing', { got: 0, expected: 1 });
  const root = blockTransactionRoot(block);
  if (!equalBytes(root, header.txRoot)) return mismatch('block/tx-root-mismatch', header.txRoot, root);
  const reward = transactionAt(block, 0);
  const shape = checkRewardShape(reward, env.height);
  return shape.ok ? parseRewardActions(spec, reward) : shape;
}

/** Does what the reward tells of. */
function tell(
  execution: BlockExecution,
  { actions }: Transaction,
  parsed: readonly RewardAction[],
): Result<undefined> {
  for (const [i, action] of parsed.entries()) {
    const { length } = (actions[i] as Action).body;
    const added = execution.addRewardAction(action, actionBytes(length));
    if (!added.ok) return refuseInBlock(atAction(added, i), 0);
  }
  return OK;
}

/**
 * The bytes of a block that count toward its limit. The seal does not count: the producer must know how much fits
 * before the consensus makes it, and it has a limit of its own.
 */
function blockBytes(block: Block): number {
  if (block instanceof FlatBlock) {
    const { offsets, count } = block;
    return BLOCK_OVERHEAD_BYTES + (offsets[count] as number) - (offsets[0] as number);
  }
  let bytes = BLOCK_OVERHEAD_BYTES;
  for (const tx of block.transactions) bytes += tx.bytes.length;
  return bytes;
}

function checkRoots(header: Header, result: BlockResult): Result<undefined> {
  if (!equalBytes(header.receiptRoot, result.receiptRoot)) {
    return mismatch('block/receipt-root-mismatch', header.receiptRoot, result.receiptRoot);
  }
  if (!equalBytes(header.stateRoot, result.stateRoot)) {
    return mismatch('block/state-root-mismatch', header.stateRoot, result.stateRoot);
  }
  return OK;
}

type RootRule = 'block/tx-root-mismatch' | 'block/receipt-root-mismatch' | 'block/state-root-mismatch';

function mismatch(rule: RootRule, got: Hash, expected: Hash) {
  return refuseLedger(rule, { got: toHex(got), expected: toHex(expected) });
}

type Refused = ReturnType<typeof refuseLedger>;

/** Says `tx/coin-spent` where a coin is missing because an earlier transaction of the block spent it. */
function explainMissing(refused: Refused, transactions: readonly Transaction[], position: number): Refused {
  if (refused.error.rule !== 'tx/coin-missing') return refused;
  // The evidence names the input that was missing; the search runs once, for the block is refused anyway.
  const input = refused.error.evidence['input'];
  const missing = (transactions[position] as Transaction).inputs[input as number] as Outpoint;
  for (let spentBy = 1; spentBy < position; spentBy++) {
    const spends = (transactions[spentBy] as Transaction).inputs.some(
      ({ txid, index }) => index === missing.index && equalBytes(txid, missing.txid),
    );
    if (spends) return refuseLedger('tx/coin-spent', { ...refused.error.evidence, spentBy });
  }
  return refused;
}

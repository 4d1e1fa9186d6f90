import { type Amount, addAmounts, amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { OK, type Result } from '../base/result.ts';
import type { Address } from '../primitives/address.ts';
import { NATIVE_ASSET } from '../primitives/output.ts';
import { createTransaction, type Transaction } from '../primitives/transaction.ts';
import { encodeAction } from './actions/registry.ts';
import type { BlockEnvironment } from './environment.ts';
import type { RewardAction } from './reward-actions.ts';
import { refuseLedger } from './rules.ts';

/** Bytes of the reward transaction that {@link createReward} makes, without its actions: head 12, one output 48. */
export const REWARD_BYTES_MAX = 60;

/**
 * The first transaction of a block: pays the producer. Its expiry height is the height of the block, which gives
 * it an id of its own although it has no inputs (as BIP-34 does for Bitcoin).
 */
export function createReward(
  env: Pick<BlockEnvironment, 'chainId' | 'height'>,
  payTo: Address,
  value: Amount,
  actions: readonly RewardAction[] = [],
): Transaction {
  const outputs = value === 0 ? [] : [{ asset: NATIVE_ASSET, amount: value, address: payTo }];
  const body = {
    expiryHeight: env.height,
    inputs: [],
    outputs,
    actions: actions.map(encodeAction),
    witnessCount: 0,
  };
  return createTransaction(body, [], env.chainId);
}

/**
 * Checks what needs no other transaction: nothing but native outputs, and the height of the block. Its actions are for
 * {@link parseRewardActions}.
 */
export function checkRewardShape(tx: Transaction, height: number): Result<undefined> {
  if (tx.inputs.length > 0)
    return refuseLedger('block/reward-shape', { field: 'inputs', got: tx.inputs.length });
  if (tx.witnesses.length > 0) {
    return refuseLedger('block/reward-shape', { field: 'witnesses', got: tx.witnesses.length });
  }
  if (tx.expiryHeight !== height) {
    return refuseLedger('block/reward-shape', {
      field: 'expiryHeight',
      got: tx.expiryHeight,
      expected: height,
    });
  }
  for (const { asset, amount: paid } of tx.outputs) {
    if (asset !== NATIVE_ASSET) return refuseLedger('block/reward-shape', { field: 'asset', got: asset });
    if (paid < 1) return refuseLedger('block/reward-shape', { field: 'amount', got: paid, expected: 1 });
  }
  return OK;
}

/** Checks that the outputs pay exactly what is due. */
export function checkRewardAmount(tx: Transaction, due: Amount): Result<undefined> {
  let paid: Amount | undefined = amount(0);
  for (const output of tx.outputs) paid = paid === undefined ? undefined : addAmounts(paid, output.amount);
  if (paid === due) return OK;
  return refuseLedger('block/reward-amount', { got: paid ?? 'more than 2^53 − 1', expected: due });
}

/**
 * What a block owes its producer.
 *
 * @param claims - the producer's part of what the offences cost that the reward shows
 * @throws AssertionError when it exceeds 2^53 − 1: more than all hugs there can be
 */
export function rewardDue(reward: Amount, tips: Amount, claims: Amount): Amount {
  const paid = addAmounts(tips, claims);
  const due = paid === undefined ? undefined : addAmounts(reward, paid);
  assert(due !== undefined, 'a reward above all hugs there are');
  return due;
}

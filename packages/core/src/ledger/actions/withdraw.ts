import { type Amount, amount as amountOf } from '../../base/amount.ts';
import { equalBytes } from '../../base/bytes.ts';
import { OK, ok, type Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Action } from '../../primitives/action.ts';
import { NATIVE_ASSET } from '../../primitives/output.ts';
import { freeFrom, keptOf, readConvictions } from '../stake/convictions.ts';
import { refuseStake } from '../stake/rules.ts';
import { minus } from '../stake/share-math.ts';
import { type StakePlace, stakePlace } from '../stake/stake-place.ts';
import { readUnbondings, type Unbonding, writeUnbondings } from '../stake/unbonding.ts';
import { growSupply } from '../supply.ts';
import type { ActionContext } from './action-context.ts';

/**
 * Takes one part of the author's stake that has rested into this transaction. Says what it is worth to the hug, so that
 * the sender knows what it signs and nothing becomes a fee by accident. Body: publicKey 32, epoch u32, amount u64.
 */
export interface WithdrawAction {
  readonly kind: 'withdraw';
  readonly validator: PublicKey;
  /** The epoch in which it left the pool. */
  readonly epoch: number;
  /** What is left of it after all convictions, in hugs; 0 clears a part that they have cost everything. */
  readonly amount: Amount;
}

/** The tag of a {@link WithdrawAction}. */
export const WITHDRAW_TAG = 9;

/** The action as it travels. */
export function encodeWithdrawAction({ validator, epoch, amount }: WithdrawAction): Action {
  return { tag: WITHDRAW_TAG, body: new Writer(44).hash(validator).u32(epoch).u53(amount).finish() };
}

/** Reads a body. Refuses by `codec/…`. */
export function parseWithdrawAction(body: Uint8Array): Result<WithdrawAction> {
  const reader = new Reader(body);
  return reader.finish({
    kind: 'withdraw',
    validator: reader.hash(),
    epoch: reader.u32(),
    amount: reader.u53() as Amount,
  });
}

/** Ends the rest: credits what is left, and burns what convictions have cost. */
export function applyWithdrawAction(action: WithdrawAction, context: ActionContext): Result<undefined> {
  const place = stakePlace(context);
  if (!place.ok) return place;
  const { overlay, author, balances } = context;
  const expected = freeFrom(action.epoch, place.value.stake.unbondingEpochs);
  if (place.value.epoch < expected) {
    return refuseStake('stake/resting', { got: place.value.epoch, expected });
  }
  const entries = readUnbondings(overlay, author);
  const entry = chooseEntry(place.value, entries, action);
  if (!entry.ok) return entry;
  const burned = minus(entry.value.amount, action.amount);
  if (burned > 0) growSupply(overlay, { issued: amountOf(0), burned });
  const left = entries.filter((other) => other !== entry.value);
  writeUnbondings(overlay, author, left);
  const credited = balances.credit(NATIVE_ASSET, action.amount);
  return credited.ok ? OK : credited;
}

/** The entry that is worth what the action says; there can be several of one epoch, before and after a conviction. */
function chooseEntry(
  { overlay }: StakePlace,
  entries: readonly Unbonding[],
  { validator, epoch, amount }: WithdrawAction,
): Result<Unbonding> {
  const log = readConvictions(overlay, validator);
  let worth: Amount | undefined;
  for (const entry of entries) {
    if (entry.epoch !== epoch || !equalBytes(entry.validator, validator)) continue;
    const kept = keptOf(entry.amount, entry, log);
    if (kept === amount) return ok(entry);
    worth ??= kept;
  }
  if (worth === undefined) return refuseStake('stake/unbonding-unknown', { epoch });
  return refuseStake('stake/withdraw-amount', { got: amount, expected: worth });
}

import { ok, type Result } from '../../base/result.ts';
import type { Action } from '../../primitives/action.ts';
import { NATIVE_ASSET } from '../../primitives/output.ts';
import { addStake, closePosition, openPosition } from '../stake/position.ts';
import { stakePlace } from '../stake/stake-place.ts';
import type { ActionContext } from './action-context.ts';
import { encodeStakeAmount, parseStakeAmount, type StakeAmount } from './stake-amount.ts';

/**
 * Stakes hugs with a validator, for the author; of its owner, raises the bond. The amount comes out of what the inputs
 * hold above the outputs. Body: publicKey 32, hugs u64.
 */
export interface DelegateAction extends StakeAmount {
  readonly kind: 'delegate';
}

/** The tag of a {@link DelegateAction}. */
export const DELEGATE_TAG = 6;

/**
 * The action as it travels.
 *
 * @throws AssertionError when the amount is 0
 */
export function encodeDelegateAction(action: DelegateAction): Action {
  return { tag: DELEGATE_TAG, body: encodeStakeAmount(action) };
}

/** Reads a body. Refuses by `codec/…` or `stake/amount-zero`. */
export function parseDelegateAction(body: Uint8Array): Result<DelegateAction> {
  const parsed = parseStakeAmount(body);
  return parsed.ok ? ok({ kind: 'delegate', ...parsed.value }) : parsed;
}

/** Adds shares for the author and takes the amount. */
export function applyDelegateAction(action: DelegateAction, context: ActionContext): Result<undefined> {
  const place = stakePlace(context);
  if (!place.ok) return place;
  const position = openPosition(place.value, context.author, action.validator);
  if (!position.ok) return position;
  const added = addStake(place.value, position.value, action.amount);
  if (!added.ok) return added;
  const closed = closePosition(place.value, added.value);
  return closed.ok ? context.balances.debit(NATIVE_ASSET, action.amount) : closed;
}

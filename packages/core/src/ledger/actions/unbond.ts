import { OK, ok, type Result } from '../../base/result.ts';
import type { Action } from '../../primitives/action.ts';
import { readConvictions } from '../stake/convictions.ts';
import { UNBONDINGS_MAX } from '../stake/limits.ts';
import { closePosition, openPosition, takeStake } from '../stake/position.ts';
import { refuseStake } from '../stake/rules.ts';
import { stakePlace } from '../stake/stake-place.ts';
import { addUnbonding, readUnbondings, writeUnbondings } from '../stake/unbonding.ts';
import type { ActionContext } from './action-context.ts';
import { encodeStakeAmount, parseStakeAmount, type StakeAmount } from './stake-amount.ts';

/**
 * Takes shares of the author out of a pool. What they are worth rests, answering for offences of the validator until
 * then, before it can be withdrawn. Named in shares, because their worth changes with every reward. Body: publicKey 32,
 * shares u64.
 */
export interface UnbondAction extends StakeAmount {
  readonly kind: 'unbond';
}

/** The tag of an {@link UnbondAction}. */
export const UNBOND_TAG = 7;

/**
 * The action as it travels.
 *
 * @throws AssertionError when it takes no shares
 */
export function encodeUnbondAction(action: UnbondAction): Action {
  return { tag: UNBOND_TAG, body: encodeStakeAmount(action) };
}

/** Reads a body. Refuses by `codec/…` or `stake/amount-zero`. */
export function parseUnbondAction(body: Uint8Array): Result<UnbondAction> {
  const parsed = parseStakeAmount(body);
  return parsed.ok ? ok({ kind: 'unbond', ...parsed.value }) : parsed;
}

/** Moves the worth of the shares from the pool to what rests for the author. */
export function applyUnbondAction(action: UnbondAction, context: ActionContext): Result<undefined> {
  const place = stakePlace(context);
  if (!place.ok) return place;
  const { overlay, author } = context;
  const { validator, amount: shares } = action;
  const position = openPosition(place.value, author, validator);
  if (!position.ok) return position;
  const taken = takeStake(place.value, position.value, shares);
  if (!taken.ok) return taken;
  const closed = closePosition(place.value, taken.value.position);
  if (!closed.ok) return closed;
  const { value } = taken.value;
  // Shares of a pool that an offence has cost everything.
  if (value === 0) return OK;
  const entries = addUnbonding(readUnbondings(overlay, author), {
    validator,
    epoch: place.value.epoch,
    convictions: readConvictions(overlay, validator).length,
    amount: value,
  });
  if (entries === undefined) return refuseStake('stake/unbondings-full', { expected: UNBONDINGS_MAX });
  writeUnbondings(overlay, author, entries);
  return OK;
}

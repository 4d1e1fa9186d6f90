import { equalBytes, toHex } from '../../base/bytes.ts';
import { OK, type Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Action } from '../../primitives/action.ts';
import type { Address } from '../../primitives/address.ts';
import { commissionOf, type Pool, readPool, writePool } from '../stake/pool.ts';
import { refuseStake } from '../stake/rules.ts';
import { stakePlace } from '../stake/stake-place.ts';
import type { ActionContext } from './action-context.ts';

/**
 * Changes what a validator keeps and whom it goes to; only its owner can. The commission changes with the epoch after
 * the next, so that those who do not like it can move their stake before. Body: publicKey 32, payTo 32, commission u16.
 */
export interface ValidatorEditAction {
  readonly kind: 'validator-edit';
  readonly validator: PublicKey;
  /** From this block on. */
  readonly payTo: Address;
  /** In thousandths. */
  readonly commissionPermille: number;
}

/** The tag of a {@link ValidatorEditAction}. */
export const VALIDATOR_EDIT_TAG = 10;

/** The action as it travels. */
export function encodeValidatorEditAction(action: ValidatorEditAction): Action {
  const writer = new Writer(66).hash(action.validator).hash(action.payTo).u16(action.commissionPermille);
  return { tag: VALIDATOR_EDIT_TAG, body: writer.finish() };
}

/** Reads a body. Refuses by `codec/…`. */
export function parseValidatorEditAction(body: Uint8Array): Result<ValidatorEditAction> {
  const reader = new Reader(body);
  return reader.finish({
    kind: 'validator-edit',
    validator: reader.hash(),
    payTo: reader.hash(),
    commissionPermille: reader.u16(),
  });
}

/** Writes the new terms. */
export function applyValidatorEditAction(
  { validator, payTo, commissionPermille }: ValidatorEditAction,
  context: ActionContext,
): Result<undefined> {
  const place = stakePlace(context);
  if (!place.ok) return place;
  const { stake, epoch } = place.value;
  if (commissionPermille > stake.commissionPermilleMax) {
    return refuseStake('stake/commission', {
      got: commissionPermille,
      expected: stake.commissionPermilleMax,
    });
  }
  const pool = ownPool(validator, context);
  if (!pool.ok) return pool;
  writePool(context.overlay, {
    ...pool.value,
    payTo,
    commissionPermille: commissionOf(pool.value, epoch),
    nextCommissionPermille: commissionPermille,
    commissionFrom: epoch + 2,
  });
  return OK;
}

/** The pool of a validator that the author owns. Refuses by `stake/validator-unknown` or `stake/not-owner`. */
export function ownPool(validator: PublicKey, { overlay, author }: ActionContext): Result<Pool> {
  const pool = readPool(overlay, validator);
  if (pool === undefined) return refuseStake('stake/validator-unknown', { validator: toHex(validator) });
  if (equalBytes(pool.owner, author)) return { ok: true, value: pool };
  return refuseStake('stake/not-owner', { got: toHex(author), expected: toHex(pool.owner) });
}

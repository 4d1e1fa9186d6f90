import { OK, type Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Action } from '../../primitives/action.ts';
import { FOR_EVER, writePool } from '../stake/pool.ts';
import { refuseStake } from '../stake/rules.ts';
import { stakePlace } from '../stake/stake-place.ts';
import type { ActionContext } from './action-context.ts';
import { ownPool } from './validator-edit.ts';

/** Lets a validator that was silent be chosen again; only its owner can say that it is back. Body: publicKey 32. */
export interface UnjailAction {
  readonly kind: 'unjail';
  readonly validator: PublicKey;
}

/** The tag of an {@link UnjailAction}. */
export const UNJAIL_TAG = 11;

/** The action as it travels. */
export function encodeUnjailAction({ validator }: UnjailAction): Action {
  return { tag: UNJAIL_TAG, body: new Writer(32).hash(validator).finish() };
}

/** Reads a body. Refuses by `codec/…`. */
export function parseUnjailAction(body: Uint8Array): Result<UnjailAction> {
  const reader = new Reader(body);
  return reader.finish({ kind: 'unjail', validator: reader.hash() });
}

/** Ends the jail, once its epochs have passed. */
export function applyUnjailAction({ validator }: UnjailAction, context: ActionContext): Result<undefined> {
  const place = stakePlace(context);
  if (!place.ok) return place;
  const pool = ownPool(validator, context);
  if (!pool.ok) return pool;
  const { jailedUntil } = pool.value;
  if (jailedUntil === 0) return refuseStake('stake/not-jailed');
  const { epoch } = place.value;
  if (jailedUntil === FOR_EVER || epoch < jailedUntil) {
    return refuseStake('stake/jailed', { got: epoch, expected: jailedUntil });
  }
  writePool(context.overlay, { ...pool.value, jailedUntil: 0 });
  return OK;
}

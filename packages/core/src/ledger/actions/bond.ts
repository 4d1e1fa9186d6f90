import { type Amount, amount as amountOf } from '../../base/amount.ts';
import { toHex } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import { isStrongPublicKey } from '../../crypto/public-key.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Action } from '../../primitives/action.ts';
import { type Address, keyAddress } from '../../primitives/address.ts';
import { NATIVE_ASSET } from '../../primitives/output.ts';
import { readConvictions } from '../stake/convictions.ts';
import { newPool, readPool } from '../stake/pool.ts';
import { addStake, closePosition } from '../stake/position.ts';
import { refuseStake } from '../stake/rules.ts';
import { stakePlace } from '../stake/stake-place.ts';
import type { ActionContext } from './action-context.ts';

/**
 * Makes a validator of a key and bonds the first stake in it. The author is its owner; the key itself must agree by a
 * witness, so that nobody takes the key of somebody else. Body: publicKey 32, payTo 32, amount u64, commission u16.
 */
export interface BondAction {
  readonly kind: 'bond';
  readonly publicKey: PublicKey;
  /** Who gets what the validator keeps of its rewards. */
  readonly payTo: Address;
  /** Hugs, at least the chain's least bond. */
  readonly amount: Amount;
  /** The part of its rewards that the validator keeps, in thousandths. */
  readonly commissionPermille: number;
}

/** The tag of a {@link BondAction}. */
export const BOND_TAG = 5;

/** The action as it travels. */
export function encodeBondAction({ publicKey, payTo, amount, commissionPermille }: BondAction): Action {
  const writer = new Writer(74).hash(publicKey).hash(payTo).u53(amount).u16(commissionPermille);
  return { tag: BOND_TAG, body: writer.finish() };
}

/** Reads a body. Refuses by `codec/…`. */
export function parseBondAction(body: Uint8Array): Result<BondAction> {
  const reader = new Reader(body);
  return reader.finish({
    kind: 'bond',
    publicKey: reader.hash(),
    payTo: reader.hash(),
    amount: reader.u53() as Amount,
    commissionPermille: reader.u16(),
  });
}

/** Who must agree beside the author: the key of the validator. */
export function bondAuthority({ publicKey }: BondAction): Address {
  return keyAddress(publicKey);
}

/** Writes the pool, the owner's share of it, and takes the amount. */
export function applyBondAction(action: BondAction, context: ActionContext): Result<undefined> {
  const place = stakePlace(context);
  if (!place.ok) return place;
  const { overlay, author, balances } = context;
  const { commissionPermilleMax } = place.value.stake;
  const { publicKey, payTo, amount, commissionPermille } = action;
  const evidence = { validator: toHex(publicKey) };
  if (commissionPermille > commissionPermilleMax) {
    return refuseStake('stake/commission', { got: commissionPermille, expected: commissionPermilleMax });
  }
  if (!isStrongPublicKey(publicKey)) return refuseStake('stake/key-weak', evidence);
  if (readPool(overlay, publicKey) !== undefined) return refuseStake('stake/validator-exists', evidence);
  if (readConvictions(overlay, publicKey).length > 0) return refuseStake('stake/convicted', evidence);
  const pool = newPool({ publicKey, owner: author, payTo, commissionPermille });
  const position = { owner: author, pool, delegation: { shares: amountOf(0), ties: [] } };
  const added = addStake(place.value, position, amount);
  if (!added.ok) return added;
  const closed = closePosition(place.value, added.value);
  return closed.ok ? balances.debit(NATIVE_ASSET, amount) : closed;
}

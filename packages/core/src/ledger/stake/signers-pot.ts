import { type Amount, amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { totalWeight, type ValidatorSet } from '../../primitives/validator-set.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { Overlay, StateView } from '../../state/view.ts';
import { growSupply } from '../supply.ts';
import { readAttendance } from './attendance.ts';
import { readDelegation, writeDelegation } from './delegation.ts';
import { commissionOf, earns, type Pool, readPool, writePool } from './pool.ts';
import { minus, permilleOf, plus, sharesFor } from './share-math.ts';

const KEY = new Uint8Array(0);

/** The hugs that wait for those who sign in the present epoch. Issued, but no coins yet. */
export function readSignersPot(view: StateView): Amount {
  const value = view.value(NAMESPACE.signersPot, KEY);
  if (value === undefined) return amount(0);
  const reader = new Reader(value);
  const pot = reader.finish(reader.u53() as Amount);
  assert(pot.ok, 'malformed pot');
  return pot.value;
}

/** Adds the part of a block reward that is theirs. */
export function addToSignersPot(overlay: Overlay, value: Amount): void {
  if (value > 0) writePot(overlay, plus(readSignersPot(overlay), value));
}

/**
 * Parts the pot among the members of an epoch: each gets what its weight is of all weight, for each certificate of the
 * epoch that it signed. What is left because somebody did not sign is burned, so nobody gains by leaving a signature
 * out of a certificate. An epoch without certificates leaves its pot to the next.
 */
export function partSignersPot(overlay: Overlay, set: ValidatorSet): void {
  const pot = readSignersPot(overlay);
  const attendance = readAttendance(overlay, set.epoch);
  if (pot === 0 || attendance === undefined) return;
  const whole = BigInt(totalWeight(set)) * BigInt(attendance.certificates);
  let left = pot;
  for (const [i, { publicKey, weight }] of set.members.entries()) {
    const part = (BigInt(pot) * BigInt(weight) * BigInt(attendance.signed[i] as number)) / whole;
    left = minus(left, earn(overlay, publicKey, amount(Number(part)), set.epoch));
  }
  if (left > 0) growSupply(overlay, { issued: amount(0), burned: left });
  overlay.deleteValue(NAMESPACE.signersPot, KEY);
}

/**
 * Adds to the pool of a validator; its commission buys shares for its owner, for there is no transaction to pay it by.
 * Nothing when the pool is gone, empty or convicted.
 *
 * @returns what it got
 */
function earn(overlay: Overlay, publicKey: PublicKey, value: Amount, epoch: number): Amount {
  const pool = readPool(overlay, publicKey);
  if (value === 0 || pool === undefined || !earns(pool)) return amount(0);
  const bought = commissionShares(overlay, pool, value, epoch);
  writePool(overlay, { ...pool, tokens: plus(pool.tokens, value), shares: plus(pool.shares, bought) });
  return value;
}

/** Writes the shares that the owner gets, and says how many; none for an owner who has left. */
function commissionShares(overlay: Overlay, pool: Pool, value: Amount, epoch: number): Amount {
  const held = readDelegation(overlay, pool.owner, pool.publicKey);
  if (held.shares === 0) return amount(0);
  const commission = permilleOf(value, commissionOf(pool, epoch));
  const others = minus(value, commission);
  const bought = sharesFor({ tokens: plus(pool.tokens, others), shares: pool.shares }, commission);
  writeDelegation(overlay, pool.owner, pool.publicKey, { ...held, shares: plus(held.shares, bought) });
  return bought;
}

function writePot(overlay: Overlay, pot: Amount): void {
  overlay.setValue(NAMESPACE.signersPot, KEY, new Writer(8).u53(pot).finish());
}

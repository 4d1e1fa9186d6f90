import { type Amount, amount } from '../../base/amount.ts';
import { equalBytes, toHex } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Address } from '../../primitives/address.ts';
import { growSupply } from '../supply.ts';
import { freeFrom, keptOf, readConvictions } from './convictions.ts';
import { type Delegation, freeShares, readDelegation, type Tie, writeDelegation } from './delegation.ts';
import { DELEGATION_SHARES_MIN } from './limits.ts';
import { deletePool, FOR_EVER, NO_SEAT, type Pool, readPool, writePool } from './pool.ts';
import { refuseStake } from './rules.ts';
import { leaveSeat, takeSeat } from './seats.ts';
import { minus, plus, sharesFor, tokensFor } from './share-math.ts';
import type { StakePlace } from './stake-place.ts';

/** What one owner has in one pool, with the pool. A value: nothing is written before {@link closePosition}. */
export interface Position {
  readonly owner: Address;
  readonly pool: Pool;
  readonly delegation: Delegation;
}

/**
 * Opens what an owner has in a pool, ties settled. One position at a time: closing one may give another pool a new
 * seat. Refuses by `stake/validator-unknown`.
 */
export function openPosition(place: StakePlace, owner: Address, validator: PublicKey): Result<Position> {
  const pool = readPool(place.overlay, validator);
  if (pool === undefined) return refuseStake('stake/validator-unknown', { validator: toHex(validator) });
  const delegation = readDelegation(place.overlay, owner, validator);
  return ok(settleTies(place, { owner, pool, delegation }));
}

/**
 * Adds stake. Refuses by `stake/pool-closed`, `stake/too-little` or, of the owner of the validator, by
 * `stake/bond-too-small`.
 */
export function addStake(
  { stake }: StakePlace,
  { owner, pool, delegation }: Position,
  value: Amount,
): Result<Position> {
  const isOwner = equalBytes(owner, pool.owner);
  if (pool.jailedUntil === FOR_EVER || (pool.seat === NO_SEAT && !isOwner)) {
    return refuseStake('stake/pool-closed', { validator: toHex(pool.publicKey) });
  }
  const shares = sharesFor(pool, value);
  if (shares < DELEGATION_SHARES_MIN) {
    return refuseStake('stake/too-little', { got: shares, expected: DELEGATION_SHARES_MIN });
  }
  const after = { ...pool, tokens: plus(pool.tokens, value), shares: plus(pool.shares, shares) };
  const held = plus(delegation.shares, shares);
  const bond = tokensFor(after, held);
  if (isOwner && bond < stake.bondMin) {
    return refuseStake('stake/bond-too-small', { got: bond, expected: stake.bondMin });
  }
  return ok({ owner, pool: after, delegation: { ...delegation, shares: held } });
}

/**
 * Takes stake out; its worth in hugs is `value`. Refuses by `stake/shares-missing`, `stake/tied`, `stake/dust` or, of
 * the owner of the validator, `stake/bond-too-small`: it keeps the least bond or nothing.
 */
export function takeStake(
  { stake }: StakePlace,
  { owner, pool, delegation }: Position,
  shares: Amount,
): Result<{ readonly position: Position; readonly value: Amount }> {
  if (shares > delegation.shares) {
    return refuseStake('stake/shares-missing', { got: shares, expected: delegation.shares });
  }
  const free = freeShares(delegation);
  if (shares > free) return refuseStake('stake/tied', { got: shares, expected: free });
  const left = minus(delegation.shares, shares);
  if (left > 0 && left < DELEGATION_SHARES_MIN) {
    return refuseStake('stake/dust', { got: left, expected: DELEGATION_SHARES_MIN });
  }
  const value = tokensFor(pool, shares);
  const after = { ...pool, tokens: minus(pool.tokens, value), shares: minus(pool.shares, shares) };
  const isBond = equalBytes(owner, pool.owner) && pool.jailedUntil !== FOR_EVER;
  if (isBond && left > 0 && tokensFor(after, left) < stake.bondMin) {
    return refuseStake('stake/bond-too-small', { got: tokensFor(after, left), expected: stake.bondMin });
  }
  return ok({ position: { owner, pool: after, delegation: { ...delegation, shares: left } }, value });
}

/**
 * Writes a position. The validator is a candidate exactly while its owner has the least bond in it, and a pool without
 * shares is gone unless its jail has to be remembered. Refuses by `stake/pools-full`.
 */
export function closePosition(place: StakePlace, { owner, pool, delegation }: Position): Result<Pool> {
  const { overlay } = place;
  writeDelegation(overlay, owner, pool.publicKey, delegation);
  const seated = seatOf(place, pool);
  if (seated === undefined) return refuseStake('stake/pools-full');
  if (seated.shares === 0 && (seated.jailedUntil === 0 || seated.jailedUntil === FOR_EVER)) {
    deletePool(overlay, seated.publicKey);
  } else {
    writePool(overlay, seated);
  }
  return ok(seated);
}

/** What the owner of a validator has bonded itself, in hugs. */
function ownStake({ overlay }: StakePlace, pool: Pool): Amount {
  return tokensFor(pool, readDelegation(overlay, pool.owner, pool.publicKey).shares);
}

/** The pool with the seat that it should have; undefined when it should have one and there is none. */
function seatOf(place: StakePlace, pool: Pool): Pool | undefined {
  const own = ownStake(place, pool);
  const isCandidate = own > 0 && own >= place.stake.bondMin && pool.jailedUntil !== FOR_EVER;
  if (isCandidate === (pool.seat !== NO_SEAT)) return pool;
  // Whoever makes the last block of this epoch knows the seed of the set that is chosen then, and could search for a
  // key that wins with it.
  return isCandidate ? takeSeat(place.overlay, pool, place.epoch + 1) : leaveSeat(place.overlay, pool);
}

/**
 * Takes off what the ties owe for convictions of the validators they came from: the shares go, and what they are worth
 * is burned. Ties that are liable no more end.
 */
function settleTies(place: StakePlace, position: Position): Position {
  const { delegation } = position;
  if (delegation.ties.length === 0) return position;
  let { pool } = position;
  let shares: Amount = delegation.shares;
  let burned = amount(0);
  const ties: Tie[] = [];
  for (const tie of delegation.ties) {
    const log = readConvictions(place.overlay, tie.from);
    const kept = keptOf(tie.shares, tie, log);
    const lost = minus(tie.shares, kept);
    const value = tokensFor(pool, lost);
    pool = { ...pool, tokens: minus(pool.tokens, value), shares: minus(pool.shares, lost) };
    shares = minus(shares, lost);
    burned = plus(burned, value);
    const isLiable = place.epoch < freeFrom(tie.epoch, place.stake.unbondingEpochs);
    if (isLiable && kept > 0) ties.push({ ...tie, shares: kept, convictions: log.length });
  }
  if (burned > 0) growSupply(place.overlay, { issued: amount(0), burned });
  return { ...position, pool, delegation: { shares, ties } };
}

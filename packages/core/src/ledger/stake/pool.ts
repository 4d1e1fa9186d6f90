import { type Amount, amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { type Address, keyAddress } from '../../primitives/address.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { Overlay, StateView } from '../../state/view.ts';
import type { ShareSum } from './share-math.ts';

/**
 * A validator and all stake in it. Record: publicKey 32, owner 32, payTo 32, tokens u64, shares u64, seat u32,
 * eligibleFrom u32, jailedUntil u32, commissionFrom u32, commissionPermille u16, nextCommissionPermille u16,
 * turnsEpoch u32, turnsTaken u32, turnsMissed u32.
 */
export interface Pool extends ShareSum {
  readonly publicKey: PublicKey;
  /** Whose stake makes it a candidate, and who may change it. */
  readonly owner: Address;
  /** Who gets what the validator keeps of its rewards, and the tips. */
  readonly payTo: Address;
  /** Its number among the candidates, or {@link NO_SEAT}. */
  readonly seat: number;
  /**
   * The first epoch at whose end it can be chosen: the one after that in which it got its last seat, so that nobody
   * knew the seed of a set when its keys were made; 0 of a candidate from genesis.
   */
  readonly eligibleFrom: number;
  /** 0, or the first epoch in which its owner may let it serve again, or {@link FOR_EVER}. */
  readonly jailedUntil: number;
  readonly commissionPermille: number;
  /** The commission from the epoch `commissionFrom` on. */
  readonly nextCommissionPermille: number;
  readonly commissionFrom: number;
  /** The epoch that the next two fields count; both are 0 in any other. */
  readonly turnsEpoch: number;
  readonly turnsTaken: number;
  readonly turnsMissed: number;
}

/** The seat of a pool that is no candidate. */
export const NO_SEAT = 0xffff_ffff;

/** The end of a jail that has none: the validator was convicted of an offence. */
export const FOR_EVER = 0xffff_ffff;

/** The storage key of a pool: its producer's address, so that a header leads to it. */
export function poolKey(publicKey: PublicKey): Address {
  return keyAddress(publicKey);
}

/** The pool of a validator, if there is one. */
export function readPool(view: StateView, publicKey: PublicKey): Pool | undefined {
  return readPoolAt(view, poolKey(publicKey));
}

/** The pool of the validator that a header names as its producer. */
export function readPoolAt(view: StateView, producer: Address): Pool | undefined {
  const value = view.value(NAMESPACE.pool, producer);
  return value === undefined ? undefined : decodePool(value);
}

/** Sets the record of a pool. */
export function writePool(overlay: Overlay, pool: Pool): void {
  const writer = new Writer(152).hash(pool.publicKey).hash(pool.owner).hash(pool.payTo);
  writer.u53(pool.tokens).u53(pool.shares).u32(pool.seat).u32(pool.eligibleFrom);
  writer.u32(pool.jailedUntil).u32(pool.commissionFrom);
  writer.u16(pool.commissionPermille).u16(pool.nextCommissionPermille);
  writer.u32(pool.turnsEpoch).u32(pool.turnsTaken).u32(pool.turnsMissed);
  overlay.setValue(NAMESPACE.pool, poolKey(pool.publicKey), writer.finish());
}

/** Deletes the record of a pool. */
export function deletePool(overlay: Overlay, publicKey: PublicKey): void {
  overlay.deleteValue(NAMESPACE.pool, poolKey(publicKey));
}

/** The pool of a new validator, without stake. */
export function newPool(identity: Pick<Pool, 'publicKey' | 'owner' | 'payTo' | 'commissionPermille'>): Pool {
  return {
    ...identity,
    tokens: amount(0),
    shares: amount(0),
    seat: NO_SEAT,
    eligibleFrom: 0,
    jailedUntil: 0,
    nextCommissionPermille: identity.commissionPermille,
    commissionFrom: 0,
    turnsEpoch: 0,
    turnsTaken: 0,
    turnsMissed: 0,
  };
}

/** The part of its rewards that the validator keeps in an epoch, in thousandths. */
export function commissionOf(pool: Pool, epoch: number): number {
  return epoch >= pool.commissionFrom ? pool.nextCommissionPermille : pool.commissionPermille;
}

/** Whether rewards may go to a pool: somebody is in it, and its validator was never convicted. */
export function earns({ tokens, jailedUntil }: Pool): boolean {
  return tokens > 0 && jailedUntil !== FOR_EVER;
}

/** Adds turns to the count of an epoch, which begins anew when it still was that of another. */
export function countTurns(pool: Pool, epoch: number, taken: number, missed: number): Pool {
  const fresh = pool.turnsEpoch !== epoch;
  return {
    ...pool,
    turnsEpoch: epoch,
    turnsTaken: (fresh ? 0 : pool.turnsTaken) + taken,
    turnsMissed: (fresh ? 0 : pool.turnsMissed) + missed,
  };
}

function decodePool(bytes: Uint8Array): Pool {
  const reader = new Reader(bytes);
  const pool = reader.finish({
    publicKey: reader.hash(),
    owner: reader.hash(),
    payTo: reader.hash(),
    tokens: reader.u53() as Amount,
    shares: reader.u53() as Amount,
    seat: reader.u32(),
    eligibleFrom: reader.u32(),
    jailedUntil: reader.u32(),
    commissionFrom: reader.u32(),
    commissionPermille: reader.u16(),
    nextCommissionPermille: reader.u16(),
    turnsEpoch: reader.u32(),
    turnsTaken: reader.u32(),
    turnsMissed: reader.u32(),
  });
  assert(pool.ok, 'malformed pool record');
  return pool.value;
}

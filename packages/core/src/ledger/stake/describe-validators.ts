import { type Amount, amount } from '../../base/amount.ts';
import { compareBytes, equalBytes } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { type Address, keyAddress } from '../../primitives/address.ts';
import type { ValidatorSet } from '../../primitives/validator-set.ts';
import type { StateView } from '../../state/view.ts';
import { readAttendance } from './attendance.ts';
import { readDelegation } from './delegation.ts';
import { type Pool, readPool, readPoolAt } from './pool.ts';
import { seatedPools } from './seats.ts';
import { tokensFor } from './share-math.ts';
import { readValidatorSet } from './validator-sets.ts';

/** A validator as a state knows it. */
export interface DescribedValidator {
  readonly publicKey: PublicKey;
  /** In the set that was asked for; 0 when it is not a member. */
  readonly weight: number;
  /** How many of the certificates of the epoch it signed; undefined when none was counted, or it is not a member. */
  readonly signed: number | undefined;
  /** Its stake; undefined for an authority, and for a member whose stake has left. */
  readonly pool: DescribedPool | undefined;
}

/** A pool, with what its owner has in it. */
export interface DescribedPool extends Pool {
  /** Hugs. */
  readonly ownStake: Amount;
}

/** The validators of an epoch. */
export interface DescribedSet {
  readonly set: ValidatorSet;
  /** Certificates of the epoch that were counted; undefined of an epoch that is not the present one. */
  readonly certificates: number | undefined;
  /** Those with the greatest weight first; at most VALIDATORS_MAX, and POOLS_MAX more with the candidates. */
  readonly validators: readonly DescribedValidator[];
}

/**
 * The validators of an epoch, with what the state knows of them now.
 *
 * @param withCandidates - adds those who could be chosen for a later epoch, jailed ones included
 * @returns undefined for an epoch whose set is not decided yet, or deleted
 */
export function describeValidators(
  view: StateView,
  epoch: number,
  withCandidates: boolean,
): DescribedSet | undefined {
  const set = readValidatorSet(view, epoch);
  if (set === undefined) return undefined;
  const attendance = readAttendance(view, epoch);
  const validators = set.members.map(({ publicKey, weight }, i): DescribedValidator => {
    const pool = readPool(view, publicKey);
    const described = pool === undefined ? undefined : describePool(view, pool);
    return { publicKey, weight, signed: attendance?.signed[i], pool: described };
  });
  if (withCandidates) {
    const known = new Set(set.members.map(({ publicKey }) => bytesKey(publicKey)));
    for (const pool of seatedPools(view)) {
      if (known.has(bytesKey(pool.publicKey))) continue;
      const { publicKey } = pool;
      validators.push({ publicKey, weight: 0, signed: undefined, pool: describePool(view, pool) });
    }
  }
  return { set, certificates: attendance?.certificates, validators: validators.toSorted(byStake) };
}

/**
 * The validator whose key has this address.
 *
 * @param epoch - the present one, of the next block
 * @returns undefined when it has neither a pool nor a place in the set of the epoch
 */
export function describeValidator(
  view: StateView,
  epoch: number,
  address: Address,
): DescribedValidator | undefined {
  const pool = readPoolAt(view, address);
  const members = readValidatorSet(view, epoch)?.members ?? [];
  const at = members.findIndex(({ publicKey }) => equalBytes(keyAddress(publicKey), address));
  const member = members[at];
  const publicKey = pool?.publicKey ?? member?.publicKey;
  if (publicKey === undefined) return undefined;
  return {
    publicKey,
    weight: member?.weight ?? 0,
    signed: member === undefined ? undefined : readAttendance(view, epoch)?.signed[at],
    pool: pool === undefined ? undefined : describePool(view, pool),
  };
}

/** A pool with the stake of its owner. */
function describePool(view: StateView, pool: Pool): DescribedPool {
  const { shares } = readDelegation(view, pool.owner, pool.publicKey);
  return { ...pool, ownStake: shares === 0 ? amount(0) : tokensFor(pool, shares) };
}

function byStake(a: DescribedValidator, b: DescribedValidator): number {
  return (
    b.weight - a.weight ||
    (b.pool?.tokens ?? 0) - (a.pool?.tokens ?? 0) ||
    compareBytes(a.publicKey, b.publicKey)
  );
}

import type { Amount } from '../../base/amount.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Address } from '../../primitives/address.ts';
import type { StakeSpec } from '../../spec/validator-spec.ts';
import { Overlay, type StateView } from '../../state/view.ts';
import { freeFrom, keptOf, readConvictions } from './convictions.ts';
import { freeShares, readDelegation } from './delegation.ts';
import { openPosition } from './position.ts';
import { seatedPools } from './seats.ts';
import { tokensFor } from './share-math.ts';
import { readUnbondings } from './unbonding.ts';
import { readValidatorSet } from './validator-sets.ts';

/** What somebody has with one validator. */
export interface HeldStake {
  readonly validator: PublicKey;
  /** What offences of validators it came from cost is taken off. */
  readonly shares: Amount;
  /** Hugs that the shares are worth now. */
  readonly worth: Amount;
  /** Shares that may leave. */
  readonly free: Amount;
  /** The rest: shares that still answer for another validator. */
  readonly tied: readonly { readonly from: PublicKey; readonly shares: Amount; readonly freeFrom: number }[];
}

/** Stake that has left a validator and rests. */
export interface RestingStake {
  readonly validator: PublicKey;
  /** In which it left. */
  readonly epoch: number;
  /** Hugs when it left. */
  readonly amount: Amount;
  /** Hugs that offences leave of it: what a withdrawal has to name. */
  readonly worth: Amount;
  /** The first epoch in which it may be withdrawn. */
  readonly freeFrom: number;
}

/** What somebody has staked. */
export interface DescribedStake {
  readonly held: readonly HeldStake[];
  readonly resting: readonly RestingStake[];
}

/**
 * What an owner has staked. A state cannot be searched by owner, so the validators are those named, or else all
 * candidates, the members of the present set and the next, and those that its resting stake has left.
 *
 * @param epoch - of the next block
 */
export function describeStake(
  stake: StakeSpec,
  view: StateView,
  epoch: number,
  owner: Address,
  named?: readonly PublicKey[],
): DescribedStake {
  const resting = readUnbondings(view, owner).map(({ validator, epoch: left, amount, convictions }) => ({
    validator,
    epoch: left,
    amount,
    worth: keptOf(amount, { epoch: left, convictions }, readConvictions(view, validator)),
    freeFrom: freeFrom(left, stake.unbondingEpochs),
  }));
  const validators = named ?? [...knownValidators(view, epoch), ...resting.map(({ validator }) => validator)];
  const distinct = new Map(validators.map((validator) => [bytesKey(validator), validator]));
  const held = [...distinct.values()].flatMap((validator) =>
    describeHeld(stake, view, epoch, owner, validator),
  );
  return { held, resting };
}

function* knownValidators(view: StateView, epoch: number): Generator<PublicKey, void, undefined> {
  for (const { publicKey } of seatedPools(view)) yield publicKey;
  for (const known of [epoch, epoch + 1]) {
    for (const { publicKey } of readValidatorSet(view, known)?.members ?? []) yield publicKey;
  }
}

function describeHeld(
  stake: StakeSpec,
  view: StateView,
  epoch: number,
  owner: Address,
  validator: PublicKey,
): readonly HeldStake[] {
  if (readDelegation(view, owner, validator).shares === 0) return [];
  // Opening settles what ties owe, on an overlay that is thrown away.
  const position = openPosition({ stake, overlay: new Overlay(view), epoch }, owner, validator);
  if (!position.ok || position.value.delegation.shares === 0) return [];
  const { pool, delegation } = position.value;
  const tied = delegation.ties.map(({ from, shares, epoch: moved }) => ({
    from,
    shares,
    freeFrom: freeFrom(moved, stake.unbondingEpochs),
  }));
  const { shares } = delegation;
  return [{ validator, shares, worth: tokensFor(pool, shares), free: freeShares(delegation), tied }];
}

import { toHex } from '../../base/bytes.ts';
import { boolean, type Infer, integer, nullable, object } from '../../base/schema.ts';
import type { DescribedPool, DescribedValidator } from '../../ledger/stake/describe-validators.ts';
import { commissionOf, FOR_EVER, NO_SEAT } from '../../ledger/stake/pool.ts';
import { formatAddress, keyAddress } from '../../primitives/address.ts';
import { addressField, hashField, unitsField } from './fields.ts';

/** The number of an epoch. */
export const epochField = (description: string) => integer(description, 0, 0xffff_ffff);

const count = (description: string) => integer(description, 0, 0xffff_ffff);
const permille = (description: string) => integer(description, 0, 1000);

const poolJson = object('Its stake.', {
  owner: addressField('Who has bonded it and may change it.'),
  payTo: addressField('Who gets what it keeps of its rewards, and the tips.'),
  tokens: unitsField('Hugs in its pool, of all owners.'),
  shares: unitsField('Shares of the pool, of all owners.'),
  ownStake: unitsField('Hugs that the shares of its owner are worth.'),
  isCandidate: boolean(
    'True while its owner has the least bond in it: then it can be chosen, unless it is in jail.',
  ),
  eligibleFrom: nullable(
    epochField('The first epoch at whose end it can be chosen; null when it is no candidate.'),
  ),
  commissionPermille: permille('Thousandths of its rewards that it keeps in the present epoch.'),
  nextCommissionPermille: permille('The same from commissionFrom on.'),
  commissionFrom: epochField('Epoch from which nextCommissionPermille counts.'),
  isJailed: boolean('True while it cannot be chosen.'),
  isConvicted: boolean('True when it has committed an offence: it never serves again.'),
  jailedUntil: nullable(
    epochField('Epoch from which on its owner may unjail it; null when it is free or convicted.'),
  ),
  turnsTaken: count('Turns of the present epoch in which it made a block.'),
  turnsMissed: count(
    'Turns of the present epoch that passed without its block, where the production has turns.',
  ),
});

/** The fields of a validator. */
export const validatorFields = {
  publicKey: hashField('Its key.'),
  address: addressField('The address of its key: what headers name as their producer.'),
  weight: unitsField('What it counts in the set: hugs of stake, or 1; 0 when it is not a member.'),
  signed: nullable(
    count('Certificates of the epoch that it signed; null where none was counted, or it is not a member.'),
  ),
  pool: nullable(poolJson),
};

/** A validator as JSON. */
export const validatorJson = object('A validator.', validatorFields);

/** A validator as JSON. */
export type ValidatorJson = Infer<typeof validatorJson>;

/**
 * A validator as JSON.
 *
 * @param epoch - the present one, of the next block
 */
export function presentValidator(
  { publicKey, weight, signed, pool }: DescribedValidator,
  epoch: number,
  prefix: string,
): ValidatorJson {
  return {
    publicKey: toHex(publicKey),
    address: formatAddress(keyAddress(publicKey), prefix),
    weight,
    signed: signed ?? null,
    pool: pool === undefined ? null : presentPool(pool, epoch, prefix),
  };
}

function presentPool(pool: DescribedPool, epoch: number, prefix: string): Infer<typeof poolJson> {
  const { jailedUntil, commissionFrom, nextCommissionPermille } = pool;
  const isConvicted = jailedUntil === FOR_EVER;
  const isCounted = pool.turnsEpoch === epoch;
  return {
    owner: formatAddress(pool.owner, prefix),
    payTo: formatAddress(pool.payTo, prefix),
    tokens: pool.tokens,
    shares: pool.shares,
    ownStake: pool.ownStake,
    isCandidate: pool.seat !== NO_SEAT,
    eligibleFrom: pool.seat === NO_SEAT ? null : pool.eligibleFrom,
    commissionPermille: commissionOf(pool, epoch),
    nextCommissionPermille,
    commissionFrom,
    isJailed: jailedUntil !== 0,
    isConvicted,
    jailedUntil: jailedUntil === 0 || isConvicted ? null : jailedUntil,
    turnsTaken: isCounted ? pool.turnsTaken : 0,
    turnsMissed: isCounted ? pool.turnsMissed : 0,
  };
}

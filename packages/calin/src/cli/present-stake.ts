import type { MethodResult } from '@calin/client/rpc/rpc-client.ts';
import { formatAssetAmount, NATIVE_UNITS } from '@calin/client/wallet/asset-units.ts';
import { formatFields, formatTable } from './output.ts';

type Validators = MethodResult<'stake_getValidators'>;
type Validator = MethodResult<'stake_getValidator'>;
type Pool = NonNullable<Validators['validators'][number]['pool']>;
type Stake = MethodResult<'stake_getDelegations'>;

/** The validators of an epoch, for a person. */
export function formatValidators(set: Validators): string {
  const { kind, epoch, firstHeight, lastHeight, validators, certificates } = set;
  const members = validators.filter(({ weight }) => weight > 0).length;
  const lines = [
    `Epoch ${epoch}: blocks ${firstHeight} to ${lastHeight}, ${members} ${members === 1 ? 'validator' : 'validators'}`,
  ];
  if (epoch !== set.presentEpoch) lines.push(`The present epoch is ${set.presentEpoch}.`);
  const signed = (one: Validators['validators'][number]) =>
    one.signed === null || certificates === null ? '-' : `${one.signed} of ${certificates}`;
  if (kind === 'authorities') {
    const rows = validators.map((one) => [one.publicKey, signed(one)]);
    return [...lines, '', formatTable([['AUTHORITY', 'SIGNED'], ...rows])].join('\n');
  }
  const head = ['VALIDATOR', 'WEIGHT', 'STAKE NOW', 'OWN', 'KEEPS', 'SIGNED', 'MISSED', 'STATE'];
  const rows = validators.map((one) => [
    one.publicKey,
    one.weight === 0 ? '-' : hugs(one.weight),
    one.pool === null ? '-' : hugs(one.pool.tokens),
    one.pool === null ? '-' : hugs(one.pool.ownStake),
    one.pool === null ? '-' : percent(one.pool.commissionPermille),
    signed(one),
    one.pool === null ? '-' : `${one.pool.turnsMissed} of ${one.pool.turnsTaken + one.pool.turnsMissed}`,
    stateOf(one.weight, one.pool),
  ]);
  return [...lines, '', formatTable([head, ...rows], [1, 2, 3, 4, 5, 6])].join('\n');
}

/** One validator, for a person. */
export function formatValidator(validator: Validator): string {
  const { publicKey, address, weight, signed, pool, convictions, presentEpoch } = validator;
  const fields: (readonly [string, string])[] = [
    ['Validator', publicKey],
    ['Address', address],
    ['State', stateOf(weight, pool)],
    ['Weight', weight === 0 ? 'not in the present set' : pool === null ? `${weight}` : hugs(weight)],
  ];
  if (signed !== null) fields.push(['Signed', `${signed} certificates of epoch ${presentEpoch}`]);
  if (pool !== null) {
    const { commissionPermille, nextCommissionPermille, commissionFrom } = pool;
    const later =
      nextCommissionPermille === commissionPermille
        ? ''
        : `, ${percent(nextCommissionPermille)} from epoch ${commissionFrom} on`;
    fields.push(
      ['Stake', hugs(pool.tokens)],
      ['Own stake', hugs(pool.ownStake)],
      ['Owner', pool.owner],
      ['Pays', pool.payTo],
      ['Keeps', percent(commissionPermille) + later],
      ['Turns', `${pool.turnsTaken} taken, ${pool.turnsMissed} missed in epoch ${presentEpoch}`],
    );
  }
  for (const { offence, epoch, permille, height } of convictions) {
    fields.push(['Offence', `${offence} in epoch ${epoch}, cost ${percent(permille)} in block ${height}`]);
  }
  return formatFields(fields);
}

/** What an account has staked, for a person. */
export function formatStake({ presentEpoch, delegations, unbonding }: Stake): string {
  const lines = [`The present epoch is ${presentEpoch}.`];
  if (delegations.length === 0 && unbonding.length === 0) return [...lines, 'Nothing is staked.'].join('\n');
  if (delegations.length > 0) {
    const rows = delegations.map(({ validator, worth, shares, free, tied }) => [
      validator,
      hugs(worth),
      `${shares}`,
      free === shares ? 'now' : `${tiedUntil(tied)}`,
    ]);
    lines.push('', formatTable([['STAKED WITH', 'WORTH', 'SHARES', 'CAN LEAVE'], ...rows], [1, 2]));
  }
  if (unbonding.length > 0) {
    const rows = unbonding.map(({ validator, worth, epoch, freeFrom }) => [
      validator,
      hugs(worth),
      `${epoch}`,
      freeFrom <= presentEpoch ? 'now' : `from epoch ${freeFrom} on`,
    ]);
    lines.push('', formatTable([['RESTS FROM', 'WORTH', 'LEFT IN', 'FREE'], ...rows], [1, 2]));
  }
  return lines.join('\n');
}

function tiedUntil(tied: Stake['delegations'][number]['tied']): string {
  return `all from epoch ${Math.max(...tied.map(({ freeFrom }) => freeFrom))} on`;
}

function stateOf(weight: number, pool: Pool | null): string {
  if (pool === null) return weight > 0 ? 'serves, its stake has left' : 'unknown';
  const { isConvicted, isJailed, isCandidate, jailedUntil } = pool;
  const place = weight > 0 ? 'serves' : 'waits';
  if (isConvicted) return weight > 0 ? 'convicted, serves to the end of its sets' : 'convicted';
  if (isJailed)
    return `${weight > 0 ? 'serves, ' : ''}in jail, its owner may unjail it from epoch ${jailedUntil} on`;
  return isCandidate ? place : `${place}, its owner has left`;
}

function percent(permille: number): string {
  return `${permille / 10} %`;
}

function hugs(value: number): string {
  return formatAssetAmount(value, NATIVE_UNITS);
}

import { fromHex, toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { array, object, optional } from '../../base/schema.ts';
import { describeStake } from '../../ledger/stake/describe-stake.ts';
import { POOLS_MAX, TIES_MAX, UNBONDINGS_MAX } from '../../ledger/stake/limits.ts';
import { parseAddress } from '../../primitives/address.ts';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import { epochOfHeight } from '../../primitives/validator-set.ts';
import { addressField, hashField, unitsField } from '../json/fields.ts';
import { epochField } from '../json/validator.ts';
import { defineQuery } from '../method.ts';
import { refuseRpc } from '../rules.ts';
import { EXAMPLE_ADDRESS } from './examples.ts';

/** Validators that may be named in one call. */
const NAMED_MAX = 64;

const tiedJson = object('Shares that came from another validator.', {
  from: hashField('Key of the validator that they still answer for.'),
  shares: unitsField('How many.'),
  freeFrom: epochField('First epoch in which they answer for it no more.'),
});

const heldJson = object('Stake with one validator.', {
  validator: hashField('Key of the validator.'),
  shares: unitsField('Shares of its pool.'),
  worth: unitsField('Hugs that they are worth now.'),
  free: unitsField('Shares that may leave now.'),
  tied: array('The others.', tiedJson, TIES_MAX),
});

const restingJson = object('Stake that has left a validator.', {
  validator: hashField('Key of the validator.'),
  epoch: epochField('In which it left; a withdrawal names it.'),
  amount: unitsField('Hugs when it left.'),
  worth: unitsField('Hugs that are left after offences of the validator; a withdrawal names them.'),
  freeFrom: epochField('First epoch in which it can be withdrawn.'),
});

/** What an address has staked. */
export const stakeGetDelegations = defineQuery({
  name: 'stake_getDelegations',
  summary: 'Says what an address has staked, and what of it rests.',
  description:
    'Looks at all candidates, the members of the present set and the next, and the validators that resting stake has left. What is with one that is neither any more, such as a convicted one, is found by naming it. state_getProof proves each part: namespace 7 with the 32 bytes of the address and the key of the validator, and namespace 8 with the address.',
  params: object('Whose stake.', {
    address: addressField('The address.'),
    validators: optional(
      array('Keys of validators; only these are looked at.', hashField('A key.'), NAMED_MAX),
    ),
  }),
  result: object('The stake.', {
    presentEpoch: epochField('Of the next block.'),
    delegations: array('What is with validators.', heldJson, POOLS_MAX + 2 * VALIDATORS_MAX + UNBONDINGS_MAX),
    unbonding: array('What rests, oldest first.', restingJson, UNBONDINGS_MAX),
  }),
  errors: ['codec/address', 'rpc/stake-none'],
  example: { address: EXAMPLE_ADDRESS },
  run(view, { address: text, validators: named }) {
    const { validators: stake } = view.spec.consensus;
    if (stake?.kind !== 'stake') return refuseRpc('rpc/stake-none');
    const address = parseAddress(text, view.spec.addressPrefix);
    if (!address.ok) return address;
    const presentEpoch = epochOfHeight(view.status().head.header.height + 1, stake.epochBlocks);
    const found = describeStake(stake, view.state(), presentEpoch, address.value, named?.map(fromHex));
    return ok({
      presentEpoch,
      delegations: found.held.map(({ validator, tied, ...held }) => ({
        validator: toHex(validator),
        ...held,
        tied: tied.map(({ from, ...tie }) => ({ from: toHex(from), ...tie })),
      })),
      unbonding: found.resting.map(({ validator, ...part }) => ({ validator: toHex(validator), ...part })),
    });
  },
});

import { toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { array, boolean, choice, nullable, object, optional } from '../../base/schema.ts';
import { describeValidators } from '../../ledger/stake/describe-validators.ts';
import { POOLS_MAX } from '../../ledger/stake/limits.ts';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import { epochOfHeight, epochStart, totalWeight } from '../../primitives/validator-set.ts';
import { hashField, heightField, unitsField } from '../json/fields.ts';
import { epochField, presentValidator, validatorJson } from '../json/validator.ts';
import { defineQuery } from '../method.ts';
import { refuseRpc } from '../rules.ts';

/** The validators of an epoch. */
export const stakeGetValidators = defineQuery({
  name: 'stake_getValidators',
  summary: 'Lists the validators of an epoch.',
  description:
    'The present epoch is that of the next block. The set of an epoch is decided a whole epoch before. What is said of pools is of the state after the head; state_getProof proves the set (namespace 4, epoch as u32 in little-endian order) and each pool (namespace 5, the 32 bytes of the address of its key). See docs/reference/stake.md.',
  params: object('Which validators.', {
    epoch: optional(epochField('The epoch; the present one when left out.')),
    candidates: optional(
      boolean('Also those who are not in the set and could be chosen for a later one, jailed ones included.'),
    ),
  }),
  result: object('The set.', {
    kind: choice('Where validators come from.', ['authorities', 'stake']),
    epoch: epochField('Of the set.'),
    presentEpoch: epochField('Of the next block.'),
    firstHeight: heightField('First block of the epoch.'),
    lastHeight: heightField('Its last block.'),
    seed: hashField('What turns and lotteries of the epoch are drawn from.'),
    totalWeight: unitsField('Sum of the weights of the members.'),
    certificates: nullable(
      epochField(
        'Certificates of the epoch that blocks have told of; null for another epoch than the present one.',
      ),
    ),
    validators: array(
      'The members, the greatest weight first; then, when asked for, the candidates by their stake.',
      validatorJson,
      VALIDATORS_MAX + POOLS_MAX,
    ),
  }),
  errors: ['rpc/validators-none', 'rpc/epoch-unknown'],
  example: {},
  run(view, { epoch: wanted, candidates = false }) {
    const { validators } = view.spec.consensus;
    if (validators === undefined) return refuseRpc('rpc/validators-none');
    const { epochBlocks, kind } = validators;
    const presentEpoch = epochOfHeight(view.status().head.header.height + 1, epochBlocks);
    const epoch = wanted ?? presentEpoch;
    const found = describeValidators(view.state(), epoch, candidates);
    if (found === undefined) return refuseRpc('rpc/epoch-unknown', { got: epoch, now: presentEpoch });
    const { set, certificates = epoch === presentEpoch ? 0 : null } = found;
    return ok({
      kind,
      epoch,
      presentEpoch,
      firstHeight: epochStart(epoch, epochBlocks),
      lastHeight: epochStart(epoch + 1, epochBlocks) - 1,
      seed: toHex(set.seed),
      totalWeight: totalWeight(set),
      certificates,
      validators: found.validators.map((one) => presentValidator(one, presentEpoch, view.spec.addressPrefix)),
    });
  },
});

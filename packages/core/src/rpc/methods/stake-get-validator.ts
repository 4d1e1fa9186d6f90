import { fromHex, toHex } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import { array, choice, type Infer, integer, object, optional } from '../../base/schema.ts';
import { readConvictions } from '../../ledger/stake/convictions.ts';
import { type DescribedValidator, describeValidator } from '../../ledger/stake/describe-validators.ts';
import { CONVICTIONS_MAX } from '../../ledger/stake/limits.ts';
import { keyAddress, parseAddress } from '../../primitives/address.ts';
import { epochOfHeight } from '../../primitives/validator-set.ts';
import { addressField, hashField, heightField } from '../json/fields.ts';
import { epochField, presentValidator, validatorFields } from '../json/validator.ts';
import { defineQuery } from '../method.ts';
import type { NodeView } from '../node-view.ts';
import { refuseRpc } from '../rules.ts';

const params = object('Which validator.', {
  publicKey: optional(hashField('Its key.')),
  address: optional(addressField('The address of its key, as headers name their producer.')),
});

const convictionJson = object('An offence.', {
  epoch: epochField('In whose name it signed.'),
  offence: choice('What it did.', ['double-sign', 'lock-break', 'surround']),
  permille: integer('What it cost, in thousandths.', 0, 1000),
  height: heightField('Of the block that held the evidence.'),
  evidence: hashField('Id of the evidence.'),
});

/** One validator. */
export const stakeGetValidator = defineQuery({
  name: 'stake_getValidator',
  summary: 'Says what is known of a validator.',
  description:
    'Weight and signatures are of the present epoch, that of the next block. state_getProof proves its pool (namespace 5, the 32 bytes of the address of its key) and its offences (namespace 9, its key). A member of the set without a pool is there as long as the set is.',
  params,
  result: object('The validator.', {
    presentEpoch: epochField('Of the next block.'),
    ...validatorFields,
    convictions: array('What it was convicted of, oldest first.', convictionJson, CONVICTIONS_MAX),
  }),
  errors: ['codec/address', 'rpc/validators-none', 'rpc/validator-selector', 'rpc/validator-unknown'],
  example: { publicKey: '8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c' },
  run(view, asked) {
    const { validators } = view.spec.consensus;
    if (validators === undefined) return refuseRpc('rpc/validators-none');
    const presentEpoch = epochOfHeight(view.status().head.header.height + 1, validators.epochBlocks);
    const found = find(view, asked, presentEpoch);
    if (!found.ok) return found;
    const log = readConvictions(view.state(), found.value.publicKey);
    const convictions = log.map(({ id, ...line }) => ({ ...line, evidence: toHex(id) }));
    const shown = presentValidator(found.value, presentEpoch, view.spec.addressPrefix);
    return ok({ presentEpoch, ...shown, convictions });
  },
});

function find(
  view: NodeView,
  { publicKey, address: text }: Infer<typeof params>,
  epoch: number,
): Result<DescribedValidator> {
  if ((publicKey === undefined) === (text === undefined)) return refuseRpc('rpc/validator-selector');
  const address =
    text === undefined
      ? ok(keyAddress(fromHex(publicKey ?? '')))
      : parseAddress(text, view.spec.addressPrefix);
  if (!address.ok) return address;
  const found = describeValidator(view.state(), epoch, address.value);
  return found === undefined
    ? refuseRpc('rpc/validator-unknown', { got: publicKey ?? text ?? '' })
    : ok(found);
}

import { ok } from '../../base/result.ts';
import { array, object, optional } from '../../base/schema.ts';
import { parseAddress } from '../../primitives/address.ts';
import { addressField, assetField, unitsField } from '../json/fields.ts';
import { defineQuery } from '../method.ts';
import { EXAMPLE_ADDRESS } from './examples.ts';

/** Coins of 100,000 different assets are the most that are added up. */
const BALANCES_MAX = 100_001;

/** What an address holds. */
export const accountGetBalance = defineQuery({
  name: 'account_getBalance',
  summary: 'Says what an address holds, by asset.',
  description:
    'Amounts are in base units. What can be spent now is confirmed − outgoing. The native coin is always listed. An address that was never used holds nothing, which is no error.',
  params: object('Whose balance.', {
    address: addressField('The address.'),
    asset: optional(assetField('Only this asset; all when left out.')),
  }),
  result: object('The balances.', {
    balances: array(
      'One for each asset.',
      object('What is held of one asset.', {
        asset: assetField(),
        confirmed: unitsField('In coins that can be spent in the next block, as far as time goes.'),
        immature: unitsField('In rewards that are not mature yet.'),
        incoming: unitsField('What waiting transactions pay to the address.'),
        outgoing: unitsField('What waiting transactions spend of it.'),
      }),
      BALANCES_MAX,
    ),
  }),
  errors: ['codec/address', 'node/no-index', 'node/too-many-coins'],
  example: { address: EXAMPLE_ADDRESS },
  readsIndex: true,
  run(view, { address: text, asset: wanted }) {
    const address = parseAddress(text, view.spec.addressPrefix);
    if (!address.ok) return address;
    const found = view.balances(address.value);
    if (!found.ok) return found;
    const balances = found.value
      .filter(({ asset }) => wanted === undefined || asset === wanted)
      .map(({ asset, confirmed, immature, incoming, outgoing }) => ({
        asset,
        confirmed,
        immature,
        incoming,
        outgoing,
      }));
    if (wanted === undefined || balances.length > 0) return ok({ balances });
    const nothing = { confirmed: 0, immature: 0, incoming: 0, outgoing: 0 };
    return ok({ balances: [{ asset: wanted, ...nothing }] });
  },
});

import { ok } from '../../base/result.ts';
import { array, boolean, type Infer, integer, nullable, object, optional } from '../../base/schema.ts';
import { parseAddress } from '../../primitives/address.ts';
import {
  addressField,
  assetField,
  defaulted,
  heightField,
  outpointJson,
  presentOutpoint,
  readOutpointJson,
  unitsField,
} from '../json/fields.ts';
import { defineQuery } from '../method.ts';
import type { FoundCoin } from '../node-view.ts';
import { EXAMPLE_ADDRESS } from './examples.ts';

const COINS_MAX = 1000;
const COINS = 100;

const coinJson = object('An output that has not been spent.', {
  outpoint: outpointJson,
  asset: assetField(),
  amount: unitsField('Base units.'),
  height: heightField('Height of the block that created it.'),
  reward: boolean('True when it is the reward of a block.'),
  spendableHeight: heightField('First height at which it can be spent.'),
  spentInPool: boolean('True when a waiting transaction spends it.'),
});

/** The coins of an address, a page at a time. */
export const accountGetCoins = defineQuery({
  name: 'account_getCoins',
  summary: 'Lists the coins of an address, a page at a time.',
  description:
    'The order is stable while the head stays. For the next page give `next` of the last one as `after`; it is null on the last page.',
  params: object('Whose coins, and which page.', {
    address: addressField('The address.'),
    limit: defaulted(integer('Coins on the page.', 1, COINS_MAX), COINS),
    after: optional(outpointJson),
  }),
  result: object('A page of coins.', {
    coins: array('The coins.', coinJson, COINS_MAX),
    next: nullable(outpointJson),
  }),
  errors: ['codec/address', 'node/no-index', 'node/page-gone'],
  example: { address: EXAMPLE_ADDRESS, limit: 10 },
  readsIndex: true,
  run(view, { address: text, limit = COINS, after }) {
    const address = parseAddress(text, view.spec.addressPrefix);
    if (!address.ok) return address;
    // One more than is shown tells whether there is a next page.
    const found = view.coins(
      address.value,
      limit + 1,
      after === undefined ? undefined : readOutpointJson(after),
    );
    if (!found.ok) return found;
    const shown = found.value.slice(0, limit);
    const last = found.value.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : presentOutpoint(last.outpoint);
    return ok({ coins: shown.map(presentCoin), next });
  },
});

function presentCoin(coin: FoundCoin): Infer<typeof coinJson> {
  const { outpoint, asset, amount, height, reward, spendableHeight, spentInPool } = coin;
  return { outpoint: presentOutpoint(outpoint), asset, amount, height, reward, spendableHeight, spentInPool };
}

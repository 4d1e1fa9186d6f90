import { array, integer, nullable, object, string } from '../../base/schema.ts';
import { addressField, assetField, unitsField } from '../json/fields.ts';
import {
  afterField,
  INDEX_ERRORS,
  indexedToJson,
  limitField,
  nextField,
  PAGE_MAX,
} from '../json/index-fields.ts';
import { defineHostMethod } from '../method.ts';

/** Who holds how much of an asset. */
export const tokenGetHolders = defineHostMethod({
  name: 'token_getHolders',
  summary: 'Lists the addresses that hold an asset, the largest balance first.',
  description:
    'Balances are the coins of an address; what somebody has staked is in no coin, and so not in the list of the native one.',
  params: object('Which asset, and which page.', {
    asset: assetField(),
    limit: limitField,
    after: afterField,
  }),
  result: object('A page.', {
    indexedTo: indexedToJson,
    asset: assetField(),
    symbol: nullable(string('Symbol of the token; null for the native coin.', { lengthMax: 12 })),
    decimals: integer('Digits shown after the point.', 0, 18),
    supply: unitsField('Base units that exist.'),
    total: integer('Addresses that hold some of it.'),
    holders: array(
      'The largest first.',
      object('A holder.', { address: addressField('Who.'), amount: unitsField('How many base units.') }),
      PAGE_MAX,
    ),
    next: nextField,
  }),
  errors: ['rpc/token-unknown', 'index/cursor', ...INDEX_ERRORS],
  example: { asset: 0, limit: 10 },
});

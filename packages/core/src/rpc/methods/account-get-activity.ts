import { array, boolean, choice, integer, nullable, object, string } from '../../base/schema.ts';
import { addressField, assetField, hashField, heightField, unitsField } from '../json/fields.ts';
import {
  afterField,
  INDEX_ERRORS,
  indexedToJson,
  limitField,
  nextField,
  PAGE_MAX,
} from '../json/index-fields.ts';
import { defineHostMethod } from '../method.ts';
import { EXAMPLE_ADDRESS } from './examples.ts';

/** What transactions did to the coins of an address. */
export const accountGetActivity = defineHostMethod({
  name: 'account_getActivity',
  summary: 'Lists what transactions did to the coins of an address, with amounts and times, newest first.',
  description:
    'One entry for each asset that a transaction moved for the address. Amounts are in base units. What an address agreed to without coins of its own, and coins of the genesis block, are not in it; account_getHistory has the former.',
  params: object('Whose coins, and which page.', {
    address: addressField('The address.'),
    limit: limitField,
    after: afterField,
  }),
  result: object('A page.', {
    indexedTo: indexedToJson,
    entries: array(
      'Newest first.',
      object('What one transaction did to one asset.', {
        txid: hashField('Id of the transaction.'),
        height: heightField('Height of its block.'),
        position: integer('Its position in the block; 0 is the reward.'),
        timeMs: integer('Time of the block, in milliseconds since 1970.'),
        asset: assetField(),
        symbol: nullable(string('Symbol of the token; null for the native coin.', { lengthMax: 12 })),
        decimals: integer('Digits shown after the point.', 0, 18),
        received: unitsField('What its outputs pay to the address.'),
        sent: unitsField('What its inputs take from the address; the change comes back as received.'),
        direction: choice('More received than sent, less, or the same.', ['in', 'out', 'even']),
        reward: boolean('True for the reward of a block.'),
      }),
      PAGE_MAX,
    ),
    next: nextField,
  }),
  errors: ['codec/address', 'index/cursor', ...INDEX_ERRORS],
  example: { address: EXAMPLE_ADDRESS, limit: 10 },
});

import { array, integer, nullable, object, optional, string } from '../../base/schema.ts';
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

/** The tokens of the chain. */
export const tokenList = defineHostMethod({
  name: 'token_list',
  summary: 'Lists tokens, newest first, or those whose symbol or name begins with a text.',
  description:
    'With a text the tokens come in the order of what was found: symbols, names and the words of names that begin with it, in any case. Symbols are not unique, and names are chosen by strangers: the asset id is what tells tokens apart.',
  params: object('Which page.', {
    text: optional(string('The beginning of a symbol, of a name or of a word in it.', { lengthMax: 64 })),
    limit: limitField,
    after: afterField,
  }),
  result: object('A page.', {
    indexedTo: indexedToJson,
    tokens: array(
      'The tokens; with a text each once on a page.',
      object('A token.', {
        asset: assetField('Asset id.'),
        symbol: string('1 to 12 of A-Z and 0-9.', { lengthMax: 12 }),
        name: string('Its name; may be empty.', { lengthMax: 64 }),
        decimals: integer('Digits shown after the point.', 0, 18),
        supply: unitsField('Base units that exist.'),
        supplyMax: unitsField('Most base units that may exist at a time.'),
        minter: nullable(addressField('Who may mint; null when nobody may.')),
        height: heightField('Height of the block that created it.'),
        txid: hashField('The transaction that created it.'),
        holders: integer('Addresses that hold some of it.'),
        movements: integer('Transactions that moved it.'),
      }),
      PAGE_MAX,
    ),
    next: nextField,
  }),
  errors: ['index/cursor', ...INDEX_ERRORS],
  example: { limit: 10 },
});

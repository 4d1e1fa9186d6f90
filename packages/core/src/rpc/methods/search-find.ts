import { array, boolean, choice, integer, nullable, object, string } from '../../base/schema.ts';
import { addressField, assetField, defaulted, hashField, heightField } from '../json/fields.ts';
import { INDEX_ERRORS, indexedToJson } from '../json/index-fields.ts';
import { defineHostMethod } from '../method.ts';

const RESULTS_MAX = 20;
const RESULTS = 10;

/** Whatever a text may mean. */
export const searchFind = defineHostMethod({
  name: 'search_find',
  summary: 'Finds blocks, transactions, addresses and tokens by a text.',
  description:
    'A height, also with # or separators (`1,024`); a block id or transaction id, or 4 digits or more of its beginning; an address, or 4 characters or more after its prefix; the id of a token, or the beginning of its symbol or of a word of its name, in any case. Exact results come first. Names are chosen by strangers and are plain text.',
  params: object('What to look for.', {
    text: string('What somebody typed.', { lengthMax: 200 }),
    limit: defaulted(integer('Results at most.', 1, RESULTS_MAX), RESULTS),
  }),
  result: object('What was found.', {
    indexedTo: indexedToJson,
    results: array(
      'The best first; empty when the text means nothing here.',
      object('Something that was found.', {
        kind: choice('What it is.', ['block', 'transaction', 'address', 'token']),
        exact: boolean('True when the text is the whole of its id, address, height or symbol.'),
        height: nullable(heightField('Of the block, or of the block of the transaction or the token.')),
        id: nullable(hashField('Block id or transaction id; null for others.')),
        position: nullable(integer('Where the transaction is in its block; null for others.')),
        address: nullable(addressField('The address; null for others.')),
        asset: nullable(assetField('Asset id of the token; null for others.')),
        symbol: nullable(string('Symbol of the token; null for others.', { lengthMax: 12 })),
        name: nullable(string('Name of the token; null for others.', { lengthMax: 64 })),
      }),
      RESULTS_MAX,
    ),
  }),
  errors: [...INDEX_ERRORS],
  example: { text: '1' },
});

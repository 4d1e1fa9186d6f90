import { array, integer, object, optional, string } from '../../base/schema.ts';
import {
  afterField,
  INDEX_ERRORS,
  indexedToJson,
  limitField,
  nextField,
  PAGE_MAX,
} from '../json/index-fields.ts';
import { tokenFields } from '../json/token-fields.ts';
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
        ...tokenFields,
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

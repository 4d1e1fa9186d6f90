import { type Infer, integer, nullable, object, optional, string } from '../../base/schema.ts';
import { defaulted, hashField, heightField } from './fields.ts';

/** Rows on a page at most. */
export const PAGE_MAX = 100;
/** Rows on a page when nothing is said. */
export const PAGE = 25;

/** Up to which block an answer of the index is right. */
export const indexedToJson = object('The last block in the index: the answer is of the chain up to it.', {
  height: heightField('Its height; compare with the head of node_status.'),
  id: hashField('Its id.'),
});

/** See {@link indexedToJson}. */
export type IndexedToJson = Infer<typeof indexedToJson>;

/** How many rows to give. */
export const limitField = defaulted(integer('Rows on the page.', 1, PAGE_MAX), PAGE);

const cursor = string('A cursor.', { lengthMax: 2_048, pattern: '^([0-9a-f]{2})+$' });

/** Where a page begins. */
export const afterField = optional({
  ...cursor,
  json: { ...cursor.json, description: '`next` of the page before; left out for the first page.' },
});

/** Where the next page begins. */
export const nextField = nullable({
  ...cursor,
  json: { ...cursor.json, description: 'To be given as `after` for the next page; null on the last one.' },
});

/** Why any method that reads the index may refuse. */
export const INDEX_ERRORS = ['index/off', 'index/away', 'index/empty', 'node/busy'] as const;

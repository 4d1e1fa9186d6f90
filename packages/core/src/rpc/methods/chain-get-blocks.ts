import { array, integer, nullable, object, optional, string } from '../../base/schema.ts';
import { addressField, hashField, heightField, unitsField } from '../json/fields.ts';
import { INDEX_ERRORS, indexedToJson, limitField, PAGE_MAX } from '../json/index-fields.ts';
import { defineHostMethod } from '../method.ts';

/** Blocks with what is worth a column. */
export const chainGetBlocks = defineHostMethod({
  name: 'chain_getBlocks',
  summary: 'Lists blocks of the best branch with producer, transactions, fees and size, newest first.',
  description:
    'Amounts are in hugs. For the next page give `next` as `before`; it is null after the genesis block.',
  params: object('Which page.', {
    limit: limitField,
    before: optional(heightField('Only blocks below this height; the newest when left out.')),
  }),
  result: object('A page.', {
    indexedTo: indexedToJson,
    blocks: array(
      'Newest first.',
      object('A block.', {
        height: heightField('Its height.'),
        id: hashField('Its id.'),
        timeMs: integer('Milliseconds since 1970.'),
        producer: addressField('Who made it.'),
        transactions: integer('Transactions, the reward included.'),
        fees: unitsField('What its transactions paid, the burned part included.'),
        burned: unitsField('What was burned in it, by fees and otherwise.'),
        issued: unitsField('What was newly made in it.'),
        bytes: integer('Size of the whole block.'),
        gasUsed: integer('Gas of all transactions.'),
        baseFee: unitsField('Hugs burned per gas.'),
        weight: string(
          'What it adds to its branch, in decimal digits: its difficulty where blocks are made by work.',
          {
            lengthMax: 80,
          },
        ),
      }),
      PAGE_MAX,
    ),
    next: nullable(heightField('To be given as `before`.')),
  }),
  errors: [...INDEX_ERRORS],
  example: { limit: 10 },
});

import { array, integer, object } from '../../base/schema.ts';
import { addressField, heightField, unitsField } from '../json/fields.ts';
import {
  afterField,
  INDEX_ERRORS,
  indexedToJson,
  limitField,
  nextField,
  PAGE_MAX,
} from '../json/index-fields.ts';
import { defineHostMethod } from '../method.ts';

/** Who made the blocks. */
export const producerList = defineHostMethod({
  name: 'producer_list',
  summary: 'Lists who made blocks, with how many, most first.',
  description:
    'Of the best branch since genesis. What validators have staked, and whether they are jailed, is told by stake_getValidators.',
  params: object('Which page.', { limit: limitField, after: afterField }),
  result: object('A page.', {
    indexedTo: indexedToJson,
    total: integer('Blocks that were made after the genesis block.'),
    producers: array(
      'Most blocks first.',
      object('A producer.', {
        address: addressField('As the headers of its blocks name it.'),
        blocks: integer('Blocks that it made.'),
        tips: unitsField('Fees of its blocks without what was burned, in hugs.'),
        firstHeight: heightField('Its first block.'),
        lastHeight: heightField('Its last block.'),
        lastTimeMs: integer('Time of its last block, in milliseconds since 1970.'),
      }),
      PAGE_MAX,
    ),
    next: nextField,
  }),
  errors: ['index/cursor', ...INDEX_ERRORS],
  example: { limit: 10 },
});

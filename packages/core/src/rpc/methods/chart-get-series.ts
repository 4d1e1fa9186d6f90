import { array, integer, object, optional, string } from '../../base/schema.ts';
import { defaulted, heightField, unitsField } from '../json/fields.ts';
import { INDEX_ERRORS, indexedToJson } from '../json/index-fields.ts';
import { defineHostMethod } from '../method.ts';

const POINTS_MAX = 500;
const POINTS = 200;

/** What charts are drawn from. */
export const chartGetSeries = defineHostMethod({
  name: 'chart_getSeries',
  summary: 'Gives the figures of a stretch of blocks in at most 500 points, for charts.',
  description:
    'The stretch is divided into buckets of 1, 2 or 5 times a power of ten blocks, which end at multiples of that; the first and the last may be shorter. Sums and means are over all blocks of a bucket, whatever its length; amounts are in hugs. Sums above 2^53 − 1 are given as that.',
  params: object('Which stretch.', {
    from: optional(heightField('The first block, 1 or more; 1 when left out.')),
    to: optional(heightField('The last block; the last in the index when left out.')),
    points: defaulted(integer('Points at most.', 2, POINTS_MAX), POINTS),
  }),
  result: object('The series.', {
    indexedTo: indexedToJson,
    from: heightField('The first block.'),
    to: heightField('The last block.'),
    bucketBlocks: integer('Blocks of a whole bucket.', 1),
    points: array(
      'Oldest first; empty while there is only the genesis block.',
      object('A bucket.', {
        height: heightField('Its last block.'),
        blocks: integer('How many blocks it has.', 1),
        timeMs: integer('Time of its last block, in milliseconds since 1970.'),
        blockTimeMs: integer('Mean time from block to block.'),
        transactions: integer('Transactions, rewards included.'),
        fees: unitsField('What transactions paid.'),
        burned: unitsField('What was burned.'),
        issued: unitsField('What was newly made.'),
        supply: unitsField('What exists after it.'),
        staked: unitsField('What of that is in no coin: staked, or on its way out.'),
        weight: string(
          'Mean weight of a block, in decimal digits: the difficulty where blocks are made by work.',
          {
            lengthMax: 80,
          },
        ),
        bytes: integer('Size of all its blocks.'),
        gasUsed: integer('Gas of all transactions.'),
        baseFee: unitsField('Hugs burned per gas in its last block.'),
      }),
      POINTS_MAX,
    ),
  }),
  errors: ['rpc/block-unknown', ...INDEX_ERRORS],
  example: { points: 100 },
});

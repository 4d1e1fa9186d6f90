import { toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { array, integer, object, string } from '../../base/schema.ts';
import { formatAddress } from '../../primitives/address.ts';
import { addressField, defaulted, hashField, heightField } from '../json/fields.ts';
import { SIDES_MAX } from '../limits.ts';
import { defineQuery } from '../method.ts';

/** The blocks that lost, for now. */
export const chainGetSides = defineQuery({
  name: 'chain_getSides',
  summary: 'Lists the blocks beside the best branch that could still win.',
  description:
    'Each names the block before it, so that branches can be drawn. Of a branch that was taken back in a reorganisation the blocks are here too, until one of their height is final. Each node has seen other ones.',
  params: object('How many.', { limit: defaulted(integer('Blocks at most.', 1, SIDES_MAX), 100) }),
  result: object('Side blocks, and where the best branch is.', {
    head: object('The last block of the best branch.', {
      height: heightField('Its height.'),
      id: hashField('Its id.'),
    }),
    finalHeight: heightField('Height of the last block that can no longer be undone.'),
    weight: string('Weight of the best branch, a decimal number that may exceed 2^53.', { lengthMax: 80 }),
    blocks: array(
      'The highest first.',
      object('A side block.', {
        id: hashField('Its id.'),
        parent: hashField('Id of the block before.'),
        height: heightField('Its height.'),
        timeMs: integer('Its header time, in milliseconds since 1970.'),
        producer: addressField('Who made it.'),
        weight: string('Weight of its branch up to it, a decimal number.', { lengthMax: 80 }),
      }),
      SIDES_MAX,
    ),
  }),
  errors: [],
  example: { limit: 10 },
  run(view, { limit = 100 }) {
    const { head, final, weight } = view.status();
    const blocks = view.sides(limit).map(({ id, header, weight }) => ({
      id: toHex(id),
      parent: toHex(header.parent),
      height: header.height,
      timeMs: header.timeMs,
      producer: formatAddress(header.producer, view.spec.addressPrefix),
      weight,
    }));
    return ok({
      head: { height: head.header.height, id: toHex(head.id) },
      finalHeight: final.height,
      weight,
      blocks,
    });
  },
});

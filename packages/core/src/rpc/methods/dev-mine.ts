import { ok } from '../../base/result.ts';
import { array, integer, object } from '../../base/schema.ts';
import { defaulted, hashField } from '../json/fields.ts';
import { defineCommand } from '../method.ts';

const BLOCKS_MAX = 1000;
const BLOCKS = 1;

/** Makes blocks at once. */
export const devMine = defineCommand({
  name: 'dev_mine',
  summary: 'Makes blocks, whatever waits.',
  description:
    'Blocks keep to the slots of the chain, so many of them take their time. Answered when all are made.',
  params: object('How many.', { blocks: defaulted(integer('Blocks to make.', 1, BLOCKS_MAX), BLOCKS) }),
  result: array('Ids of the new blocks, oldest first.', hashField('Id of a block.'), BLOCKS_MAX),
  errors: ['rpc/dev-only', 'node/cannot-produce', 'node/not-sealed', 'node/busy', 'node/not-alive'],
  example: { blocks: 3 },
  devOnly: true,
  request: (_view, { blocks = BLOCKS }) => ok({ kind: 'mine', blocks }),
  present: (_view, answer) => answer as readonly string[],
});

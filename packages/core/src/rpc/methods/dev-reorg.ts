import { ok } from '../../base/result.ts';
import { array, integer, object } from '../../base/schema.ts';
import { hashField } from '../json/fields.ts';
import { defineCommand } from '../method.ts';

const DEPTH_MAX = 1000;

/** Replaces the last blocks. */
export const devReorg = defineCommand({
  name: 'dev_reorg',
  summary: 'Replaces the last blocks by a longer branch of empty ones.',
  description:
    'For testing what a program does when a block it has seen is undone. Only blocks that are not final can be replaced; their transactions wait again.',
  params: object('How deep.', { depth: integer('Blocks to replace.', 1, DEPTH_MAX) }),
  result: array('Ids of the new blocks, oldest first.', hashField('Id of a block.'), DEPTH_MAX + 1),
  errors: ['rpc/dev-only', 'node/reorg-depth', 'node/cannot-produce', 'node/busy', 'node/not-alive'],
  example: { depth: 1 },
  devOnly: true,
  request: (_view, { depth }) => ok({ kind: 'reorg', depth }),
  present: (_view, answer) => answer as readonly string[],
});

import { choice, integer, nullable, object, string } from '../../base/schema.ts';
import { heightField, noParams } from '../json/fields.ts';
import { indexedToJson } from '../json/index-fields.ts';
import { defineHostMethod } from '../method.ts';

/** What the index of the explorer is doing. */
export const indexStatus = defineHostMethod({
  name: 'index_status',
  summary: 'Says whether the full index is kept, where, and how far it is.',
  description:
    'The index follows the head in a thread of its own and never holds the node up; answers that read it say up to which block they are right. See docs/reference/index.md.',
  params: noParams,
  result: object('The index.', {
    kind: choice('Where it is kept.', ['off', 'embedded', 'postgres']),
    state: choice(
      'What it is doing: following the head, catching up with it, or why it does not: its database is away, another node writes it, or it has stopped.',
      ['off', 'starting', 'following', 'catching-up', 'reading', 'away', 'stopped'],
    ),
    indexedTo: nullable(indexedToJson),
    headHeight: heightField('Of the node.'),
    blocksBehind: integer('Blocks that it lacks.'),
    blocksPerSecond: integer('How fast it goes while it is catching up; 0 otherwise.'),
    problem: nullable(
      object('Why it does not go on.', {
        rule: string('The rule.', { lengthMax: 80 }),
        message: string('What is wrong.', { lengthMax: 500 }),
        why: string('What the database said, or which block is missing.', { lengthMax: 500 }),
      }),
    ),
  }),
  errors: ['node/busy'],
  example: {},
});

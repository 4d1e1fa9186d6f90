import { ok } from '../../base/result.ts';
import { object, string } from '../../base/schema.ts';
import { hashField, noParams } from '../json/fields.ts';
import { defineCommand } from '../method.ts';

/** Remembers the head. */
export const devSnapshot = defineCommand({
  name: 'dev_snapshot',
  summary: 'Remembers the head, so that dev_revert can go back to it.',
  description: 'The last 1,024 snapshots are remembered until the node stops.',
  params: noParams,
  result: object('The snapshot.', {
    snapshot: string('What to give to dev_revert.', { lengthMax: 32 }),
    head: hashField('Id of the head.'),
  }),
  errors: ['rpc/dev-only', 'node/not-alive'],
  example: {},
  devOnly: true,
  request: () => ok({ kind: 'snapshot' }),
  present: (_view, answer) => answer as { snapshot: string; head: string },
});

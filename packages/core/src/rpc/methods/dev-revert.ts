import { ok } from '../../base/result.ts';
import { object, string } from '../../base/schema.ts';
import { hashField } from '../json/fields.ts';
import { defineCommand } from '../method.ts';

/** Goes back to a snapshot. */
export const devRevert = defineCommand({
  name: 'dev_revert',
  summary: 'Goes back to a snapshot: the blocks after it are gone.',
  description: 'A snapshot can be used once; those taken after it are gone as well.',
  params: object('Where to go back to.', {
    snapshot: string('What dev_snapshot answered.', { lengthMax: 32 }),
  }),
  result: object('The new head.', { head: hashField('Id of the head.') }),
  errors: ['rpc/dev-only', 'node/unknown-snapshot', 'node/not-alive'],
  example: { snapshot: '1' },
  devOnly: true,
  request: (_view, { snapshot }) => ok({ kind: 'revert', snapshot }),
  present: (_view, answer) => answer as { head: string },
});

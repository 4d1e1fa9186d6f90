import { ok } from '../../base/result.ts';
import { integer, object } from '../../base/schema.ts';
import { defineCommand } from '../method.ts';

/** The end of the year 9999, as for a genesis block: later ones leave no room for a date of the blocks after them. */
const TIME_MS_MAX = 253_402_300_799_999;

const timeField = integer('Milliseconds since 1970.', 0, TIME_MS_MAX);

/** Moves the node's time. */
export const devSetTime = defineCommand({
  name: 'dev_setTime',
  summary: "Sets the node's time, which runs on from there.",
  description: 'It must be later than the head. Timelocks and the times of blocks follow it.',
  params: object('The new time.', { timeMs: timeField }),
  result: object('The new time.', { timeMs: timeField }),
  errors: ['rpc/dev-only', 'node/time-goes-back', 'node/not-alive'],
  example: { timeMs: 1_900_000_000_000 },
  devOnly: true,
  request: (_view, { timeMs }) => ok({ kind: 'set-time', timeMs }),
  present: (_view, answer) => answer as { timeMs: number },
});

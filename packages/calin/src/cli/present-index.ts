import type { ResultOf } from '@calin/core/rpc/method.ts';
import type { Methods } from '@calin/core/rpc/methods.ts';

/** What index_status answers. */
export type IndexStatus = ResultOf<Methods['index_status']>;

const HOMES = { off: 'off', embedded: 'in the data folder', postgres: 'in PostgreSQL' } as const;

const STATES = {
  off: 'off',
  starting: 'starting',
  following: 'at the head',
  'catching-up': 'catching up',
  reading: 'another node writes it; it is read here',
  away: 'its database is away',
  stopped: 'it does not go on',
} as const;

/** The state of the full index for people. */
export function formatIndex(status: IndexStatus): string {
  const { kind, state, indexedTo, headHeight, blocksBehind, blocksPerSecond, problem } = status;
  if (kind === 'off') return 'The full index is off. A node keeps it with --index full.';
  const blocks = blocksBehind === 1 ? 'block' : 'blocks';
  const behind = blocksBehind === 0 ? '' : `, ${blocksBehind} ${blocks} behind the head`;
  const speed = blocksPerSecond === 0 ? '' : ` (${blocksPerSecond} blocks per second)`;
  const lines = [
    ['Full index', HOMES[kind]],
    ['State', `${STATES[state]}${speed}`],
    ['Up to block', `${indexedTo?.height ?? 'none'} of ${headHeight}${behind}`],
    ...(problem === null ? [] : [['Problem', `${problem.message} ${problem.why}`.trim()]]),
  ];
  return lines.map(([name = '', text]) => `${name.padEnd(13)}${text}`).join('\n');
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatIndex, type IndexStatus } from './present-index.ts';

const status: IndexStatus = {
  kind: 'embedded',
  state: 'following',
  indexedTo: { height: 12, id: '00'.repeat(32) },
  headHeight: 12,
  blocksBehind: 0,
  blocksPerSecond: 0,
  problem: null,
};

test('the index tells people where it is, how far, and what is wrong', () => {
  assert.equal(
    formatIndex(status),
    'Full index   in the data folder\nState        at the head\nUp to block  12 of 12',
  );
  const behind = {
    ...status,
    state: 'catching-up',
    headHeight: 40,
    blocksBehind: 28,
    blocksPerSecond: 7,
  } as const;
  assert.match(
    formatIndex(behind),
    /catching up \(7 blocks per second\)\nUp to block {2}12 of 40, 28 blocks behind the head/,
  );
  const problem = { rule: 'index/database', message: 'It was not reached.', why: 'refused' };
  const away = {
    ...status,
    kind: 'postgres',
    state: 'away',
    indexedTo: null,
    headHeight: 0,
    blocksBehind: 1,
    problem,
  } as const;
  assert.match(
    formatIndex(away),
    /in PostgreSQL[\s\S]*none of 0, 1 block behind[\s\S]*It was not reached\. refused/,
  );
  assert.match(formatIndex({ ...status, kind: 'off', state: 'off' }), /off.*--index full/);
});

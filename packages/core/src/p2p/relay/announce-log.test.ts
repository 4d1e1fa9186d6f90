import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AnnounceLog } from './announce-log.ts';
import { ANNOUNCE_LOG_MAX } from './limits.ts';

it('the log of announcements gives each number its txid, and forgets the oldest', () => {
  const log = new AnnounceLog();
  const txid = (i: number) => Uint8Array.of(i & 0xff, i >> 8, i >> 16);
  for (let i = 1; i <= 3 * ANNOUNCE_LOG_MAX; i++) {
    assert.equal(log.push(txid(i)), i);
    assert.deepEqual(log.at(i), txid(i));
    if (i <= ANNOUNCE_LOG_MAX) assert.equal(log.start, 1);
  }
  assert.equal(log.end - log.start, ANNOUNCE_LOG_MAX);
  for (const i of [log.start, log.start + 1_000, log.end - 1]) assert.deepEqual(log.at(i), txid(i));
  assert.throws(() => log.at(log.start - 1));
  assert.throws(() => log.at(log.end));
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { stakeVectors } from './vectors.ts';

test('the vectors of stake are those that were reviewed', () => {
  const path = new URL('../../../../../vectors/ledger-stake.json', import.meta.url);
  assert.deepEqual({ stake: stakeVectors() }, JSON.parse(readFileSync(path, 'utf8')));
});

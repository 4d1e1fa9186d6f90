import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { specVectors } from './vectors.ts';

it('the vectors of specs are those that were reviewed', () => {
  const path = new URL('../../../../vectors/spec.json', import.meta.url);
  assert.deepEqual({ spec: specVectors() }, JSON.parse(readFileSync(path, 'utf8')));
});

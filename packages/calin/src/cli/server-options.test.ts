import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverChoice } from './server-options.ts';

test('origins are a list, and one that no browser sends is refused', () => {
  assert.deepEqual(serverChoice({ 'allow-origin': undefined }), { ok: true, value: { allowedOrigins: [] } });
  assert.deepEqual(serverChoice({ 'allow-origin': 'https://a.example, http://localhost:3000,*' }), {
    ok: true,
    value: { allowedOrigins: ['https://a.example', 'http://localhost:3000', '*'] },
  });
  for (const wrong of [
    'https://a.example/',
    'a.example',
    'https://A.example',
    'https://a.example:443',
    'null',
  ]) {
    const refused = serverChoice({ 'allow-origin': wrong });
    assert.equal(refused.ok ? '' : refused.error.rule, 'cli/option-value', wrong);
  }
});

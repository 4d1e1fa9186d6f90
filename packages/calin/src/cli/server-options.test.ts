import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { serverChoice } from './server-options.ts';

const VALUES = {
  'allow-origin': undefined,
  anonymous: 'read',
  'rate-limit': 7,
  'tls-cert': undefined,
  'tls-key': undefined,
  'no-pages': false,
};

test('origins are a list, and one that no browser sends is refused', () => {
  const anonymous = { anonymous: 'read', anonymousCallsPerSecond: 7 };
  assert.deepEqual(serverChoice(VALUES), {
    ok: true,
    value: { allowedOrigins: [], anonymous, tls: undefined, pages: true },
  });
  const bare = serverChoice({ ...VALUES, 'no-pages': true });
  assert.equal(bare.ok && bare.value.pages, false);
  const some = serverChoice({ ...VALUES, 'allow-origin': 'https://a.example, http://localhost:3000,*' });
  assert.deepEqual(some.ok && some.value.allowedOrigins, ['https://a.example', 'http://localhost:3000', '*']);
  for (const wrong of [
    'https://a.example/',
    'a.example',
    'https://A.example',
    'https://a.example:443',
    'null',
  ]) {
    const refused = serverChoice({ ...VALUES, 'allow-origin': wrong });
    assert.equal(refused.ok ? '' : refused.error.rule, 'cli/option-value', wrong);
  }
});

test('a certificate comes with its key, from files that can be read', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'calin-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(cert, 'C');
  const alone = serverChoice({ ...VALUES, 'tls-cert': cert });
  assert.equal(alone.ok ? '' : alone.error.rule, 'cli/missing');
  const absent = serverChoice({ ...VALUES, 'tls-cert': cert, 'tls-key': key });
  assert.equal(absent.ok ? '' : absent.error.rule, 'cli/file');
  writeFileSync(key, 'K');
  const both = serverChoice({ ...VALUES, 'tls-cert': cert, 'tls-key': key });
  assert.deepEqual(both.ok && both.value.tls, { cert: 'C', key: 'K' });
});

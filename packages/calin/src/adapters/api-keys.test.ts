import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ApiKeys, createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'calin-keys-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function create(folder: string, name = 'shop') {
  const made = createApiKey(folder, { name, role: 'submit', callsPerSecond: 5 }, 1000);
  assert(made.ok);
  return made.value;
}

test('a key opens what it was made for, and its secret is nowhere on disk', (t) => {
  const folder = folderOf(t);
  const { key, kept } = create(folder);
  const keys = new ApiKeys(folder, () => 0);
  assert.deepEqual(keys.find(key), kept);
  assert.equal(kept.role, 'submit');
  const text = readFileSync(join(folder, 'api-keys.json'), 'utf8');
  assert(!text.includes(key.split('_')[2] as string));
  if (process.platform !== 'win32') assert.equal(statSync(join(folder, 'api-keys.json')).mode & 0o777, 0o600);
});

test('whatever is not the key opens nothing', (t) => {
  const folder = folderOf(t);
  const [one, two] = [create(folder).key, create(folder, 'other').key];
  const keys = new ApiKeys(folder, () => 0);
  const [, id, secret = ''] = one.split('_');
  const last = secret.endsWith('0') ? '1' : '0';
  const wrong = [
    '',
    'calin',
    one.toUpperCase(),
    `${one} `,
    one.slice(0, -1),
    `${one.slice(0, -1)}${last}`,
    `calin_${id}_${two.split('_')[2]}`,
    `calin_${'0'.repeat(16)}_${secret}`,
    `calin_${id}_`,
    'x'.repeat(100_000),
  ];
  for (const sent of wrong) assert.equal(keys.find(sent), undefined, sent.slice(0, 100));
  assert(keys.find(one) && keys.find(two));
  assert.equal(new ApiKeys(join(folder, 'nowhere'), () => 0).find(one), undefined);
});

test('a running node hears within a second of new keys and of revoked ones', (t) => {
  const folder = folderOf(t);
  let nowMs = 0;
  const keys = new ApiKeys(folder, () => nowMs);
  assert.equal(keys.find('calin'), undefined);
  const { key, kept } = create(folder);
  nowMs = 1000;
  assert(keys.find(key));
  const revoked = revokeApiKey(folder, kept.id);
  assert(revoked.ok);
  nowMs = 2000;
  assert.equal(keys.find(key), undefined);
  assert.deepEqual(listApiKeys(folder), { ok: true, value: [] });
  const again = revokeApiKey(folder, kept.id);
  assert.equal(again.ok ? '' : again.error.rule, 'key/unknown');
});

test('a file that is damaged opens nothing and is not written over', (t) => {
  const folder = folderOf(t);
  const { key } = create(folder);
  writeFileSync(join(folder, 'api-keys.json'), '{"keys":');
  assert.equal(new ApiKeys(folder, () => 0).find(key), undefined);
  for (const result of [
    listApiKeys(folder),
    createApiKey(folder, { name: 'a', role: 'read', callsPerSecond: 0 }, 0),
  ]) {
    assert.equal(result.ok ? '' : result.error.rule, 'key/file');
  }
  assert.equal(readFileSync(join(folder, 'api-keys.json'), 'utf8'), '{"keys":');
});

test('names are short and plain', (t) => {
  const folder = folderOf(t);
  for (const name of ['', 'a\nb', '<b>', 'x'.repeat(65)]) {
    const made = createApiKey(folder, { name, role: 'read', callsPerSecond: 0 }, 0);
    assert.equal(made.ok ? '' : made.error.rule, 'json/range', name);
  }
});

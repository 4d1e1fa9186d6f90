import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { syncFiles } from './generated.ts';
import { formatVectors } from './vectors.ts';

test('files are written once, and a check reports what differs without writing', () => {
  const root = mkdtempSync(join(tmpdir(), 'calin-generated-'));
  try {
    const files = [{ path: 'deep/a.md', text: 'one\n' }];
    assert.deepEqual(syncFiles(files, { check: true, root }), ['deep/a.md']);
    assert.deepEqual(syncFiles(files, { check: false, root }), ['deep/a.md']);
    assert.equal(readFileSync(join(root, 'deep/a.md'), 'utf8'), 'one\n');
    assert.deepEqual(syncFiles(files, { check: true, root }), []);
    const changed = [{ path: 'deep/a.md', text: 'two\n' }];
    assert.deepEqual(syncFiles(changed, { check: true, root }), ['deep/a.md']);
    assert.equal(readFileSync(join(root, 'deep/a.md'), 'utf8'), 'one\n');
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('vectors carry bytes as hexadecimal and refuse what JSON would lose', () => {
  const text = formatVectors({ b: [{ bytes: Uint8Array.of(0, 255), big: 2n ** 64n }], a: [] });
  assert.deepEqual(JSON.parse(text), { b: [{ bytes: '00ff', big: '18446744073709551616' }], a: [] });
  assert.ok(text.indexOf('"b"') < text.indexOf('"a"'), 'the order of keys is kept');
  assert.throws(() => formatVectors({ a: Number.NaN }), /at "a"/);
  assert.throws(() => formatVectors({ a: [new Map()] }), /JSON cannot carry/);
});

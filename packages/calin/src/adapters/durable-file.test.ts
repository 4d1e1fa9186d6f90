import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { writeDurably } from './durable-file.ts';
import { temporaryFolder } from './level-store.testing.ts';

describe('writeDurably', () => {
  it('replaces the content and leaves nothing else behind', () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'file');
    for (const content of ['one', 'a second, longer one', '3']) {
      writeDurably(file, content);
      assert.equal(readFileSync(file, 'utf8'), content);
    }
    assert.deepEqual(readdirSync(folder.path), ['file']);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('keeps what was there when it fails', () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'file'));
    assert.throws(() => writeDurably(join(folder.path, 'file'), 'one'), { code: /EISDIR|EEXIST|EPERM/ });
    assert.deepEqual(readdirSync(folder.path), ['file']);
  });
});

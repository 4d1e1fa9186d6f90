import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRunningNode, removeRunningNode, writeRunningNode } from './running-node-file.ts';

test('a node’s address is found until it is removed; nonsense is no address', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'calin-running-'));
  context.after(() => rmSync(folder, { recursive: true }));
  assert.equal(readRunningNode(folder), undefined);
  writeRunningNode(folder, 'http://127.0.0.1:1234');
  assert.equal(readRunningNode(folder), 'http://127.0.0.1:1234');
  removeRunningNode(folder);
  removeRunningNode(folder);
  assert.equal(readRunningNode(folder), undefined);
  for (const text of ['', '{', '{}', 'null', '{"url": 5}', '{"url": "file:///etc/passwd"}']) {
    writeFileSync(join(folder, 'rpc.json'), text);
    assert.equal(readRunningNode(folder), undefined, text);
  }
});

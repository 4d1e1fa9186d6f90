import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { loadPeerKey } from './peer-key.ts';

describe('the key of a peer', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'calin-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is made at the first start, for its owner alone, and is the same afterwards', async () => {
    const path = join(folder, 'network.key');
    const first = await loadPeerKey(path);
    assert.ok(first.ok);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const bytes = readFileSync(path);
    const second = await loadPeerKey(path);
    assert.ok(second.ok);
    assert.ok(second.value.equals(first.value));
    assert.deepEqual(readFileSync(path), bytes);
    const other = await loadPeerKey(join(folder, 'other.key'));
    assert.ok(other.ok && !other.value.equals(first.value));
  });

  it('is never replaced by a new one when its file is damaged', async () => {
    const path = join(folder, 'network.key');
    await loadPeerKey(path);
    const whole = readFileSync(path);
    for (const damaged of [new Uint8Array(0), whole.subarray(0, 20), Buffer.from('not a key')]) {
      writeFileSync(path, damaged);
      const refused = await loadPeerKey(path);
      assert.equal(refused.ok ? '' : refused.error.rule, 'folder/malformed');
      assert.deepEqual(new Uint8Array(readFileSync(path)), new Uint8Array(damaged));
    }
  });

  it('refuses a folder that is not there', async () => {
    const refused = await loadPeerKey(join(folder, 'absent', 'network.key'));
    assert.equal(refused.ok ? '' : refused.error.rule, 'folder/io');
  });
});

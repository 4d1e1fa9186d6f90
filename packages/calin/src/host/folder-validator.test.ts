import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Result } from '@calin/core/base/result.ts';
import type { LogEntry } from '@calin/core/ports/log.ts';
import { openDataFolder } from '../adapters/data-folder.ts';
import { ensureDevFolder } from './dev-network.ts';
import { FolderValidator } from './folder-validator.ts';
import { openNode } from './open-node.ts';

function temporary(context: TestContext): string {
  const path = join(mkdtempSync(join(tmpdir(), 'calin-validator-')), 'data');
  context.after(() => rmSync(join(path, '..'), { recursive: true, force: true }));
  return path;
}

/** A data folder whose chain has been begun. */
async function folderWithChain(context: TestContext): Promise<string> {
  const path = temporary(context);
  assert.ok(ensureDevFolder(path, Date.now()).ok);
  const folder = openDataFolder(path);
  assert.ok(folder.ok);
  const log = { write: () => {} };
  const node = await openNode({
    folder: folder.value,
    production: { kind: 'off' },
    signer: undefined,
    port: 0,
    log,
  });
  assert.ok(node.ok);
  await node.value.stop();
  return path;
}

function validatorOf(folder: string) {
  const logs: LogEntry[] = [];
  const validator = new FolderValidator({ folder }, { log: { write: (entry) => logs.push(entry) } });
  const validate = () => new Promise<Result<boolean>>((resolve) => validator.validate(resolve));
  return { validator, validate, logs };
}

const ruleOf = (result: Result<boolean>) => (result.ok ? undefined : result.error.rule);

test('one validation runs at a time, and another one after it', async (t) => {
  const { validate } = validatorOf(await folderWithChain(t));
  const [first, second] = await Promise.all([validate(), validate()]);
  assert.deepEqual(first, { ok: true, value: true });
  assert.equal(ruleOf(second), 'line/validating');
  assert.deepEqual(await validate(), { ok: true, value: true });
});

test('a folder that cannot be read is neither valid nor invalid', async (t) => {
  const { validate, logs } = validatorOf(temporary(t));
  const refused = await validate();
  assert.equal(refused.ok, false);
  assert.equal(ruleOf(refused), 'folder/not-found');
  assert.deepEqual(logs, []);
});

test('closing ends a validation and leaves no copy behind', async (t) => {
  const path = await folderWithChain(t);
  const { validator, validate } = validatorOf(path);
  const running = validate();
  await validator.close();
  const ended = await running;
  assert.ok(ended.ok || ended.error.rule === 'line/cannot-validate');
  assert.deepEqual(
    readdirSync(path).filter((name) => name.startsWith('verify-')),
    [],
  );
  assert.equal(ruleOf(await validate()), 'line/cannot-validate');
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fromRoot } from './lib/workspace.ts';

/** A folder with the launcher alone. */
function makeFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'calin-launcher-'));
  context.after(() => rmSync(folder, { recursive: true }));
  copyFileSync(fromRoot('calin'), join(folder, 'calin'));
  return folder;
}

/** A program that says it is this version of Node, and otherwise prints what it was asked to run. */
function writeNode(path: string, major: number): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = -p ]; then echo ${major}; else echo "v${major}:" "$@"; fi\n`);
  chmodSync(path, 0o755);
}

function run(launcher: string, path = '/usr/bin:/bin', args: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync('/bin/sh', [launcher, ...args], {
    encoding: 'utf8',
    env: { PATH: path },
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

test('without dependencies it says what to run', (context) => {
  const folder = makeFolder(context);
  const { status, stderr } = run(join(folder, 'calin'));
  assert.equal(status, 1);
  assert.match(stderr, /^calin: .* run: npm ci$/);
});

test('it runs the pinned Node with all arguments, also through links from elsewhere', (context) => {
  const folder = makeFolder(context);
  writeNode(join(folder, 'node_modules/.bin/node'), 24);
  const main = `--initial-heap-size=128 --max-semi-space-size=8 ${join(folder, 'packages/calin/src/cli/main.ts')}`;
  const args = ['send', '--memo', 'two  words'];
  assert.equal(run(join(folder, 'calin'), undefined, args).stdout, `v24: ${main} send --memo two  words`);
  mkdirSync(join(folder, 'bin'));
  symlinkSync('../calin', join(folder, 'bin/relative'));
  symlinkSync(join(folder, 'bin/relative'), join(folder, 'bin/absolute'));
  assert.equal(run(join(folder, 'bin/absolute')).stdout, `v24: ${main}`);
});

test('without the pinned Node it takes that of the machine from version 24 on', (context) => {
  const folder = makeFolder(context);
  mkdirSync(join(folder, 'node_modules'));
  const path = `${join(folder, 'machine')}:/usr/bin:/bin`;
  writeNode(join(folder, 'machine/node'), 25);
  assert.match(run(join(folder, 'calin'), path).stdout, /^v25: .*main\.ts$/);
  writeNode(join(folder, 'machine/node'), 22);
  const old = run(join(folder, 'calin'), path);
  assert.equal(old.status, 1);
  assert.match(old.stderr, /^calin: this machine needs Node\.js 24 or newer/);
});

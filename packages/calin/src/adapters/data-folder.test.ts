import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { publicKeyOf } from '@calin/core/crypto/signature.ts';
import { specHash } from '@calin/core/spec/chain-spec.ts';
import { devSpec } from '@calin/core/spec/presets.ts';
import { createDataFolder, type DataFolder, openDataFolder } from './data-folder.ts';
import { temporaryFolder } from './level-store.testing.ts';

const SPEC = devSpec({
  authority: publicKeyOf(new Uint8Array(32).fill(7)),
  genesisTimeMs: 1,
  allocations: [],
});

function refusal(result: Result<unknown>): Refusal {
  return result.ok ? assert.fail('it was accepted') : result.error;
}

function mustOpen(path: string): DataFolder {
  const opened = openDataFolder(path);
  return opened.ok ? opened.value : assert.fail(JSON.stringify(opened.error));
}

/** A data folder in a folder of its own. */
function made(): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder();
  assert.equal(createDataFolder(folder.path, SPEC, { rpcPort: 1 }).ok, true);
  return folder;
}

describe('making a data folder', () => {
  it('gives a folder that opens as the same chain, readable by its owner only', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a', 'b');
    assert.equal(createDataFolder(path, SPEC, { rpcPort: 4000, peers: ['x'] }).ok, true);
    const opened = mustOpen(path);
    assert.deepEqual(opened.spec, SPEC);
    assert.equal(opened.chainId, toHex(specHash(SPEC)));
    assert.deepEqual(opened.settings, { rpcPort: 4000, peers: ['x'] });
    assert.deepEqual(readdirSync(path).toSorted(), [
      'chain',
      'genesis.json',
      'keystore',
      'lock',
      'node.json',
    ]);
    for (const name of ['', 'chain', 'keystore', 'node.json']) {
      assert.equal(statSync(join(path, name)).mode & 0o077, 0, name);
    }
    opened.close();
  });

  it('never touches a chain that is there, nor files of somebody else', () => {
    using folder = made();
    const before = readFileSync(join(folder.path, 'node.json'));
    assert.equal(refusal(createDataFolder(folder.path, SPEC)).rule, 'folder/exists');
    assert.deepEqual(readFileSync(join(folder.path, 'node.json')), before);
    using other = temporaryFolder();
    writeFileSync(join(other.path, 'thesis.txt'), 'mine');
    const { rule, evidence } = refusal(createDataFolder(other.path, SPEC));
    assert.deepEqual([rule, evidence['file']], ['folder/not-empty', 'thesis.txt']);
    assert.deepEqual(readdirSync(other.path), ['thesis.txt']);
  });

  it('can be repeated after it was interrupted', () => {
    using folder = made();
    rmSync(join(folder.path, 'node.json'));
    writeFileSync(join(folder.path, 'genesis.json'), '{ "tor');
    writeFileSync(join(folder.path, 'node.json.new'), '{');
    assert.equal(refusal(openDataFolder(folder.path)).rule, 'folder/not-found');
    assert.equal(createDataFolder(folder.path, SPEC).ok, true);
    mustOpen(folder.path).close();
  });

  it('says why when the system refuses', () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    assert.equal(refusal(createDataFolder(join(file, 'data'), SPEC)).rule, 'folder/io');
    assert.equal(refusal(openDataFolder(join(file, 'data'))).rule, 'folder/not-found');
  });
});

describe('opening a data folder', () => {
  it('refuses what is no chain, another chain, another format', () => {
    using folder = made();
    assert.equal(refusal(openDataFolder(join(folder.path, 'nowhere'))).rule, 'folder/not-found');
    const other = refusal(openDataFolder(folder.path, '00'.repeat(32)));
    assert.deepEqual([other.rule, other.evidence['expected']], ['folder/other-chain', '00'.repeat(32)]);
    assert.equal(other.evidence['got'], toHex(specHash(SPEC)));
    writeFileSync(join(folder.path, 'node.json'), '{"format":2,"anything":[]}');
    const { rule, evidence } = refusal(openDataFolder(folder.path));
    assert.deepEqual([rule, evidence['got'], evidence['expected']], ['folder/format-version', 2, 1]);
  });

  it('refuses files that were changed, and names them', () => {
    using folder = made();
    const [node, genesis] = ['node.json', 'genesis.json'].map((name) => join(folder.path, name)) as [
      string,
      string,
    ];
    const good = { node: readFileSync(node, 'utf8'), genesis: readFileSync(genesis, 'utf8') };
    const changes: readonly (readonly [string, string])[] = [
      [node, ''],
      [node, 'null'],
      [node, '[1]'],
      [node, '{"format":1}'],
      [node, good.node.replace(/"chain": "../, '"chain": "zz')],
      [node, good.node.replace(/"settings": \{/, '"settings": [], "x": {')],
      [genesis, good.genesis.slice(0, -3)],
      [genesis, '{}'],
      [genesis, good.genesis.replace(SPEC.name, `${SPEC.name}2`)],
    ];
    for (const [file, content] of changes) {
      writeFileSync(file, content);
      const { rule, evidence } = refusal(openDataFolder(folder.path));
      assert.deepEqual(
        [rule, join(folder.path, String(evidence['file']))],
        ['folder/malformed', file],
        content.slice(0, 80),
      );
      writeFileSync(node, good.node);
      writeFileSync(genesis, good.genesis);
    }
    rmSync(genesis);
    assert.equal(refusal(openDataFolder(folder.path)).rule, 'folder/malformed');
    assert.equal(existsSync(join(folder.path, 'lock')), false, 'a refusal leaves no lock');
  });

  it('saves settings and nothing else', () => {
    using folder = made();
    const opened = mustOpen(folder.path);
    assert.equal(opened.saveSettings({ rpcPort: 2 }).ok, true);
    opened.close();
    const again = mustOpen(folder.path);
    assert.deepEqual([again.settings, again.chainId], [{ rpcPort: 2 }, opened.chainId]);
    again.close();
  });
});

describe('the lock of a data folder', () => {
  it('is held once in a process, and free after closing', () => {
    using folder = made();
    const opened = mustOpen(folder.path);
    const { rule, evidence } = refusal(openDataFolder(folder.path));
    assert.deepEqual([rule, evidence['pid']], ['store/locked', process.pid]);
    opened.close();
    opened.close();
    assert.equal(existsSync(join(folder.path, 'lock')), false);
    const again = mustOpen(folder.path);
    opened.close();
    assert.equal(refusal(openDataFolder(folder.path)).rule, 'store/locked', 'an old handle cannot free it');
    again.close();
  });

  it('names the process that holds it, and is taken over when that was killed', async () => {
    using folder = made();
    const script = `
      import { openDataFolder } from ${JSON.stringify(new URL('./data-folder.ts', import.meta.url).href)};
      console.log(openDataFolder(process.argv[1]).ok);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    assert.equal(said.toString(), 'true\n');
    const { rule, evidence } = refusal(openDataFolder(folder.path));
    assert.deepEqual([rule, evidence['pid']], ['store/locked', child.pid]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    mustOpen(folder.path).close();
  });

  it('of a process that is gone, whose number another has now, or that cannot be read, is taken over', () => {
    using folder = made();
    const lock = join(folder.path, 'lock');
    mustOpen(folder.path).close();
    const elsewhere = { pid: process.ppid, host: 'another machine', started: 'x' };
    const reused = { pid: process.ppid, host: hostname(), started: 'before the boot' };
    const holders = process.platform === 'linux' ? [elsewhere, reused] : [elsewhere];
    for (const content of [
      '',
      '{',
      'null',
      '{"pid":"1"}',
      ...holders.map((holder) => JSON.stringify(holder)),
    ]) {
      writeFileSync(lock, content);
      mustOpen(folder.path).close();
    }
  });

  it('is refused with a reason when it cannot be written', () => {
    using folder = made();
    mkdirSync(join(folder.path, 'lock'));
    assert.equal(refusal(openDataFolder(folder.path)).rule, 'folder/io');
  });
});

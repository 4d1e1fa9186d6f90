import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { committed } from '@calin/core/ports/store-compliance.testing.ts';
import { findWrong, mustOpen, numberedBatch, temporaryFolder, tipOf } from './level-store.testing.ts';

const CHILD = join(import.meta.dirname, 'level-store-child.testing.ts');
const KILLS = 30;

/** What a run of the child said before it ended. */
interface ChildRun {
  /** The last number that was acknowledged; 0 when there was none. */
  readonly acknowledged: number;
  /** The rule by which the disk refused, if it did. */
  readonly refused: string | undefined;
}

/** Runs the child on a folder, `shell` around it when given, and kills it `killAfterMs` after its first line. */
async function runChild(
  folder: string,
  options: { readonly killAfterMs?: number; readonly shell?: string } = {},
): Promise<ChildRun> {
  const { killAfterMs, shell } = options;
  const command = [process.execPath, CHILD, folder];
  const [program = '', ...rest] =
    shell === undefined ? command : ['bash', '-c', `${shell}; exec "$@"`, 'bash', ...command];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
  });
  const closed = once(child, 'close');
  if (killAfterMs !== undefined) {
    await once(child.stdout, 'data');
    await sleep(killAfterMs);
    child.kill('SIGKILL');
  }
  await closed;
  // A kill may cut the last line short; only a line that ends was said.
  const lines = output.split('\n').slice(0, -1);
  const numbers = lines.filter((line) => /^\d+$/.test(line)).map(Number);
  return { acknowledged: numbers.at(-1) ?? 0, refused: lines.find((line) => line.startsWith('store/')) };
}

/** Opens the folder, as a node would: everything acknowledged is there, and no batch in part. */
async function checkFolder(folder: string, acknowledged: number): Promise<void> {
  const { store, lostCommits } = await mustOpen({ folder });
  assert.equal(lostCommits, 0);
  assert.ok(tipOf(store) >= acknowledged, `tip ${tipOf(store)}, but ${acknowledged} was acknowledged`);
  assert.equal(findWrong(store), undefined);
  await store.close();
}

describe('the store on a real disk', () => {
  it('keeps values of all sizes, also in a batch that is put together over several turns', async () => {
    using folder = temporaryFolder();
    const random = seededRandom(7);
    const sizes = [0, 1, 524_283, 524_284, 524_285, 3_000_000, ...Array(60).fill(262_144)];
    const puts = sizes.map((size, i) => [Uint8Array.of(1, i), random.bytes(size)] as const);
    const { store } = await mustOpen({ folder: folder.path });
    assert.equal(await committed(store, { puts, deletes: [] }), undefined);
    await store.close();
    const again = await mustOpen({ folder: folder.path });
    for (const [key, value] of puts)
      assert.ok(Buffer.from(value).equals(again.store.get(key) ?? Buffer.of(0)));
    await again.store.close();
  });

  it(`finds every acknowledged batch whole after each of ${KILLS} kills`, async () => {
    using folder = temporaryFolder();
    const random = seededRandom(11);
    let acknowledged = 0;
    for (let i = 0; i < KILLS; i++) {
      const run = await runChild(folder.path, { killAfterMs: random.below(30) });
      assert.ok(run.acknowledged > acknowledged, 'the child got nothing done');
      acknowledged = run.acknowledged;
      // Every few rounds the next child is the one that recovers, with nothing in between.
      if (random.oneIn(2)) await checkFolder(folder.path, acknowledged);
    }
    await checkFolder(folder.path, acknowledged);
  });

  it('refuses at a file size limit, and everything acknowledged is there without it', async () => {
    using folder = temporaryFolder();
    const { acknowledged, refused } = await runChild(folder.path, { shell: 'ulimit -f 2048' });
    assert.equal(refused, 'store/disk-full');
    assert.ok(acknowledged > 0);
    await checkFolder(folder.path, acknowledged);
  });

  it('refuses on a full disk, and goes on where it was when there is space', async (context) => {
    using folder = temporaryFolder();
    const mount = join(folder.path, 'mount');
    mkdirSync(mount);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mount], { stdio: 'ignore' });
    } catch {
      context.skip('needs the right to mount');
      return;
    }
    try {
      const { acknowledged, refused } = await runChild(mount);
      assert.equal(refused, 'store/disk-full');
      assert.ok(acknowledged > 0);
      execFileSync('mount', ['-o', 'remount,size=32m', mount]);
      await checkFolder(mount, acknowledged);
      const { store } = await mustOpen({ folder: mount });
      assert.equal(await committed(store, numberedBatch(tipOf(store) + 1)), undefined);
      await store.close();
    } finally {
      execFileSync('umount', [mount]);
    }
  });
});

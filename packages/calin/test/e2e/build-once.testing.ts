import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const PACKAGES = join(ROOT, 'packages');
const EXPLORER = join(PACKAGES, 'explorer');
/** In the folder that is built, so that it goes with it. */
const STAMP = join(EXPLORER, 'dist', '.sources');
/** What the pages are made of. */
const SOURCES = [
  ...['core', 'client', 'kernel', 'sim', 'explorer'].map((name) => join(PACKAGES, name, 'src')),
  join(EXPLORER, 'build'),
  join(EXPLORER, 'index.html'),
  join(ROOT, 'docs'),
  ...['ARCHITECTURE', 'CONTRIBUTING', 'STYLE', 'SECURITY', 'CHANGELOG'].map((name) =>
    join(ROOT, `${name}.md`),
  ),
  join(ROOT, 'package-lock.json'),
];
/** One for each copy of the repository. */
const LOCK = join(
  tmpdir(),
  `calin-pages-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}.lock`,
);
/** How long others may build, and how often it is looked whether they have done. */
const PATIENCE_MS = 300_000;
const LOOK_MS = 100;

/**
 * Builds the pages, unless they are what the sources say already. Files of tests run side by side, and each wants them:
 * the first one builds, and the others wait for it.
 */
export function buildOnce(): void {
  const free = takeLock();
  try {
    const wanted = fingerprint();
    if (readStamp() === wanted) return;
    const { status, stderr } = spawnSync(process.execPath, [join(EXPLORER, 'build/build.ts')], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the pages cannot be built: ${stderr}`);
    writeFileSync(STAMP, wanted);
  } finally {
    free();
  }
}

function takeLock(): () => void {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      writeFileSync(LOCK, `${process.pid}`, { flag: 'wx' });
      return () => rmSync(LOCK, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (performance.now() > endMs) throw new Error(`the pages are being built for too long; see ${LOCK}`);
    if (!isHeld()) rmSync(LOCK, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  }
}

/** Whether the process that has taken the lock is there; one that was killed holds nothing. */
function isHeld(): boolean {
  try {
    const pid = Number(readFileSync(LOCK, 'utf8'));
    // Empty for the moment in which it is written.
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function readStamp(): string | undefined {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return undefined;
  }
}

/** Names, sizes and times of all sources. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const files = statSync(source).isFile() ? [source] : filesOf(source);
    for (const file of files) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}

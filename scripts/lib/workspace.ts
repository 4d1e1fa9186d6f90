import { readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The absolute path of the repository's top folder. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Folders that hold nothing written by hand. */
const SKIPPED = new Set(['node_modules', '.git', '.calin', 'dist']);
/** The build results of the whole; `packages/kernel/build` is a program that builds. */
const SKIPPED_AT_TOP = 'build';

/**
 * Every file below `folder`, as paths relative to `root` with forward slashes, in byte order. Folders that hold
 * dependencies, build results or chain data are left out.
 */
export function listFiles(folder = '.', root = ROOT): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && path !== SKIPPED_AT_TOP) files.push(...listFiles(path, root));
    } else if (entry.isFile()) {
      files.push(path.split(sep).join('/'));
    }
  }
  return files.toSorted();
}

/** A path of the repository as an absolute one. */
export function fromRoot(path: string): string {
  return join(ROOT, path);
}

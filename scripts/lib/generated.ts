import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './workspace.ts';

/** A page of the documentation that is made from the code; modules in scripts/docs/ export a list named `pages`. */
export interface GeneratedPage {
  /** From the top of the repository. */
  readonly path: string;
  /** Makes the whole text, the same on every machine and at every time. */
  generate(): string | Promise<string>;
}

/** A file with the text it should have. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Compares files with what they should be and, unless only `check` is asked for, writes those that differ.
 *
 * @returns the paths that differed
 */
export function syncFiles(files: readonly GeneratedFile[], { check, root = ROOT }: SyncOptions): string[] {
  const stale = files.filter(({ path, text }) => {
    const target = join(root, path);
    return !existsSync(target) || readFileSync(target, 'utf8') !== text;
  });
  for (const { path, text } of check ? [] : stale) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return stale.map(({ path }) => path);
}

/** How {@link syncFiles} works. */
export interface SyncOptions {
  /** Compare only. */
  readonly check: boolean;
  /** The folder the paths start from; the repository when left out. */
  readonly root?: string;
}

/**
 * Prints the outcome of {@link syncFiles} and ends the process with a status that says whether all is well.
 *
 * @param command - what writes the files, such as `npm run docs`
 */
export function reportSync(count: number, stale: readonly string[], check: boolean, command: string): never {
  for (const path of stale) console.log(`${check ? 'out of date' : 'written'}: ${path}`);
  if (check && stale.length > 0) console.log(`run: ${command}`);
  else console.log(`${count} generated files are up to date`);
  process.exit(check && stale.length > 0 ? 1 : 0);
}

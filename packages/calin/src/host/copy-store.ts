import { copyFileSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { refuseCli } from '../cli/rules.ts';
import { refuseAdapter } from '../rules.ts';

/** A node under full load makes new tables a few times a second; a copy takes milliseconds. */
const ATTEMPTS_MAX = 50;

/** A copy of a store at one moment. */
export interface StoreCopy {
  readonly folder: string;
  /** Removes the copy. */
  remove(): void;
}

/**
 * Copies a LevelDB folder while a node may be writing to it. Tables never change, so they are linked and take no
 * space; logs and the manifest only grow, so a copy is the store at some moment with perhaps a torn last record,
 * which the store takes for a commit that was never acknowledged. The witness is copied first: it then names no commit
 * that the copied logs lack. When files came or went meanwhile, the copy is made again.
 *
 * @param folder - the store's folder; nothing in it is changed
 * @param beside - an existing folder on the same disk, in which the copy is made
 */
export function copyStore(folder: string, beside: string): Result<StoreCopy> {
  let target: string | undefined;
  try {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      target = mkdtempSync(join(beside, 'verify-'));
      if (copyOnce(folder, target)) return ok(copyAt(target));
      rmSync(target, { recursive: true, force: true });
    }
    return refuseCli('cli/unsettled-folder', { folder });
  } catch (error) {
    if (target !== undefined) rmSync(target, { recursive: true, force: true });
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return refuseAdapter('folder/io', { folder, why: error.message });
  }
}

function copyAt(folder: string): StoreCopy {
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** True when the files stayed the same ones while they were copied. */
function copyOnce(folder: string, target: string): boolean {
  const before = fingerprint(folder);
  try {
    for (const name of order(readdirSync(folder))) {
      if (name === 'LOCK') continue;
      if (name.endsWith('.ldb') || name.endsWith('.sst')) link(join(folder, name), join(target, name));
      else copyFileSync(join(folder, name), join(target, name));
    }
  } catch (error) {
    // A table that was merged into another one between the listing and the copy.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  return before === fingerprint(folder);
}

/** The witness, before the logs it speaks of. */
function order(names: readonly string[]): readonly string[] {
  return names.toSorted((a, b) => Number(b === 'witness') - Number(a === 'witness'));
}

function link(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    // A file system without links.
    copyFileSync(from, to);
  }
}

/** The names of the files and the length of the manifest: they change when tables come or go. */
function fingerprint(folder: string): string {
  const names = readdirSync(folder).toSorted((a, b) => (a < b ? -1 : 1));
  const current = names.includes('CURRENT') ? readFileSync(join(folder, 'CURRENT'), 'latin1').trim() : '';
  const manifest = names.includes(current) ? statSync(join(folder, current)).size : 0;
  return [...names, manifest].join('\n');
}

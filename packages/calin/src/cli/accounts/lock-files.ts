import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatLockFile, parseLockFile } from '@calin/client/wallet/lock-file.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import { writeDurably } from '../../adapters/durable-file.ts';
import { refuseCli } from '../rules.ts';
import type { AccountPlace } from './find-account.ts';
import { checkAccountName, ioFailure } from './key-files.ts';
import { checkNotInWallet } from './wallet-files.ts';

/** A lock that the keystore knows by a name. */
export interface NamedLock {
  readonly name: string;
  readonly path: string;
  readonly lock: Lock;
}

/** Locks of a keystore that are looked at. */
const FILES_MAX = 10_000;
const SUFFIX = '.lock.json';

/** Keeps a lock under a name that neither an account nor another lock has. */
export function writeLockFile(name: string, lock: Lock, { network, keystore }: AccountPlace): Result<string> {
  const checked = checkAccountName(name);
  if (!checked.ok) return checked;
  const inWallet = checkNotInWallet(name, { network, keystore });
  if (!inWallet.ok) return inWallet;
  const path = pathOf(keystore, name);
  for (const file of [path, join(keystore, `${name}.json`)]) {
    if (statSync(file, { throwIfNoEntry: false }) !== undefined)
      return refuseCli('cli/account-exists', { name, file });
  }
  try {
    writeDurably(path, formatLockFile(lock, network.addressPrefix), 0o644);
    return ok(path);
  } catch (error) {
    return ioFailure(path, error);
  }
}

/** The lock of a name; undefined when there is none. */
export function findLock(name: string, { network, keystore }: AccountPlace): Result<NamedLock | undefined> {
  const path = pathOf(keystore, name);
  if (!checkAccountName(name).ok || statSync(path, { throwIfNoEntry: false }) === undefined)
    return ok(undefined);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return ioFailure(path, error);
  }
  const lock = parseLockFile(text, network.addressPrefix);
  if (lock.ok) return ok({ name, path, lock: lock.value });
  return { ok: false, error: { ...lock.error, evidence: { file: path, ...lock.error.evidence } } };
}

/** All locks of a keystore by name; an empty list when there is no such folder. */
export function listLocks(place: AccountPlace): Result<readonly NamedLock[]> {
  let files: string[];
  try {
    files = readdirSync(place.keystore);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? ok([]) : ioFailure(place.keystore, error);
  }
  const locks: NamedLock[] = [];
  const names = files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length));
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1)).slice(0, FILES_MAX)) {
    const found = findLock(name, place);
    if (!found.ok) return found;
    if (found.value !== undefined) locks.push(found.value);
  }
  return ok(locks);
}

function pathOf(keystore: string, name: string): string {
  return join(keystore, `${name}${SUFFIX}`);
}

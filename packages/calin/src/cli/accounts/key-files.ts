import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { devIndex } from '@calin/client/keys/dev-accounts.ts';
import {
  formatKeystoreFile,
  type KeystoreFile,
  parseKeystoreFile,
} from '@calin/client/keystore/keystore-file.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { writeDurably } from '../../adapters/durable-file.ts';
import { refuseCli } from '../rules.ts';

/** An account of the keystore. */
export interface KeyFile {
  readonly name: string;
  readonly path: string;
  readonly file: KeystoreFile;
}

/** Files of a keystore that are looked at. */
const FILES_MAX = 10_000;
/** Bytes of a file that is read; a key file takes about 700. */
const FILE_BYTES_MAX = 65_536;

/** Checks a name: it becomes a file's name, and must not be taken for an address or a development account. */
export function checkAccountName(name: string): Result<string> {
  const isName = /^[a-z][a-z0-9_-]{0,31}$/.test(name) && devIndex(name) === undefined;
  return isName ? ok(name) : refuseCli('cli/account-name', { got: name.slice(0, 80) });
}

/** Writes the key file of a new account. Refuses to replace one. */
export function writeKeyFile(keystore: string, name: string, file: KeystoreFile): Result<string> {
  const path = join(keystore, `${name}.json`);
  try {
    mkdirSync(keystore, { recursive: true, mode: 0o700 });
    // Takes the name, so that two commands at a time cannot write the same one.
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      return refuseCli('cli/account-exists', { name, file: path });
    return ioFailure(path, error);
  }
  try {
    writeDurably(path, formatKeystoreFile(file));
    return ok(path);
  } catch (error) {
    rmSync(path, { force: true });
    return ioFailure(path, error);
  }
}

/** Refuses a name that is taken, before a password is asked for. */
export function checkAccountIsNew(keystore: string, name: string): Result<undefined> {
  const path = join(keystore, `${name}.json`);
  const exists = statSync(path, { throwIfNoEntry: false }) !== undefined;
  return exists ? refuseCli('cli/account-exists', { name, file: path }) : ok(undefined);
}

/** The key file of an account. */
export function readKeyFile(keystore: string, name: string): Result<KeyFile> {
  const path = join(keystore, `${name}.json`);
  if (!/^[a-z][a-z0-9_-]{0,31}$/.test(name) || statSync(path, { throwIfNoEntry: false }) === undefined) {
    return refuseCli('cli/account-unknown', { got: name.slice(0, 90), keystore });
  }
  return readAt(path, name);
}

/** All accounts of a keystore by name; an empty list when there is no such folder. */
export function listKeyFiles(keystore: string): Result<readonly KeyFile[]> {
  let names: string[];
  try {
    names = readdirSync(keystore);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? ok([]) : ioFailure(keystore, error);
  }
  const files: KeyFile[] = [];
  const known = names.filter((name) => /^[a-z][a-z0-9_-]{0,31}\.json$/.test(name));
  for (const name of known.toSorted((a, b) => (a < b ? -1 : 1)).slice(0, FILES_MAX)) {
    const file = readAt(join(keystore, name), name.slice(0, -'.json'.length));
    if (!file.ok) return file;
    files.push(file.value);
  }
  return ok(files);
}

/** Reads a key file from anywhere. */
export function readAt(path: string, name: string): Result<KeyFile> {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > FILE_BYTES_MAX)
      return refuseCli('cli/file', { file: path, why: 'it is too long for a key file' });
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return ioFailure(path, error);
  }
  const file = parseKeystoreFile(text);
  if (file.ok) return ok({ name, path, file: file.value });
  return { ok: false, error: { ...file.error, evidence: { file: path, ...file.error.evidence } } };
}

/** A refusal for what the system said about a file. */
export function ioFailure(file: string, error: unknown): Result<never> {
  return refuseCli('cli/file', {
    file,
    folder: dirname(file),
    why: error instanceof Error ? error.message : String(error),
  });
}

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { refuseCli } from '../rules.ts';

/**
 * What seals the keys of development networks when no password is given. It is public: those coins have no value, and
 * a first payment should need no ceremony. Every other network asks for a password.
 */
export const DEV_PASSWORD = 'calin-dev';

/** What a password is for. */
export interface PasswordNeed {
  /** From --password, CALIN_PASSWORD or the configuration file. */
  readonly given: string | undefined;
  readonly dev: boolean;
}

/** The password for a new key: given, the public one of development networks, or asked for twice. */
export async function newPassword({ given, dev }: PasswordNeed): Promise<Result<string>> {
  if (given !== undefined) return ok(given);
  if (dev) return ok(DEV_PASSWORD);
  const first = await ask('Password for the new key: ');
  if (first === undefined) return refuseCli('cli/password-missing');
  const second = await ask('The same again: ');
  return first === second ? ok(first) : refuseCli('cli/password-mismatch');
}

/** The password of an existing key: given, the public one of development networks, or asked for. */
export async function existingPassword({ given, dev }: PasswordNeed, name: string): Promise<Result<string>> {
  if (given !== undefined) return ok(given);
  if (dev) return ok(DEV_PASSWORD);
  const typed = await ask(`Password of ${name}: `);
  return typed === undefined ? refuseCli('cli/password-missing', { account: name }) : ok(typed);
}

/** Asks on the terminal without showing what is typed; undefined where there is no terminal. */
export async function ask(question: string): Promise<string | undefined> {
  if (!isTerminal()) return undefined;
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  const typed = await new Promise<string | undefined>((resolve) => {
    terminal.once('line', resolve);
    terminal.once('close', () => resolve(undefined));
    terminal.once('SIGINT', () => terminal.close());
  });
  terminal.close();
  process.stderr.write('\n');
  return typed;
}

/** Asks a question that yes or no answers, where there is a terminal; true where there is none to ask. */
export async function confirmed(question: string): Promise<boolean> {
  if (!isTerminal()) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await new Promise<string>((resolve) => {
    terminal.question(`${question} [y/N] `, resolve);
    terminal.once('close', () => resolve(''));
  });
  terminal.close();
  return /^y(es)?$/i.test(typed.trim());
}

/** True when a person can be asked. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

import { parseMnemonic } from '@calin/client/keys/mnemonic.ts';
import type { KeystoreSecret } from '@calin/client/keystore/keystore.ts';
import { parseKeystoreFile } from '@calin/client/keystore/keystore-file.ts';
import { parseHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { parseAddress } from '@calin/core/primitives/address.ts';
import { readInputText } from '../input-text.ts';
import { refuseCli } from '../rules.ts';
import { writeKeyFile } from './key-files.ts';
import type { Network } from './network.ts';
import { ask, newPassword } from './password.ts';
import { sealAndWrite } from './seal-account.ts';

/** Bytes of a secret that is looked at. */
const TEXT_BYTES_MAX = 65_536;

/** What is imported. */
export interface ImportOptions {
  /** `phrase`, `key` or `file`. */
  readonly kind: string;
  readonly text: string;
  readonly name: string;
  readonly keystore: string;
  readonly network: Network;
  readonly password: string | undefined;
}

/** Reads a secret from a file, or from the standard input, where a terminal does not show it. */
export async function readSecretText(file: string | undefined, kind: string): Promise<Result<string>> {
  if (file === undefined) {
    const typed = await ask(`The ${kind} to import: `);
    if (typed !== undefined) return ok(typed);
  }
  return readInputText(file, TEXT_BYTES_MAX);
}

/** Takes a secret into the keystore. */
export async function importSecret(
  options: ImportOptions,
): Promise<Result<{ readonly address: string; readonly file: string }>> {
  const { kind, text, name, keystore, network } = options;
  if (kind === 'file') return importFile(text, options);
  const secret = parseSecret(kind, text.trim());
  if (!secret.ok) return secret;
  const password = await newPassword({ given: options.password, dev: network.dev });
  if (!password.ok) return password;
  const prefix = network.addressPrefix;
  return sealAndWrite({ name, secret: secret.value, password: password.value, prefix, keystore });
}

function parseSecret(kind: string, text: string): Result<KeystoreSecret> {
  if (kind === 'phrase') {
    const mnemonic = parseMnemonic(text);
    return mnemonic.ok ? ok({ kind: 'mnemonic', mnemonic: mnemonic.value }) : mnemonic;
  }
  const secretKey = parseHex(text);
  // The evidence says nothing of the key itself.
  if (secretKey?.length !== 32) return refuseCli('cli/hex', { length: text.length, expected: 64 });
  return ok({ kind: 'secret-key', secretKey });
}

function importFile(text: string, { name, keystore, network }: ImportOptions) {
  const parsed = parseKeystoreFile(text);
  if (!parsed.ok) return parsed;
  const { address } = parsed.value;
  const known = parseAddress(address, network.addressPrefix);
  if (!known.ok) return known;
  const file = writeKeyFile(keystore, name, parsed.value);
  return file.ok ? ok({ address, file: file.value }) : file;
}

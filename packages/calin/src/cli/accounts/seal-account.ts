import { type KeystoreSecret, sealKeystore } from '@calin/client/keystore/keystore.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { argon2idNode } from '../../adapters/argon2id.ts';
import { systemRandom } from '../../adapters/random.ts';
import { writeKeyFile } from './key-files.ts';

/** A secret that becomes an account. */
export interface NewAccount {
  readonly name: string;
  readonly secret: KeystoreSecret;
  readonly password: string;
  /** Prefix of the network's addresses. */
  readonly prefix: string;
  readonly keystore: string;
}

/** Seals a secret and writes its key file. */
export async function sealAndWrite(
  account: NewAccount,
): Promise<Result<{ readonly address: string; readonly file: string }>> {
  const { name, secret, password, prefix, keystore } = account;
  const sealed = await sealKeystore(secret, password, {
    prefix,
    name,
    createdAtMs: Date.now(),
    random: systemRandom,
    argon2id: argon2idNode,
  });
  if (!sealed.ok) return sealed;
  const file = writeKeyFile(keystore, name, sealed.value);
  return file.ok ? ok({ address: sealed.value.address, file: file.value }) : file;
}

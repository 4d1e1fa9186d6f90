import { assert } from '@calin/core/base/assert.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import { accountKey, type DerivedKey, deriveKey } from './hd.ts';
import { mnemonicToSeed } from './mnemonic.ts';

/**
 * The phrase of every development chain: BIP-39 of the 16 bytes `calin dev chain!`. It is public, so anybody can
 * spend what these keys hold, on any network.
 */
export const DEV_MNEMONIC = 'gloom arena bottom sword alien crawl sudden arrest half area fortune drive';

/** Funded accounts of a development chain. */
export const DEV_ACCOUNTS = 10;

/** Keys that make blocks on development chains of several nodes. */
export const DEV_AUTHORITIES_MAX = 100;

/** An account that exists on every development chain. */
export interface DevAccount extends DerivedKey {
  /** `dev0` to `dev9`. */
  readonly name: string;
  readonly address: Address;
}

let seed: Uint8Array | undefined;

/** The seed costs 2,048 rounds of HMAC, so it is made once. */
function devSeed(): Uint8Array {
  seed ??= mnemonicToSeed(DEV_MNEMONIC);
  return seed;
}

/**
 * The key that makes the blocks of development chains, and further ones for those of several nodes. It lies beside the
 * account of the same number, and is none of the accounts.
 */
export function devAuthority(index = 0): DerivedKey {
  assert(Number.isInteger(index) && index >= 0 && index < DEV_AUTHORITIES_MAX, `no authority ${index}`);
  const key = deriveKey(devSeed(), `m/44'/1'/${index}'/1'`);
  assert(key.ok, 'the path of the authority is well formed');
  return key.value;
}

/** Account `index`, from 0 to 9. */
export function devAccount(index: number): DevAccount {
  assert(Number.isInteger(index) && index >= 0 && index < DEV_ACCOUNTS, `no development account ${index}`);
  const key = accountKey(devSeed(), index);
  return { ...key, name: `dev${index}`, address: keyAddress(key.publicKey) };
}

/** All ten accounts. */
export function devAccounts(): DevAccount[] {
  return Array.from({ length: DEV_ACCOUNTS }, (_, index) => devAccount(index));
}

/** The index of a name such as `dev-authority-3`, which is 0 for `dev-authority`; undefined for other names. */
export function devAuthorityIndex(name: string): number | undefined {
  const digits = /^dev-authority(?:-([1-9]\d?))?$/.exec(name);
  return digits === null ? undefined : Number(digits[1] ?? 0);
}

/** The index of a name such as `dev3`, or undefined for other names. */
export function devIndex(name: string): number | undefined {
  const digits = /^dev([0-9])$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

import { accountKey, type DerivedKey, deriveKey } from '@calin/client/keys/hd.ts';
import { mnemonicToSeed } from '@calin/client/keys/mnemonic.ts';
import { assert } from '@calin/core/base/assert.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';

/**
 * The phrase of every development chain: BIP-39 of the 16 bytes `calin dev chain!`. It is public, so anybody can
 * spend what these keys hold, on any network.
 */
export const DEV_MNEMONIC = 'gloom arena bottom sword alien crawl sudden arrest half area fortune drive';

/** Funded accounts of a development chain. */
export const DEV_ACCOUNTS = 10;

/** Where the producer's key lies: beside account 0, and none of the accounts. */
const AUTHORITY_PATH = "m/44'/1'/0'/1'";

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

/** The key that makes the blocks of development chains. */
export function devAuthority(): DerivedKey {
  const key = deriveKey(devSeed(), AUTHORITY_PATH);
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

/** The index of a name such as `dev3`, or undefined for other names. */
export function devIndex(name: string): number | undefined {
  const digits = /^dev([0-9])$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

import {
  DEV_ACCOUNTS,
  DEV_AUTHORITIES_MAX,
  devAccount,
  devAuthority,
} from '@calin/client/keys/dev-accounts.ts';
import type { DerivedKey } from '@calin/client/keys/hd.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';

const known: DerivedKey[] = [];

/** The key of development chains with this public key; undefined when it is somebody's own. */
export function findDevKey(publicKey: Uint8Array): DerivedKey | undefined {
  return find((key) => equalBytes(key.publicKey, publicKey));
}

/** The key of development chains that this address belongs to; undefined when it is somebody's own. */
export function findDevKeyOf(address: Uint8Array): DerivedKey | undefined {
  return find((key) => equalBytes(keyAddress(key.publicKey), address));
}

/** Goes through the accounts, then the authorities, each worked out once: deriving a key takes a moment. */
function find(isWanted: (key: DerivedKey) => boolean): DerivedKey | undefined {
  for (let i = 0; i < DEV_ACCOUNTS + DEV_AUTHORITIES_MAX; i++) {
    const key = known[i] ?? (i < DEV_ACCOUNTS ? devAccount(i) : devAuthority(i - DEV_ACCOUNTS));
    known[i] = key;
    if (isWanted(key)) return key;
  }
  return undefined;
}

import { assert } from '@calin/core/base/assert.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { keyedHash } from '@calin/core/crypto/hash.ts';
import { type PublicKey, publicKeyOf, type SecretKey } from '@calin/core/crypto/signature.ts';
import { type Address, keyAddress } from '@calin/core/primitives/address.ts';

/** A key of a simulated network; it only depends on its number and is worth nothing anywhere else. */
export interface SimKey {
  readonly secretKey: SecretKey;
  readonly publicKey: PublicKey;
  readonly address: Address;
}

const KEYS_MAX = 8192;
const SEED = utf8Bytes('calin sim: keys of nobody at all'.slice(0, 32));
const keys = new Map<number, SimKey>();

/** Key `n`, from 0 on; made once, because a public key costs a multiplication on the curve. */
export function simKey(n: number): SimKey {
  assert(Number.isInteger(n) && n >= 0 && n < KEYS_MAX, `no key ${n}`);
  let key = keys.get(n);
  if (key === undefined) {
    const secretKey = keyedHash(SEED, utf8Bytes(`key ${n}`));
    const publicKey = publicKeyOf(secretKey);
    key = { secretKey, publicKey, address: keyAddress(publicKey) };
    keys.set(n, key);
  }
  return key;
}

import { utf8Bytes } from '@calin/core/base/text.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import { type PublicKey, publicKeyOf, type SecretKey } from '@calin/core/crypto/signature.ts';
import { type Address, keyAddress } from '@calin/core/primitives/address.ts';

/** A key of a practice chain. Everybody can work it out: nothing outside of the lesson belongs to it. */
export interface PracticeKey {
  readonly name: string;
  readonly secretKey: SecretKey;
  readonly publicKey: PublicKey;
  readonly address: Address;
}

/** The key that follows from a name. */
export function practiceKey(name: string): PracticeKey {
  const secretKey = hash('message', utf8Bytes(`practice key ${name}`));
  const publicKey = publicKeyOf(secretKey);
  return { name, secretKey, publicKey, address: keyAddress(publicKey) };
}

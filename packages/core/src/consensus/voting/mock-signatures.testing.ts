import { concatBytes, equalBytes } from '../../base/bytes.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PublicKey, Signature, VerifySignature } from '../../crypto/signature.ts';
import { sortValidators, type ValidatorSet } from '../../primitives/validator-set.ts';

/**
 * Signatures that cost nothing, for schedules with many thousands of votes: message XOR key, then the key. Anybody
 * could forge them; the Byzantine members of the tests do not, for real ones cannot be forged either.
 */
export function mockSign(publicKey: PublicKey, message: Hash): Signature {
  return concatBytes(
    message.map((byte, i) => byte ^ (publicKey[i] as number)),
    publicKey,
  );
}

/** Says whether {@link mockSign} made a signature. */
export const mockVerify: VerifySignature = ({ publicKey, message, signature }) =>
  equalBytes(signature, mockSign(publicKey, message));

/** The key of member `i`; keys ascend with it. */
export function mockKey(i: number): PublicKey {
  const key = new Uint8Array(32).fill(0xa5);
  [key[0], key[1]] = [i >>> 8, i & 0xff];
  return key;
}

/** A set of {@link mockKey}s with these weights. */
export function mockSet(epoch: number, weights: readonly number[]): ValidatorSet {
  const members = sortValidators(weights.map((weight, i) => ({ publicKey: mockKey(i), weight })));
  return { epoch, members, seed: new Uint8Array(32).fill(epoch & 0xff) };
}

import { concatBytes, toHex } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import { type Hash, hash } from '../../crypto/hash.ts';
import { type PublicKey, SIGNATURE_BYTES, type VerifySignature } from '../../crypto/signature.ts';
import { type Header, sealHash } from '../../primitives/header.ts';
import type { SignedTurns } from '../engine.ts';
import { refuseConsensus } from '../rules.ts';

/** How the seals of a production are read and what their signature is of. */
export type SealFormat = Pick<SignedTurns, 'claimBytes' | 'message'>;

/**
 * What a validator signs for a header: the spec's hash, the hash of the header with an empty seal, and the claim. The
 * spec is in it because header and slot alone would fit another chain too, where the same key may well have made a
 * block at the same time: together they would look as if it had signed twice.
 *
 * @param origin - the hash of the spec
 */
export function sealMessage(origin: Hash, header: Header, claim: Uint8Array): Hash {
  return hash('validator-seal', concatBytes(origin, sealHash(header), claim));
}

/** The claim in a seal that was checked. */
export function claimOfSeal(seal: Uint8Array): Uint8Array {
  return seal.subarray(0, seal.length - SIGNATURE_BYTES);
}

/**
 * Says whether the seal of a header is the one of this key. Whether the claim holds is not looked
 * at. Refuses by `consensus/seal-size` and `consensus/seal-invalid`.
 */
export function verifySeal(
  header: Header,
  publicKey: PublicKey,
  { claimBytes, message }: SealFormat,
  verify: VerifySignature,
): Result<undefined> {
  const { seal } = header;
  const expected = claimBytes + SIGNATURE_BYTES;
  if (seal.length !== expected) return refuseConsensus('consensus/seal-size', { got: seal.length, expected });
  const signed = { message: message(header, claimOfSeal(seal)), signature: seal.subarray(claimBytes) };
  return verify({ publicKey, ...signed })
    ? OK
    : refuseConsensus('consensus/seal-invalid', { publicKey: toHex(publicKey) });
}

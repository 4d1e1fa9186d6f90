import { mulAddUnsafe, normalizeZ } from '@noble/curves/abstract/curve.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { assert } from '../base/assert.ts';
import { concatBytes, equalBytes } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import { isStrongPublicKey } from './public-key.ts';
import { PUBLIC_KEY_BYTES, type PublicKey, type SecretKey } from './signature.ts';

/**
 * A verifiable random function: who has the secret key turns an input into 64 bytes that nobody else can foresee, with
 * a proof by which anybody sees that they are the only ones that this key can give for this input. It is
 * ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381; keys are those of {@link ./signature.ts}.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9381
 */

/** Bytes of a proof: point Gamma 32, challenge c 16, response s 32. */
export const VRF_PROOF_BYTES = 80;

/** Bytes of the challenge in a proof. */
export const VRF_CHALLENGE_BYTES = 16;

/** Bytes of an output, SHA-512. */
export const VRF_OUTPUT_BYTES = 64;

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;

/** The order of the subgroup that the base point makes. */
const ORDER = Point.Fn.ORDER;
/** Stands before everything that is hashed: ECVRF-EDWARDS25519-SHA512-TAI (section 5.5). */
const SUITE = 0x03;
/** A point is found with half of the tries, so this many fail once in 2^256 inputs. */
const TRIES_MAX = 256;

/**
 * The proof of the output for an input (section 5.1). It is the one thing here that handles secrets: it takes longer
 * for some inputs, and its products on the curve never because of the key.
 */
export function proveVrf(secretKey: SecretKey, input: Uint8Array): Uint8Array {
  const { prefix, scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(secretKey);
  const hashed = hashToPoint(pointBytes, input);
  assert(hashed !== undefined, 'one of 256 hashes is a point');
  const gamma = hashed.multiply(scalar);
  // Section 5.4.2.2: the nonce of RFC 8032, of the point in the place of a message.
  const nonce = bytesToNumberLE(sha512(concatBytes(prefix, hashed.toBytes()))) % ORDER;
  const commitments = [Point.BASE.multiply(nonce), hashed.multiply(nonce)];
  const challenge = challengeOf([Point.fromBytes(pointBytes), hashed, gamma, ...commitments]);
  const response = vrfResponse(numberToBytesLE(nonce, 32), challenge, numberToBytesLE(scalar, 32));
  return concatBytes(gamma.toBytes(), challenge, response);
}

/** The 32-byte response of a proof, from its challenge and the secret nonce and scalar (section 5.1, step 7). */
export function vrfResponse(nonce: Uint8Array, challenge: Uint8Array, scalar: Uint8Array): Uint8Array {
  const product = bytesToNumberLE(challenge) * bytesToNumberLE(scalar);
  return numberToBytesLE((bytesToNumberLE(nonce) + product) % ORDER, 32);
}

/**
 * The output that a proof shows, or undefined when it does not hold for this key and input (section 5.3, with the key
 * validation of section 5.4.5). Refuses keys of small order and every encoding but the canonical one.
 */
export function verifyVrf(
  publicKey: PublicKey,
  input: Uint8Array,
  proof: Uint8Array,
): Uint8Array | undefined {
  const key = keyPoint(publicKey);
  const parts = decodeProof(proof);
  const hashed = hashToPoint(publicKey, input);
  if (key === undefined || parts === undefined || hashed === undefined) return undefined;
  const { gamma, challenge, response } = parts;
  const c = bytesToNumberLE(challenge);
  // Nothing here is secret, so the faster multiplications may be used; they also take 0. For U there is a table of the
  // base point; V doubles once for both of its products (Straus 1964).
  const u = Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(c));
  const v = mulAddUnsafe(Point, [hashed, gamma.negate()], [response, c]);
  const cleared = gamma.clearCofactor();
  // One inversion for all of them.
  const [h, uAffine, vAffine, out] = normalizeZ(Point, [hashed, u, v, cleared]) as [
    Point,
    Point,
    Point,
    Point,
  ];
  return equalBytes(challengeOf([key, h, gamma, uAffine, vAffine]), challenge) ? outputOf(out) : undefined;
}

/**
 * The output of a proof that was verified before, or that this node made (section 5.2).
 *
 * @throws AssertionError when it is malformed
 */
export function vrfOutput(proof: Uint8Array): Uint8Array {
  const parts = decodeProof(proof);
  assert(parts !== undefined, 'a malformed proof');
  return outputOf(parts.gamma.clearCofactor());
}

/** Keys that were decoded, undefined for those that are none: validators prove again and again. */
const keyPoints = new Map<string, Point | undefined>();
const KEY_POINTS_MAX = 1_024;

/** The point of a public key that is fit to be one (section 5.4.5), or undefined. */
function keyPoint(publicKey: PublicKey): Point | undefined {
  if (publicKey.length !== PUBLIC_KEY_BYTES) return undefined;
  const name = bytesKey(publicKey);
  if (!keyPoints.has(name)) {
    if (keyPoints.size >= KEY_POINTS_MAX) keyPoints.clear();
    keyPoints.set(name, isStrongPublicKey(publicKey) ? Point.fromBytes(publicKey) : undefined);
  }
  return keyPoints.get(name);
}

/** Section 5.4.4. */
function decodeProof(
  proof: Uint8Array,
): { readonly gamma: Point; readonly challenge: Uint8Array; readonly response: bigint } | undefined {
  if (proof.length !== VRF_PROOF_BYTES) return undefined;
  const gamma = decodePoint(proof.subarray(0, 32));
  const challenge = proof.slice(32, 32 + VRF_CHALLENGE_BYTES);
  const response = bytesToNumberLE(proof.subarray(32 + VRF_CHALLENGE_BYTES));
  return gamma === undefined || response >= ORDER ? undefined : { gamma, challenge, response };
}

/** Encode to curve by try and increment (section 5.4.1.1), with the public key as its salt. */
function hashToPoint(publicKey: PublicKey, input: Uint8Array): Point | undefined {
  for (let counter = 0; counter < TRIES_MAX; counter++) {
    const bytes = concatBytes(Uint8Array.of(SUITE, 1), publicKey, input, Uint8Array.of(counter, 0));
    const point = decodePoint(sha512(bytes).subarray(0, 32))?.clearCofactor();
    if (point !== undefined && !point.is0()) return point;
  }
  return undefined;
}

/** The point of its canonical encoding (RFC 8032, section 5.1.3), or undefined. */
function decodePoint(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

/** Section 5.4.3. */
function challengeOf(points: readonly Point[]): Uint8Array {
  const encoded = points.map((point) => point.toBytes());
  return sha512(concatBytes(Uint8Array.of(SUITE, 2), ...encoded, Uint8Array.of(0))).slice(
    0,
    VRF_CHALLENGE_BYTES,
  );
}

/** Section 5.2, of eight times Gamma. */
function outputOf(cleared: Point): Uint8Array {
  return sha512(concatBytes(Uint8Array.of(SUITE, 3), cleared.toBytes(), Uint8Array.of(0)));
}

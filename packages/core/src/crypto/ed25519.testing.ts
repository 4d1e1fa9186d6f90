import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, fromHex } from '../base/bytes.ts';
import { utf8Bytes } from '../base/text.ts';
import type { SignatureCheck } from './signature.ts';

const { Point } = ed25519;

/** The order L of the group that the base point makes; the cofactor of the curve is 8. */
const ORDER = Point.Fn.ORDER;
const FIELD = Point.Fp.ORDER;

/** A vector of RFC 8032, section 7.1. */
export interface Rfc8032Vector {
  readonly name: string;
  readonly secretKey: Uint8Array;
  readonly check: SignatureCheck;
}

/** The five vectors of RFC 8032, section 7.1; `longMessage` is the message of TEST 1024. */
export function rfc8032Vectors(longMessage: Uint8Array): Rfc8032Vector[] {
  const abc = sha512(utf8Bytes('abc'));
  return RFC_8032.map(([name, secretKey, publicKey, message, signature]) => ({
    name,
    secretKey: fromHex(secretKey),
    check: {
      publicKey: fromHex(publicKey),
      message: message === 'long' ? longMessage : message === 'sha' ? abc : fromHex(message),
      signature: fromHex(signature),
    },
  }));
}

/**
 * Every encoding of the eight points whose order divides 8, found from the curve: a y below 19 may also be written
 * y + p, and x = 0 may carry either sign. There are 14, the ones of the ZIP-215 vectors.
 */
export function smallOrderEncodings(): Uint8Array[] {
  const encodings: Uint8Array[] = [];
  let point = Point.ZERO;
  for (let i = 0; i < 8; i++) {
    const { x, y } = point.toAffine();
    for (const written of y < 19n ? [y, y + FIELD] : [y]) {
      for (const sign of x === 0n ? [0n, 1n] : [x & 1n])
        encodings.push(littleEndian(written + (sign << 255n)));
    }
    point = point.add(torsionGenerator());
  }
  return encodings;
}

/** The 196 cases of ZIP-215: each small point as A and as R, S = 0, message "Zcash". All of them are valid. */
export function zip215Cases(): SignatureCheck[] {
  const message = utf8Bytes('Zcash');
  const encodings = smallOrderEncodings();
  return encodings.flatMap((publicKey) =>
    encodings.map((r) => ({ publicKey, message, signature: concatBytes(r, new Uint8Array(32)) })),
  );
}

/** A signature that verifiers disagree about, and what ZIP-215 says of it. */
export interface Trap {
  readonly name: string;
  readonly check: SignatureCheck;
  readonly valid: boolean;
}

/**
 * Signatures with small-order parts and with S out of range, for scalars `a` (key) and `r` (nonce). The
 * cofactorless equation refuses some that ZIP-215 accepts.
 */
export function traps(a: bigint, r: bigint, message: Uint8Array): Trap[] {
  const made: Trap[] = [];
  const torsion = torsionGenerator();
  let small = Point.ZERO;
  for (let i = 0; i < 8; i++) {
    made.push({ name: `R + ${i}T`, check: forge(a, r, message, { onR: small }), valid: true });
    made.push({ name: `A + ${i}T`, check: forge(a, r, message, { onA: small }), valid: true });
    made.push({ name: `both + ${i}T`, check: forge(a, r, message, { onA: small, onR: small }), valid: true });
    small = small.add(torsion);
  }
  for (const factor of [1n, 2n, 7n]) {
    made.push({ name: `S + ${factor}L`, check: forge(a, r, message, { onS: factor * ORDER }), valid: false });
  }
  made.push({ name: 'S + 1', check: forge(a, r, message, { onS: 1n }), valid: false });
  const identity = littleEndian(1n);
  for (const [name, s] of [
    ['L', ORDER],
    ['2^255 − 1', 2n ** 255n - 1n],
    ['2^256 − 1', 2n ** 256n - 1n],
  ] as const) {
    const signature = concatBytes(identity, littleEndian(s));
    made.push({
      name: `identity with S = ${name}`,
      check: { publicKey: identity, message, signature },
      valid: false,
    });
  }
  return made;
}

interface Additions {
  readonly onA?: typeof Point.ZERO;
  readonly onR?: typeof Point.ZERO;
  readonly onS?: bigint;
}

/** A signature by the scalar `a` with something added to its parts; S fits the R and the A that are sent. */
function forge(a: bigint, r: bigint, message: Uint8Array, additions: Additions): SignatureCheck {
  const publicKey = Point.BASE.multiply(a)
    .add(additions.onA ?? Point.ZERO)
    .toBytes();
  const encodedR = Point.BASE.multiply(r)
    .add(additions.onR ?? Point.ZERO)
    .toBytes();
  const k = bigFrom(sha512(concatBytes(encodedR, publicKey, message))) % ORDER;
  const s = ((r + k * a) % ORDER) + (additions.onS ?? 0n);
  return { publicKey, message, signature: concatBytes(encodedR, littleEndian(s)) };
}

/** A point of order 8: L times a point of the whole curve, the first such y that gives one. */
function torsionGenerator(): typeof Point.ZERO {
  for (let y = 2n; ; y++) {
    const point = pointAt(y);
    // L is one too many for a scalar of this library, so L − 1 times and once more.
    const small = point?.multiplyUnsafe(ORDER - 1n).add(point);
    if (small !== undefined && !small.double().double().is0()) return small;
  }
}

function pointAt(y: bigint): typeof Point.ZERO | undefined {
  try {
    return Point.fromBytes(littleEndian(y));
  } catch {
    return undefined;
  }
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

function bigFrom(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

const RFC_8032 = [
  [
    'TEST 1',
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    'TEST 2',
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'TEST 3',
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
  [
    'TEST 1024',
    'f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5',
    '278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e',
    'long',
    '0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350aa5371b1508f9f4528ecea23c436d94b5e8fcd4f681e30a6ac00a9704a188a03',
  ],
  [
    'TEST SHA(abc)',
    '833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42',
    'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    'sha',
    'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704',
  ],
] as const;

import { publicKeyOf, type SignatureCheck, sign } from '@calin/core/crypto/signature.ts';

/** Signatures that differ; signing is slow, so larger numbers are made of these. */
const DISTINCT = 32;

const signed: readonly SignatureCheck[] = Array.from({ length: DISTINCT }, (_, i) => {
  const secretKey = new Uint8Array(32).fill(i + 1);
  const message = new Uint8Array(32).fill(255 - i);
  return { publicKey: publicKeyOf(secretKey), message, signature: sign(message, secretKey) };
});

/** So many checks with valid signatures, but for those at the positions `forged`. */
export function signedChecks(count: number, forged: readonly number[]): SignatureCheck[] {
  const checks = Array.from({ length: count }, (_, i) => signed[i % DISTINCT] as SignatureCheck);
  for (const position of forged) {
    const check = checks[position] as SignatureCheck;
    checks[position] = { ...check, message: new Uint8Array(32).fill(position) };
  }
  return checks;
}

import { assert } from '../../base/assert.ts';

/** No hash is above it: the target of a chain on which every attempt counts. */
export const TARGET_MAX = (1n << 256n) - 1n;

/** Three bytes of mantissa, of which Bitcoin reads the highest bit as a sign. */
const MANTISSA_BYTES = 3;
const SIGN_BIT = 0x80_0000;

/**
 * Bitcoin's short form of a target, "nBits": exponent u8 and mantissa of three bytes, which is worth mantissa ×
 * 256^(exponent − 3). It keeps at least 16 significant bits, rounded down.
 *
 * @param target - 1 to {@link TARGET_MAX}
 * @see https://developer.bitcoin.org/reference/block_chain.html#target-nbits
 */
export function encodeCompact(target: bigint): number {
  assert(target >= 1n && target <= TARGET_MAX, 'a target is a number of 1 to 256 bits');
  let exponent = Math.ceil(target.toString(2).length / 8);
  const shift = 8n * BigInt(exponent - MANTISSA_BYTES);
  let mantissa = Number(shift >= 0n ? target >> shift : target << -shift);
  if (mantissa >= SIGN_BIT) {
    mantissa = Math.floor(mantissa / 256);
    exponent += 1;
  }
  return exponent * 0x100_0000 + mantissa;
}

/**
 * The target of a short form.
 *
 * @returns undefined for one that {@link encodeCompact} does not give: another way to write a target, zero, a negative
 *   or one above {@link TARGET_MAX}
 */
export function parseCompact(bits: number): bigint | undefined {
  const exponent = BigInt(bits >>> 24);
  const mantissa = BigInt(bits & 0xff_ffff);
  // A mantissa of 23 bits can be shifted so far before it is above the largest target.
  if (mantissa === 0n || exponent > 34n) return undefined;
  const shift = 8n * (exponent - BigInt(MANTISSA_BYTES));
  const target = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  if (target < 1n || target > TARGET_MAX) return undefined;
  return encodeCompact(target) === bits >>> 0 ? target : undefined;
}

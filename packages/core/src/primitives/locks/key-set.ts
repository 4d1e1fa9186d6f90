import { assert } from '../../base/assert.ts';
import { compareBytes } from '../../base/bytes.ts';
import type { Reader } from '../../codec/reader.ts';
import type { Writer } from '../../codec/writer.ts';
import { PUBLIC_KEY_BYTES, type PublicKey } from '../../crypto/signature.ts';
import { LOCK_KEYS_MAX } from '../limits.ts';

/** Puts keys into the one order in which a set of them is encoded. */
export function sortKeys(publicKeys: readonly PublicKey[]): readonly PublicKey[] {
  return publicKeys.toSorted(compareBytes);
}

/**
 * Writes a set of keys.
 *
 * @throws AssertionError when they are not distinct and ascending (see {@link sortKeys}), when there are more than
 *   16, or when the threshold is not from 1 to their number
 */
export function writeKeySet(writer: Writer, publicKeys: readonly PublicKey[], threshold: number): void {
  assert(publicKeys.length <= LOCK_KEYS_MAX, 'too many keys');
  assert(threshold >= 1 && threshold <= publicKeys.length, `a threshold of ${threshold} keys`);
  assert(isAscending(publicKeys), 'keys are not distinct and ascending');
  for (const publicKey of publicKeys) writer.hash(publicKey);
}

/** Reads `size` keys; they must be distinct and ascending, and `threshold` must be from 1 to `size`. */
export function readKeySet(reader: Reader, size: number, threshold: number): readonly PublicKey[] {
  const count = reader.count(size, LOCK_KEYS_MAX, PUBLIC_KEY_BYTES);
  const publicKeys = Array.from({ length: count }, () => reader.hash());
  reader.canonical(isAscending(publicKeys), 'keys are distinct and ascending');
  reader.canonical(threshold >= 1 && threshold <= size, 'the threshold is from 1 to the number of keys');
  return publicKeys;
}

function isAscending(publicKeys: readonly PublicKey[]): boolean {
  return publicKeys.every((key, i) => i === 0 || compareBytes(publicKeys[i - 1] as PublicKey, key) < 0);
}

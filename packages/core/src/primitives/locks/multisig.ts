import type { Reader } from '../../codec/reader.ts';
import type { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { readKeySet, writeKeySet } from './key-set.ts';
import type { SpendPath } from './spend-path.ts';

/** k of n keys sign. 4 + 32 n bytes: tag 2, k u8, n u8, zero u8, keys in ascending order. 1 ≤ k ≤ n ≤ 16. */
export interface MultisigLock {
  readonly kind: 'multisig';
  readonly threshold: number;
  /** Distinct, in ascending byte order, so that one set has one address. */
  readonly publicKeys: readonly PublicKey[];
}

/** Writes what follows the tag. */
export function writeMultisigLock(writer: Writer, lock: MultisigLock): void {
  writer.u8(lock.threshold).u8(lock.publicKeys.length).u8(0);
  writeKeySet(writer, lock.publicKeys, lock.threshold);
}

/** Reads what follows the tag. */
export function readMultisigLock(reader: Reader): MultisigLock {
  const threshold = reader.u8();
  const size = reader.u8();
  reader.canonical(reader.u8() === 0, 'the unused byte of a multisig lock is zero');
  return { kind: 'multisig', threshold, publicKeys: readKeySet(reader, size, threshold) };
}

/** One path: any `threshold` of the keys. */
export function multisigPaths(lock: MultisigLock): readonly SpendPath[] {
  return [{ publicKeys: lock.publicKeys, threshold: lock.threshold, condition: { kind: 'none' } }];
}

import type { Reader } from '../../codec/reader.ts';
import type { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { readKeySet, writeKeySet } from './key-set.ts';
import type { SpendPath } from './spend-path.ts';

/**
 * The owner spends any time; k of n guardians spend once the coin has rested for a number of blocks, so that an
 * owner who still has the key can move it first. 40 + 32 n bytes: tag 5, k u8, n u8, zero u8, rest u32, owner key,
 * guardian keys in ascending order.
 */
export interface RecoverableLock {
  readonly kind: 'recoverable';
  readonly owner: PublicKey;
  readonly threshold: number;
  readonly guardians: readonly PublicKey[];
  readonly restBlocks: number;
}

/** Path numbers of a recoverable witness. */
export const RECOVERABLE_OWNER = 0;
/** See {@link RECOVERABLE_OWNER}. */
export const RECOVERABLE_GUARDIANS = 1;

/** Writes what follows the tag. */
export function writeRecoverableLock(writer: Writer, lock: RecoverableLock): void {
  writer.u8(lock.threshold).u8(lock.guardians.length).u8(0).u32(lock.restBlocks).hash(lock.owner);
  writeKeySet(writer, lock.guardians, lock.threshold);
}

/** Reads what follows the tag. */
export function readRecoverableLock(reader: Reader): RecoverableLock {
  const threshold = reader.u8();
  const size = reader.u8();
  reader.canonical(reader.u8() === 0, 'the unused byte of a recoverable lock is zero');
  const restBlocks = reader.u32();
  const owner = reader.hash();
  return {
    kind: 'recoverable',
    owner,
    threshold,
    guardians: readKeySet(reader, size, threshold),
    restBlocks,
  };
}

/** Two paths, {@link RECOVERABLE_OWNER} and {@link RECOVERABLE_GUARDIANS}. */
export function recoverablePaths(lock: RecoverableLock): readonly SpendPath[] {
  return [
    { publicKeys: [lock.owner], threshold: 1, condition: { kind: 'none' } },
    {
      publicKeys: lock.guardians,
      threshold: lock.threshold,
      condition: { kind: 'age', blocksMin: lock.restBlocks },
    },
  ];
}

import type { Reader } from '../../codec/reader.ts';
import type { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { SpendPath } from './spend-path.ts';

/** One key signs. 36 bytes: tag 1, three zeros, public key 32. */
export interface KeyLock {
  readonly kind: 'key';
  readonly publicKey: PublicKey;
}

/** Writes what follows the tag. */
export function writeKeyLock(writer: Writer, lock: KeyLock): void {
  writer.u8(0).u16(0).hash(lock.publicKey);
}

/** Reads what follows the tag. */
export function readKeyLock(reader: Reader): KeyLock {
  reader.canonical(reader.u8() === 0 && reader.u16() === 0, 'the unused bytes of a key lock are zero');
  return { kind: 'key', publicKey: reader.hash() };
}

/** One path: the key. */
export function keyPaths(lock: KeyLock): readonly SpendPath[] {
  return [{ publicKeys: [lock.publicKey], threshold: 1, condition: { kind: 'none' } }];
}

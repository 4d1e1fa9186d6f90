import type { Reader } from '../../codec/reader.ts';
import type { Writer } from '../../codec/writer.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { SpendPath } from './spend-path.ts';

/**
 * A hash time-locked contract: the receiver claims with a secret, or the sender takes it back from a height on.
 * 104 bytes: tag 4, three zeros, SHA-256 of the 32-byte secret, receiver key, sender key, refund height u32.
 * SHA-256 because every other chain can check it too, which is what such a lock is for.
 */
export interface HtlcLock {
  readonly kind: 'htlc';
  readonly sha256: Hash;
  readonly receiver: PublicKey;
  readonly sender: PublicKey;
  /** First height at which the sender can take the coin back. The receiver can still claim after it. */
  readonly refundHeight: number;
}

/** Bytes of the secret. One length, so that a secret that fits here fits the other chain as well. */
export const PREIMAGE_BYTES = 32;

/** Path numbers of an htlc witness. */
export const HTLC_CLAIM = 0;
/** See {@link HTLC_CLAIM}. */
export const HTLC_REFUND = 1;

/** Writes what follows the tag. */
export function writeHtlcLock(writer: Writer, lock: HtlcLock): void {
  writer.u8(0).u16(0).hash(lock.sha256).hash(lock.receiver).hash(lock.sender).u32(lock.refundHeight);
}

/** Reads what follows the tag. */
export function readHtlcLock(reader: Reader): HtlcLock {
  reader.canonical(reader.u8() === 0 && reader.u16() === 0, 'the unused bytes of an htlc are zero');
  const sha256 = reader.hash();
  const receiver = reader.hash();
  const sender = reader.hash();
  return { kind: 'htlc', sha256, receiver, sender, refundHeight: reader.u32() };
}

/** Two paths, {@link HTLC_CLAIM} and {@link HTLC_REFUND}. */
export function htlcPaths(lock: HtlcLock): readonly SpendPath[] {
  return [
    { publicKeys: [lock.receiver], threshold: 1, condition: { kind: 'preimage', sha256: lock.sha256 } },
    { publicKeys: [lock.sender], threshold: 1, condition: { kind: 'height', heightMin: lock.refundHeight } },
  ];
}

import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import { type Hash, hash } from '../../crypto/hash.ts';
import { TARGET_MAX } from './compact-target.ts';

/** Bytes of a seal of work: the target in its short form, then the nonce. */
export const WORK_SEAL_BYTES = 12;

/** Bytes of a nonce: more attempts than anybody makes on one header. */
export const NONCE_BYTES = 8;

/** What a seal says: under which target, and with which nonce. */
export interface WorkSeal {
  /** See {@link encodeCompact}. */
  readonly bits: number;
  readonly nonce: Uint8Array;
}

/** The bytes of a seal: bits u32, nonce 8. */
export function encodeWorkSeal({ bits, nonce }: WorkSeal): Uint8Array {
  return new Writer(WORK_SEAL_BYTES).u32(bits).bytes(nonce).finish();
}

/** What a seal of {@link WORK_SEAL_BYTES} bytes says. */
export function readWorkSeal(seal: Uint8Array): WorkSeal {
  const reader = new Reader(seal);
  return { bits: reader.u32(), nonce: reader.take(NONCE_BYTES) };
}

/** The hash that has to be small: that of the header, without its seal, and a nonce. */
export function workHash(sealHash: Hash, nonce: Uint8Array): Hash {
  const message = new Uint8Array(32 + NONCE_BYTES);
  message.set(sealHash);
  message.set(nonce, 32);
  return hash('work', message);
}

/** The number that a hash is compared as: its first byte is the highest. */
export function hashNumber(bytes: Hash): bigint {
  let number = 0n;
  for (let at = 0; at < 32; at += 4) {
    const word = ((bytes[at] as number) * 0x100_0000 + readLow(bytes, at)) >>> 0;
    number = (number << 32n) | BigInt(word);
  }
  return number;
}

/** Hashes that are tried on average until one is not above the target. */
export function expectedHashes(target: bigint): bigint {
  return (TARGET_MAX + 1n) / (target + 1n);
}

function readLow(bytes: Hash, at: number): number {
  return ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}

import { assert } from '../base/assert.ts';
import type { Reader } from '../codec/reader.ts';
import type { Writer } from '../codec/writer.ts';
import { SIGNATURE_BYTES, type Signature } from '../crypto/signature.ts';
import { type Lock, readLock, spendPaths, writeLock } from './lock.ts';
import { PREIMAGE_BYTES } from './locks/htlc.ts';
import type { SpendPath } from './locks/spend-path.ts';

/**
 * Opens one lock: shows it, names the path taken and carries its signatures over the txid.
 * Bytes: path u8, zero u8, signers u16 (bit i = key i of the path signed), the lock, the preimage (32, only where
 * the path asks for one), then one 64-byte signature for each set bit, lowest bit first.
 */
export interface Witness {
  readonly lock: Lock;
  /** Position in {@link spendPaths} of the lock. */
  readonly path: number;
  /** Positions of the keys that signed, ascending; as many as the path's threshold. */
  readonly signers: readonly number[];
  readonly signatures: readonly Signature[];
  readonly preimage: Uint8Array | undefined;
}

/** Bytes of the shortest witness: head 4, key lock 36, signature 64. */
export const WITNESS_BYTES_MIN = 104;

/** The path a witness takes. */
export function witnessPath(witness: Witness): SpendPath {
  const path = spendPaths(witness.lock)[witness.path];
  assert(path !== undefined, 'a witness names a path of its lock');
  return path;
}

/**
 * Writes a witness.
 *
 * @throws AssertionError when {@link readWitness} would not give it back: signers that are not ascending or not as
 *   many as the path asks for, a preimage too many or too few
 */
export function writeWitness(writer: Writer, witness: Witness): void {
  assertShape(witness);
  let bits = 0;
  for (const signer of witness.signers) bits |= 1 << signer;
  writer.u8(witness.path).u8(0).u16(bits);
  writeLock(writer, witness.lock);
  if (witness.preimage !== undefined) writer.bytes(witness.preimage);
  for (const signature of witness.signatures) writer.bytes(signature);
}

/** Reads the witness that starts at the reader's offset. Says nothing about its signatures. */
export function readWitness(reader: Reader): Witness {
  const pathIndex = reader.u8();
  reader.canonical(reader.u8() === 0, 'the unused byte of a witness is zero');
  const bits = reader.u16();
  const lock = readLock(reader);
  const path = spendPaths(lock)[pathIndex];
  if (path === undefined) reader.fail('codec/unknown-tag', { field: 'spend path', got: pathIndex });
  const signers = readSigners(reader, bits, path);
  const preimage = path?.condition.kind === 'preimage' ? reader.take(PREIMAGE_BYTES) : undefined;
  const count = reader.count(signers.length, signers.length, SIGNATURE_BYTES);
  const signatures = Array.from({ length: count }, () => reader.take(SIGNATURE_BYTES));
  return { lock, path: pathIndex, signers, signatures, preimage };
}

function assertShape({ signers, signatures, preimage, ...named }: Witness): void {
  const path = spendPaths(named.lock)[named.path];
  assert(path !== undefined, 'a witness names a path of its lock');
  assert(signers.length === path.threshold, 'exactly the threshold of keys signs');
  const isKey = (signer: number) =>
    Number.isInteger(signer) && signer >= 0 && signer < path.publicKeys.length;
  assert(signers.every(isKey), 'each signer is a key of the path');
  assert(
    signers.every((signer, i) => i === 0 || (signers[i - 1] as number) < signer),
    'signers are distinct and ascending',
  );
  assert(signatures.length === signers.length, 'one signature for each signer');
  assert(
    signatures.every((signature) => signature.length === SIGNATURE_BYTES),
    'signatures of 64 bytes',
  );
  const preimageBytes = path.condition.kind === 'preimage' ? PREIMAGE_BYTES : undefined;
  assert(preimage?.length === preimageBytes, 'a preimage exactly where the path asks for one');
}

function readSigners(reader: Reader, bits: number, path: SpendPath | undefined): readonly number[] {
  if (path === undefined || reader.failure !== undefined) return [];
  const signers: number[] = [];
  for (let i = 0; i < 16; i++) if ((bits >> i) & 1) signers.push(i);
  reader.canonical(signers.length === path.threshold, 'exactly the threshold of keys signs');
  reader.canonical(bits < 2 ** path.publicKeys.length, 'each signer is a key of the path');
  return signers;
}

import { assert } from '../base/assert.ts';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES, type SignatureCheck } from './signature.ts';

/**
 * Bytes of one packed check: public key 32, message 32, signature 64, no padding. Messages are txids, hence 32 bytes.
 * Packed checks travel to other threads as they are, with no object for each signature.
 */
export const SIGNATURE_RECORD_BYTES = 128;
/** Where the message of a record begins, behind the public key. */
const RECORD_MESSAGE_OFFSET = PUBLIC_KEY_BYTES;
/** Where the signature of a record begins. */
const RECORD_SIGNATURE_OFFSET = RECORD_MESSAGE_OFFSET + 32;

/** One record after the other, in the order of the checks. */
export function packSignatureChecks(checks: readonly SignatureCheck[]): Uint8Array {
  const records = new Uint8Array(checks.length * SIGNATURE_RECORD_BYTES);
  for (const [i, { publicKey, message, signature }] of checks.entries()) {
    assert(publicKey.length === PUBLIC_KEY_BYTES, 'a public key of 32 bytes');
    assert(message.length === RECORD_SIGNATURE_OFFSET - RECORD_MESSAGE_OFFSET, 'a message of 32 bytes');
    assert(signature.length === SIGNATURE_BYTES, 'a signature of 64 bytes');
    const start = i * SIGNATURE_RECORD_BYTES;
    records.set(publicKey, start);
    records.set(message, start + RECORD_MESSAGE_OFFSET);
    records.set(signature, start + RECORD_SIGNATURE_OFFSET);
  }
  return records;
}

/** How many checks are packed in an array. */
export function signatureRecordCount(records: Uint8Array): number {
  assert(records.length % SIGNATURE_RECORD_BYTES === 0, 'whole records of 128 bytes');
  return records.length / SIGNATURE_RECORD_BYTES;
}

/** The check at a position, as views of the packed bytes. */
export function unpackSignatureCheck(records: Uint8Array, index: number): SignatureCheck {
  const start = index * SIGNATURE_RECORD_BYTES;
  assert(index >= 0 && start + SIGNATURE_RECORD_BYTES <= records.length, 'a record of the array');
  return {
    publicKey: records.subarray(start, start + RECORD_MESSAGE_OFFSET),
    message: records.subarray(start + RECORD_MESSAGE_OFFSET, start + RECORD_SIGNATURE_OFFSET),
    signature: records.subarray(start + RECORD_SIGNATURE_OFFSET, start + SIGNATURE_RECORD_BYTES),
  };
}

/** True when every check of a stretch was found valid; `valid` as the compute port gives it. */
export function areAllValid(valid: Uint8Array, first: number, count: number): boolean {
  assert(first + count <= valid.length, 'a verdict for each check');
  for (let i = first; i < first + count; i++) if (valid[i] !== 1) return false;
  return true;
}

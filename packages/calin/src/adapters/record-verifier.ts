import { SIGNATURE_RECORD_BYTES, unpackSignatureCheck } from '@calin/core/crypto/signature-records.ts';
import { verifySignatureFast } from './signatures.ts';

/** Words of a record. */
export const RECORD_WORDS = SIGNATURE_RECORD_BYTES / 4;

/** Checks the record that begins at a word, by ZIP-215. */
export type RecordVerifier = (words: Int32Array, start: number) => boolean;

/**
 * Makes a verifier of records with a place of its own for one record: copying 32 words there costs less than three
 * views for each signature, and libsodium is never handed memory that threads share.
 */
export function createRecordVerifier(): RecordVerifier {
  const record = new Uint8Array(SIGNATURE_RECORD_BYTES);
  const target = new Int32Array(record.buffer);
  const check = unpackSignatureCheck(record, 0);
  return (words, start) => {
    for (let i = 0; i < RECORD_WORDS; i++) target[i] = words[start + i] as number;
    return verifySignatureFast(check);
  };
}

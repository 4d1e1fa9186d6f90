import { encodePartial, parsePartial } from '@calin/client/transaction-builder/partial-encoding.ts';
import type { PartialTransaction } from '@calin/client/transaction-builder/partial-transaction.ts';
import { parseHex, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { refuseLock } from './rules.ts';

/** Bytes of the longest file; what the format takes. */
const PARTIAL_FILE_BYTES_MAX = 2 * 2 ** 20;

/** A partially signed transaction as a text that can be pasted into a message: its bytes in hexadecimal. */
export function formatPartialText(partial: PartialTransaction): string {
  return toHex(encodePartial(partial));
}

/**
 * Reads a partially signed transaction from the bytes of a file: as the format is, or as a text of its digits. Refuses
 * by `page/partial`, or as the format does.
 */
export function readPartial(bytes: Uint8Array): Result<PartialTransaction> {
  if (bytes.length > PARTIAL_FILE_BYTES_MAX)
    return refuseLock('page/partial', { got: bytes.length, expected: PARTIAL_FILE_BYTES_MAX });
  if (String.fromCharCode(...bytes.subarray(0, 4)) === 'cpst') return parsePartial(bytes);
  return readPartialText(new TextDecoder().decode(bytes));
}

/** Reads what somebody has pasted; white space is passed over. Refuses by `page/partial`, or as the format does. */
export function readPartialText(text: string): Result<PartialTransaction> {
  const digits = text.replaceAll(/\s+/g, '').toLowerCase();
  const bytes = digits === '' || digits.length > 2 * PARTIAL_FILE_BYTES_MAX ? undefined : parseHex(digits);
  return bytes === undefined ? refuseLock('page/partial', { got: text.slice(0, 20) }) : parsePartial(bytes);
}

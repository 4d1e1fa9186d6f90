import { concatBytes } from '@calin/core/base/bytes.ts';

/**
 * The encoded transfers of one request, end to end in one array: a client that sends for minutes must not hold an array
 * for each transfer, or collecting garbage is half of its work.
 */
export interface JoinedTransfers {
  readonly bytes: Uint8Array;
  /** Where each transfer ends. */
  readonly ends: readonly number[];
}

/** Puts the encoded transfers of one request end to end. */
export function joinTransfers(transfers: readonly Uint8Array[]): JoinedTransfers {
  let end = 0;
  return { bytes: concatBytes(...transfers), ends: transfers.map(({ length }) => (end += length)) };
}

/** The transfers one by one, without a copy. */
export function splitTransfers({ bytes, ends }: JoinedTransfers): Uint8Array[] {
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

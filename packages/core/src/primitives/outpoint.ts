import type { Reader } from '../codec/reader.ts';
import type { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';

/** Names one output of one transaction. 36 bytes: txid 32, index u32. */
export interface Outpoint {
  readonly txid: Hash;
  readonly index: number;
}

/** Bytes of an outpoint. */
export const OUTPOINT_BYTES = 36;

/** Writes 36 bytes. */
export function writeOutpoint(writer: Writer, outpoint: Outpoint): void {
  writer.hash(outpoint.txid).u32(outpoint.index);
}

/** Reads 36 bytes. */
export function readOutpoint(reader: Reader): Outpoint {
  return { txid: reader.hash(), index: reader.u32() };
}

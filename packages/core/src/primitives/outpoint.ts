import type { Reader } from '../codec/reader.ts';
import type { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';

/** Names one output of one transaction. 36 bytes: txid 32, index u32. */
export interface Outpoint {
  readonly txid: Hash;
  readonly index: number;
}

export const OUTPOINT_BYTES = 36;

export function writeOutpoint(writer: Writer, outpoint: Outpoint): void {
  writer.bytes(outpoint.txid).u32(outpoint.index);
}

export function readOutpoint(reader: Reader): Outpoint {
  return { txid: reader.hash(), index: reader.u32() };
}

import type { Amount } from '../base/amount.ts';
import type { Reader } from '../codec/reader.ts';
import type { Writer } from '../codec/writer.ts';
import type { Address } from './address.ts';

/** Names an asset: 0 is the native coin, others are derived from the transaction that created them (53 bits). */
export type AssetId = number;

/** The native coin. */
export const NATIVE_ASSET: AssetId = 0;

/** What a transaction creates: an amount of one asset at one address. 48 bytes: asset u64, amount u64, address 32. */
export interface Output {
  readonly asset: AssetId;
  /** At least 1: an output of nothing is refused. */
  readonly amount: Amount;
  readonly address: Address;
}

/** Bytes of an output. */
export const OUTPUT_BYTES = 48;

/** Writes 48 bytes. */
export function writeOutput(writer: Writer, output: Output): void {
  writer.u53(output.asset).u53(output.amount).hash(output.address);
}

/** Reads 48 bytes. The ledger refuses an amount of 0, not the parser: a tool may want to show it. */
export function readOutput(reader: Reader): Output {
  const asset = reader.u53();
  // u53 has refused everything above 2^53 − 1, so the brand holds.
  const amount = reader.u53() as Amount;
  return { asset, amount, address: reader.hash() };
}

import { fromHex, toHex } from '../../base/bytes.ts';
import {
  amountField,
  hex,
  type Infer,
  integer,
  object,
  type Schema,
  string,
  withDefault,
} from '../../base/schema.ts';
import type { Outpoint } from '../../primitives/outpoint.ts';

/** 32 bytes as 64 hexadecimal digits. */
export function hashField(description: string): Schema<string> {
  return hex(description, { bytes: 32 });
}

/** At most so many bytes as base64, two thirds of the length of hexadecimal: for answers that are long. */
export function base64Field(description: string, bytesMax: number): Schema<string> {
  return string(description, { lengthMax: Math.ceil(bytesMax / 3) * 4, pattern: '^[A-Za-z0-9+/]*={0,2}$' });
}

/** An address as text. Its checksum and network are checked when it is used, because the schema knows no network. */
export function addressField(description: string): Schema<string> {
  return string(description, { lengthMax: 90 });
}

/** An asset id: 0 is the native coin. */
export function assetField(description = 'Asset id; 0 is the native coin.'): Schema<number> {
  return integer(description);
}

/** A number of base units. */
export function unitsField(description: string): Schema<number> {
  return amountField(description) as Schema<number>;
}

/** A height, u32. */
export function heightField(description: string): Schema<number> {
  return integer(description, 0, 0xffff_ffff);
}

/** A field that may be left out and has the value `fallback` then. */
export function defaulted<T>(inner: Schema<T>, fallback: NoInfer<T>): Schema<T | undefined> {
  return withDefault(inner, fallback);
}

/** Names one output. */
export const outpointJson = object('One output of one transaction.', {
  txid: hashField('Id of the transaction.'),
  index: integer('Position among its outputs, from 0.', 0, 0x7fff_ffff),
});

/** See {@link outpointJson}. */
export type OutpointJson = Infer<typeof outpointJson>;

/** An outpoint as JSON. */
export function presentOutpoint({ txid, index }: Outpoint): OutpointJson {
  return { txid: toHex(txid), index };
}

/** The outpoint of JSON that the schema has checked. */
export function readOutpointJson({ txid, index }: OutpointJson): Outpoint {
  return { txid: fromHex(txid), index };
}

/** No parameters. */
export const noParams = object('No parameters.', {});

import { amount } from '@calin/core/base/amount.ts';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { parseAddress } from '@calin/core/primitives/address.ts';
import { type Header, headerId } from '@calin/core/primitives/header.ts';
import type { HeaderJson } from '../../../node/shapes.ts';
import { flipBit } from '../bits.ts';

/** A header as the node tells it, read back into what is hashed. Refuses an address of another network. */
export function readHeaderJson(json: HeaderJson): Result<Header> {
  const prefix = json.producer.slice(0, json.producer.lastIndexOf('1'));
  const producer = parseAddress(json.producer, prefix);
  if (!producer.ok) return producer;
  return ok({
    version: json.version,
    height: json.height,
    parent: fromHex(json.parent),
    timeMs: json.timeMs,
    producer: producer.value,
    txRoot: fromHex(json.txRoot),
    receiptRoot: fromHex(json.receiptRoot),
    stateRoot: fromHex(json.stateRoot),
    gasUsed: json.gasUsed,
    baseFee: amount(json.baseFee),
    seal: fromHex(json.seal),
  });
}

/** Fields that are numbers, by the names that pages give them. */
export const NUMBER_FIELDS = {
  height: 'Height',
  timeMs: 'Time',
  gasUsed: 'Gas used',
  baseFee: 'Base fee',
} as const;
/** One of them. */
export type NumberField = keyof typeof NUMBER_FIELDS;

/** Fields that are bytes. */
export const BYTES_FIELDS = {
  parent: 'Parent',
  producer: 'Producer',
  txRoot: 'Root of the transactions',
  receiptRoot: 'Root of the receipts',
  stateRoot: 'Root of the state',
  seal: 'Seal',
} as const;
/** One of them. */
export type BytesField = keyof typeof BYTES_FIELDS;

/** The header with a number moved by a step; it stays at 0 where it would be less. */
export function moveNumber(header: Header, field: NumberField, step: number): Header {
  return { ...header, [field]: amount(Math.max(0, header[field] + step)) };
}

/** The header with the lowest bit of a field turned over; a field without bytes stays empty. */
export function turnBit(header: Header, field: BytesField): Header {
  const bytes = header[field];
  return bytes.length === 0 ? header : { ...header, [field]: flipBit(bytes, 8 * bytes.length - 1) };
}

/** The id of a header, in hexadecimal. */
export function idOf(header: Header): string {
  return toHex(headerId(header));
}

const FIELDS: readonly NumberField[] = ['height', 'timeMs', 'gasUsed', 'baseFee'];

/** A copy of a header in which somebody has changed one number by one. The dice say which: a number from 0 on. */
export function damageHeader(header: Header, dice: number): Header {
  return moveNumber(header, FIELDS[dice % FIELDS.length] ?? 'height', 1);
}

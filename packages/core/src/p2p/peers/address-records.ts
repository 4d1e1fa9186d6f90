import type { SipKey } from '../../base/half-sip-hash.ts';
import type { Result } from '../../base/result.ts';
import { utf8Bytes } from '../../base/text.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PeerAddress } from '../../ports/network.ts';
import type { AddressEntry } from './address-entry.ts';
import { readAscii } from './ban-records.ts';
import { BUCKET_SLOTS, NEW_BUCKETS, TRIED_BUCKETS } from './limits.ts';

/** An entry as it is saved; its place follows from the secret. */
export type SavedEntry = Omit<AddressEntry, 'group' | 'bucket' | 'slot' | 'isTried'>;

/** What is saved of a book beside its buckets. */
export interface SavedBook {
  readonly key: SipKey;
  /** Numbers of the buckets that have a record, ascending. */
  readonly buckets: readonly number[];
}

/** Characters of an address and of a group, which may be an address. */
const ADDRESS_LENGTH_MAX = 256;

/** Two lengths, three times, attempts. */
const ENTRY_BYTES_MIN = 30;

const ATTEMPTS_SAVED_MAX = 0xffff;

/** The entries of one bucket as bytes. */
export function encodeEntries(entries: readonly SavedEntry[]): Uint8Array {
  const writer = new Writer(1024).u8(entries.length);
  for (const { address, source, heardMs, attemptMs, successMs, attempts } of entries) {
    writeText(writer, address);
    writeText(writer, source);
    writer.u53(heardMs).u53(attemptMs).u53(successMs).u16(Math.min(attempts, ATTEMPTS_SAVED_MAX));
  }
  return writer.finish();
}

/** Reads what {@link encodeEntries} wrote; a damaged record is refused by a `codec/…` rule. */
export function parseEntries(bytes: Uint8Array): Result<readonly SavedEntry[]> {
  const reader = new Reader(bytes);
  const count = reader.count(reader.u8(), BUCKET_SLOTS, ENTRY_BYTES_MIN);
  const entries: SavedEntry[] = [];
  for (let i = 0; i < count && reader.failure === undefined; i++) {
    const address = readAscii(reader, ADDRESS_LENGTH_MAX, reader.u16());
    const source = readAscii(reader, ADDRESS_LENGTH_MAX, reader.u16());
    const times = { heardMs: reader.u53(), attemptMs: reader.u53(), successMs: reader.u53() };
    entries.push({ address, source, ...times, attempts: reader.u16() });
  }
  return reader.finish(entries);
}

/** The secret and the list of buckets as bytes. */
export function encodeBook({ key, buckets }: SavedBook): Uint8Array {
  const writer = new Writer(16 + 2 * buckets.length);
  writer
    .u32(key.low >>> 0)
    .u32(key.high >>> 0)
    .u16(buckets.length);
  for (const bucket of buckets) writer.u16(bucket);
  return writer.finish();
}

/** Reads what {@link encodeBook} wrote. */
export function parseBook(bytes: Uint8Array): Result<SavedBook> {
  const reader = new Reader(bytes);
  const key = { low: reader.u32(), high: reader.u32() };
  const count = reader.count(reader.u16(), NEW_BUCKETS + TRIED_BUCKETS, 2);
  const buckets: number[] = [];
  for (let i = 0; i < count; i++) buckets.push(reader.u16());
  return reader.finish({ key, buckets });
}

/** A short list of addresses as bytes. */
export function encodeAddresses(addresses: readonly PeerAddress[]): Uint8Array {
  const writer = new Writer().u8(addresses.length);
  for (const address of addresses) writeText(writer, address);
  return writer.finish();
}

/** Reads what {@link encodeAddresses} wrote. */
export function parseAddresses(bytes: Uint8Array, countMax: number): Result<readonly PeerAddress[]> {
  const reader = new Reader(bytes);
  const count = reader.count(reader.u8(), countMax, 2);
  const addresses: PeerAddress[] = [];
  for (let i = 0; i < count && reader.failure === undefined; i++) {
    addresses.push(readAscii(reader, ADDRESS_LENGTH_MAX, reader.u16()));
  }
  return reader.finish(addresses);
}

function writeText(writer: Writer, text: string): void {
  const bytes = utf8Bytes(text);
  writer.u16(bytes.length).bytes(bytes);
}

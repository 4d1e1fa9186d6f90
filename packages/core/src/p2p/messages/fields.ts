import { assert } from '../../base/assert.ts';
import { utf8Bytes } from '../../base/text.ts';
import type { Reader } from '../../codec/reader.ts';
import type { Writer } from '../../codec/writer.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PeerAddress } from '../../ports/network.ts';
import { HEADER_BYTES_MIN, type Header, readHeader } from '../../primitives/header.ts';
import { ADDRESS_CHARACTERS_MAX } from './limits.ts';

/** Where a node's best branch ends: what it says, which is only a claim. */
export interface HeadStatus {
  readonly id: Hash;
  readonly height: number;
  /** Sum of the weights from genesis; below 2^256. */
  readonly weight: bigint;
}

/** Bytes of a {@link HeadStatus}: id 32, height u32, weight as eight u32, the lowest first. */
export const HEAD_STATUS_BYTES = 68;

/** Writes a {@link HeadStatus}. */
export function writeHeadStatus(writer: Writer, { id, height, weight }: HeadStatus): void {
  assert(weight >= 0n && weight < 1n << 256n, 'a weight below 2^256');
  writer.hash(id).u32(height);
  for (let word = 0n; word < 256n; word += 32n) writer.u32(Number((weight >> word) & 0xffff_ffffn));
}

/** Reads a {@link HeadStatus}. */
export function readHeadStatus(reader: Reader): HeadStatus {
  const id = reader.hash();
  const height = reader.u32();
  let weight = 0n;
  for (let word = 0n; word < 256n; word += 32n) weight |= BigInt(reader.u32()) << word;
  return { id, height, weight };
}

/** Bytes of a text on the wire: its length u16, then printable ASCII. */
export function textBytes(text: string): number {
  return 2 + text.length;
}

/** Writes printable ASCII. */
export function writeText(writer: Writer, text: string): void {
  const bytes = utf8Bytes(text);
  assert(bytes.length === text.length, 'a text of ASCII characters');
  writer.u16(bytes.length).bytes(bytes);
}

/** Reads printable ASCII (codes 32 to 126) of at most `charactersMax` characters. */
export function readText(reader: Reader, charactersMax: number): string {
  const length = reader.count(reader.u16(), charactersMax, 1);
  const bytes = reader.take(length);
  if (bytes.some((code) => code < 32 || code > 126)) reader.fail('codec/text');
  return reader.failure === undefined ? String.fromCharCode(...bytes) : '';
}

/** Bytes of a list of addresses: their number u8, then texts. */
export function addressesBytes(addresses: readonly PeerAddress[]): number {
  return addresses.reduce((sum, address) => sum + textBytes(address), 1);
}

/** Writes addresses. */
export function writeAddresses(writer: Writer, addresses: readonly PeerAddress[]): void {
  writer.u8(addresses.length);
  for (const address of addresses) writeText(writer, address);
}

/** Reads at most `max` addresses, none of them empty. */
export function readAddresses(reader: Reader, max: number): readonly PeerAddress[] {
  const count = reader.count(reader.u8(), max, 3);
  const addresses: PeerAddress[] = [];
  for (let i = 0; i < count; i++) {
    const address = readText(reader, ADDRESS_CHARACTERS_MAX);
    if (address.length === 0) reader.fail('codec/text');
    addresses.push(address);
  }
  return addresses;
}

/** Bytes of a list of hashes: their number u16, then 32 each. */
export function hashesBytes(hashes: readonly Hash[]): number {
  return 2 + 32 * hashes.length;
}

/** Writes hashes. */
export function writeHashes(writer: Writer, hashes: readonly Hash[]): void {
  writer.u16(hashes.length);
  for (const hash of hashes) writer.hash(hash);
}

/** Reads at most `max` hashes. */
export function readHashes(reader: Reader, max: number): readonly Hash[] {
  const count = reader.count(reader.u16(), max, 32);
  return Array.from({ length: count }, () => reader.hash());
}

/** The same as views of the frame, for who does not keep them: a copy of its own costs ten times a view. */
export function viewHashes(reader: Reader, max: number): readonly Hash[] {
  const count = reader.count(reader.u16(), max, 32);
  return Array.from({ length: count }, () => reader.view(32));
}

/** Bytes of a byte string: its length u32, then it. */
export function blobBytes(blob: Uint8Array): number {
  return 4 + blob.length;
}

/** Writes a byte string. */
export function writeBlob(writer: Writer, blob: Uint8Array): void {
  writer.u32(blob.length).bytes(blob);
}

/** Reads a byte string of at most `bytesMax` bytes; a copy, so that it does not hold on to the frame. */
export function readBlob(reader: Reader, bytesMax: number): Uint8Array {
  return reader.take(reader.count(reader.u32(), bytesMax, 1));
}

/** Bytes of a list of byte strings: their number u32, then each. */
export function blobsBytes(blobs: readonly Uint8Array[]): number {
  return blobs.reduce((sum, blob) => sum + blobBytes(blob), 4);
}

/** Writes byte strings. */
export function writeBlobs(writer: Writer, blobs: readonly Uint8Array[]): void {
  writer.u32(blobs.length);
  for (const blob of blobs) writeBlob(writer, blob);
}

/** Reads byte strings, none of them empty; as many as `max`, each of at most `bytesMax` bytes. */
export function readBlobs(reader: Reader, max: number, bytesMax: number): readonly Uint8Array[] {
  return viewBlobs(reader, max, bytesMax).map((blob) => blob.slice());
}

/** The same as views of the frame, for who does not keep them. */
export function viewBlobs(reader: Reader, max: number, bytesMax: number): readonly Uint8Array[] {
  const count = reader.count(reader.u32(), max, 5);
  const blobs: Uint8Array[] = [];
  for (let i = 0; i < count && reader.failure === undefined; i++) {
    const blob = reader.view(reader.count(reader.u32(), bytesMax, 1));
    if (blob.length === 0) reader.fail('codec/limit', { got: 0, expected: 1 });
    blobs.push(blob);
  }
  return blobs;
}

/** Bytes of a list of indexes: their number u32, then u32 each. */
export function indexesBytes(indexes: readonly number[]): number {
  return 4 + 4 * indexes.length;
}

/** Writes indexes in ascending order. */
export function writeIndexes(writer: Writer, indexes: readonly number[]): void {
  writer.u32(indexes.length);
  for (const index of indexes) writer.u32(index);
}

/** Reads at most `max` indexes, each above the one before. */
export function readIndexes(reader: Reader, max: number): readonly number[] {
  const count = reader.count(reader.u32(), max, 4);
  const indexes: number[] = [];
  for (let i = 0, last = -1; i < count; i++) {
    const index = reader.u32();
    reader.canonical(index > last, 'indexes are not in ascending order');
    indexes.push(index);
    last = index;
  }
  return indexes;
}

/** Bytes of a header as `writeHeader` writes it. */
export function headerBytes({ seal }: Header): number {
  return Math.ceil((HEADER_BYTES_MIN + seal.length) / 4) * 4;
}

/** Reads headers: their number u16, then each. */
export function readHeaders(reader: Reader, max: number): readonly Header[] {
  const count = reader.count(reader.u16(), max, HEADER_BYTES_MIN);
  const headers: Header[] = [];
  for (let i = 0; i < count && reader.failure === undefined; i++) headers.push(readHeader(reader));
  return headers;
}

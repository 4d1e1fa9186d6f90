import type { Hash } from '../../crypto/hash.ts';
import { blobBytes, readBlob, writeBlob } from './fields.ts';
import { CHUNK_BYTES_MAX, OUTLINE_PART_BYTES_MAX } from './limits.ts';
import type { MessageCodec } from './message-codec.ts';

/** Asks for the outline of the newest state the receiver can give. */
export interface SnapshotRequestMessage {
  readonly kind: 'snapshot-request';
  readonly request: number;
}

/** Answers a {@link SnapshotRequestMessage}: one part of the outline, the others follow. No parts: there is none. */
export interface SnapshotOutlineMessage {
  readonly kind: 'snapshot-outline';
  readonly request: number;
  /** The number of this part, from 0. */
  readonly part: number;
  /** How many parts there are. */
  readonly parts: number;
  readonly bytes: Uint8Array;
}

/** Asks for one chunk of the snapshot with an outline. */
export interface ChunkRequestMessage {
  readonly kind: 'chunk-request';
  readonly request: number;
  /** The name of the outline: whoever has another one has other chunks. */
  readonly outline: Hash;
  /** The number of the chunk in the outline. */
  readonly index: number;
}

/** Answers a {@link ChunkRequestMessage}; empty when the sender does not have that snapshot, or has it no more. */
export interface ChunkMessage {
  readonly kind: 'chunk';
  readonly request: number;
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** {@link SnapshotRequestMessage}: request u32. */
export const snapshotRequestCodec: MessageCodec<SnapshotRequestMessage> = {
  tag: 0x28,
  family: 'snapshot',
  lane: 'urgent',
  bytesMax: 5,
  write: (writer, { request }) => void writer.u32(request),
  read: (reader) => ({ kind: 'snapshot-request', request: reader.u32() }),
  bytes: () => 4,
};

/** {@link SnapshotOutlineMessage}: request u32, part u16, parts u16, length u32, bytes. */
export const snapshotOutlineCodec: MessageCodec<SnapshotOutlineMessage> = {
  tag: 0x29,
  family: 'snapshot',
  lane: 'bulk',
  bytesMax: 1 + 4 + 4 + 4 + OUTLINE_PART_BYTES_MAX,
  write: (writer, { request, part, parts, bytes }) =>
    writeBlob(writer.u32(request).u16(part).u16(parts), bytes),
  read: (reader) => ({
    kind: 'snapshot-outline',
    request: reader.u32(),
    part: reader.u16(),
    parts: reader.u16(),
    bytes: readBlob(reader, OUTLINE_PART_BYTES_MAX),
  }),
  bytes: ({ bytes }) => 8 + blobBytes(bytes),
};

/** {@link ChunkRequestMessage}: request u32, outline 32, index u32. */
export const chunkRequestCodec: MessageCodec<ChunkRequestMessage> = {
  tag: 0x2a,
  family: 'snapshot',
  lane: 'urgent',
  bytesMax: 41,
  write: (writer, { request, outline, index }) => void writer.u32(request).hash(outline).u32(index),
  read: (reader) => ({
    kind: 'chunk-request',
    request: reader.u32(),
    outline: reader.hash(),
    index: reader.u32(),
  }),
  bytes: () => 40,
};

/** {@link ChunkMessage}: request u32, index u32, length u32, bytes. */
export const chunkCodec: MessageCodec<ChunkMessage> = {
  tag: 0x2b,
  family: 'snapshot',
  lane: 'bulk',
  bytesMax: 1 + 4 + 4 + 4 + CHUNK_BYTES_MAX,
  write: (writer, { request, index, bytes }) => writeBlob(writer.u32(request).u32(index), bytes),
  read: (reader) => ({
    kind: 'chunk',
    request: reader.u32(),
    index: reader.u32(),
    bytes: readBlob(reader, CHUNK_BYTES_MAX),
  }),
  bytes: ({ bytes }) => 8 + blobBytes(bytes),
};

import { blobBytes, readBlob, writeBlob } from './fields.ts';
import { CHUNK_BYTES_MAX, MANIFEST_PIECE_BYTES_MAX } from './limits.ts';
import type { MessageCodec } from './message-codec.ts';

/** Asks for the manifest of the newest state the receiver can give. */
export interface SnapshotRequestMessage {
  readonly kind: 'snapshot-request';
  readonly request: number;
}

/** Answers a {@link SnapshotRequestMessage}: one piece of the manifest, the others follow. No pieces: there is none. */
export interface SnapshotManifestMessage {
  readonly kind: 'snapshot-manifest';
  readonly request: number;
  /** The number of this piece, from 0. */
  readonly piece: number;
  /** How many pieces there are. */
  readonly pieces: number;
  readonly bytes: Uint8Array;
}

/** Asks for one chunk of the state after the block at a height. */
export interface ChunkRequestMessage {
  readonly kind: 'chunk-request';
  readonly request: number;
  readonly height: number;
  /** The number of the chunk in the manifest. */
  readonly index: number;
}

/** Answers a {@link ChunkRequestMessage}; empty when the sender has that state no more. */
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

/** {@link SnapshotManifestMessage}: request u32, piece u16, pieces u16, length u32, bytes. */
export const snapshotManifestCodec: MessageCodec<SnapshotManifestMessage> = {
  tag: 0x29,
  family: 'snapshot',
  lane: 'bulk',
  bytesMax: 1 + 4 + 4 + 4 + MANIFEST_PIECE_BYTES_MAX,
  write: (writer, { request, piece, pieces, bytes }) =>
    writeBlob(writer.u32(request).u16(piece).u16(pieces), bytes),
  read: (reader) => ({
    kind: 'snapshot-manifest',
    request: reader.u32(),
    piece: reader.u16(),
    pieces: reader.u16(),
    bytes: readBlob(reader, MANIFEST_PIECE_BYTES_MAX),
  }),
  bytes: ({ bytes }) => 8 + blobBytes(bytes),
};

/** {@link ChunkRequestMessage}: request u32, height u32, index u32. */
export const chunkRequestCodec: MessageCodec<ChunkRequestMessage> = {
  tag: 0x2a,
  family: 'snapshot',
  lane: 'urgent',
  bytesMax: 13,
  write: (writer, { request, height, index }) => void writer.u32(request).u32(height).u32(index),
  read: (reader) => ({
    kind: 'chunk-request',
    request: reader.u32(),
    height: reader.u32(),
    index: reader.u32(),
  }),
  bytes: () => 12,
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

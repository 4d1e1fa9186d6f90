import type { Hash } from '../../crypto/hash.ts';
import type { Header } from '../../primitives/header.ts';
import { BLOCK_BYTES_MAX } from '../../primitives/limits.ts';
import { blobBytes, readBlob, writeBlob } from './fields.ts';
import { FRAME_BYTES_MAX, PAST_BLOCKS_MAX, PAST_HEADERS_MAX } from './limits.ts';
import { headersCodecOf, idsCodecOf } from './list-codecs.ts';
import type { MessageCodec } from './message-codec.ts';

/** Asks for headers of the receiver's best branch from a height on; for nodes that begin with a snapshot. */
export interface PastHeadersRequestMessage {
  readonly kind: 'past-headers-request';
  readonly request: number;
  readonly height: number;
  /** Headers wanted, at most 256. */
  readonly limit: number;
}

/** Answers a {@link PastHeadersRequestMessage}: headers in a row, oldest first; none: there are no more. */
export interface PastHeadersMessage {
  readonly kind: 'past-headers';
  readonly request: number;
  readonly headers: readonly Header[];
}

/** Asks for final blocks with their receipts, at most 16. */
export interface PastBlocksRequestMessage {
  readonly kind: 'past-blocks-request';
  readonly request: number;
  readonly ids: readonly Hash[];
}

/** The block, or the receipts end to end, of one id of a {@link PastBlocksRequestMessage}; empty: it is not there. */
export interface PastRecordMessage {
  readonly kind: 'past-record';
  readonly request: number;
  readonly id: Hash;
  readonly record: 'block' | 'receipts';
  readonly bytes: Uint8Array;
}

/** {@link PastHeadersRequestMessage}: request u32, height u32, limit u16. */
export const pastHeadersRequestCodec: MessageCodec<PastHeadersRequestMessage> = {
  tag: 0x2c,
  family: 'snapshot',
  lane: 'urgent',
  bytesMax: 11,
  write: (writer, { request, height, limit }) => void writer.u32(request).u32(height).u16(limit),
  read: (reader) => ({
    kind: 'past-headers-request',
    request: reader.u32(),
    height: reader.u32(),
    limit: reader.count(reader.u16(), PAST_HEADERS_MAX, 0),
  }),
  bytes: () => 10,
};

/** {@link PastHeadersMessage}: request u32, number u16, headers. */
export const pastHeadersCodec: MessageCodec<PastHeadersMessage> = headersCodecOf('past-headers', {
  tag: 0x2d,
  family: 'snapshot',
  lane: 'bulk',
  max: PAST_HEADERS_MAX,
});

/** {@link PastBlocksRequestMessage}: request u32, number u16, ids 32 each. */
export const pastBlocksRequestCodec: MessageCodec<PastBlocksRequestMessage> = idsCodecOf(
  'past-blocks-request',
  { tag: 0x2e, family: 'snapshot', lane: 'urgent', max: PAST_BLOCKS_MAX },
);

/** {@link PastRecordMessage}: request u32, id 32, record u8 (0 block, 1 receipts), length u32, bytes. */
export const pastRecordCodec: MessageCodec<PastRecordMessage> = {
  tag: 0x2f,
  family: 'snapshot',
  lane: 'bulk',
  bytesMax: FRAME_BYTES_MAX,
  write: (writer, { request, id, record, bytes }) =>
    writeBlob(
      writer
        .u32(request)
        .hash(id)
        .u8(record === 'block' ? 0 : 1),
      bytes,
    ),
  read(reader) {
    const request = reader.u32();
    const id = reader.hash();
    const tag = reader.u8();
    reader.canonical(tag <= 1, 'a block or its receipts');
    const record = tag === 0 ? 'block' : 'receipts';
    return { kind: 'past-record', request, id, record, bytes: readBlob(reader, BLOCK_BYTES_MAX) };
  },
  bytes: ({ bytes }) => 37 + blobBytes(bytes),
};

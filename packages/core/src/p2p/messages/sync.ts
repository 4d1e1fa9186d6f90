import type { Hash } from '../../crypto/hash.ts';
import type { Header } from '../../primitives/header.ts';
import { BLOCK_BYTES_MAX } from '../../primitives/limits.ts';
import { blobBytes, hashesBytes, readBlob, readHashes, writeBlob, writeHashes } from './fields.ts';
import { BODIES_MAX, FRAME_BYTES_MAX, HEADERS_MAX, LOCATOR_MAX } from './limits.ts';
import { headersCodecOf, idsCodecOf } from './list-codecs.ts';
import type { MessageCodec } from './message-codec.ts';

/** Asks for the headers after the first block of the locator that the receiver's best branch holds. */
export interface HeadersRequestMessage {
  readonly kind: 'headers-request';
  readonly request: number;
  /** Ids of the sender's best branch, the head first; at most 100. */
  readonly locator: readonly Hash[];
  /** Headers wanted, at most 2,000. */
  readonly limit: number;
}

/** Answers a {@link HeadersRequestMessage}: headers that follow one another, oldest first; none: there is no more. */
export interface HeadersMessage {
  readonly kind: 'headers';
  readonly request: number;
  readonly headers: readonly Header[];
}

/** Asks for whole blocks, at most 64. */
export interface BodiesRequestMessage {
  readonly kind: 'bodies-request';
  readonly request: number;
  readonly ids: readonly Hash[];
}

/** One block of a {@link BodiesRequestMessage}; they come in the order of the request. */
export interface BodyMessage {
  readonly kind: 'body';
  readonly request: number;
  readonly id: Hash;
  /** The whole block. */
  readonly bytes: Uint8Array;
}

/** Blocks of a {@link BodiesRequestMessage} that will not come. */
export interface BodiesMissingMessage {
  readonly kind: 'bodies-missing';
  readonly request: number;
  readonly ids: readonly Hash[];
}

/** {@link HeadersRequestMessage}: request u32, limit u16, number u16, ids 32 each. */
export const headersRequestCodec: MessageCodec<HeadersRequestMessage> = {
  tag: 0x20,
  family: 'headers',
  lane: 'urgent',
  bytesMax: 1 + 4 + 2 + 2 + 32 * LOCATOR_MAX,
  write: (writer, { request, locator, limit }) => writeHashes(writer.u32(request).u16(limit), locator),
  read(reader) {
    const request = reader.u32();
    const limit = reader.count(reader.u16(), HEADERS_MAX, 0);
    return { kind: 'headers-request', request, limit, locator: readHashes(reader, LOCATOR_MAX) };
  },
  bytes: ({ locator }) => 6 + hashesBytes(locator),
};

/** {@link HeadersMessage}: request u32, number u16, headers. */
export const headersCodec: MessageCodec<HeadersMessage> = headersCodecOf('headers', {
  tag: 0x21,
  family: 'headers',
  lane: 'bulk',
  max: HEADERS_MAX,
});

/** {@link BodiesRequestMessage}: request u32, number u16, ids 32 each. */
export const bodiesRequestCodec: MessageCodec<BodiesRequestMessage> = idsCodecOf('bodies-request', {
  tag: 0x22,
  family: 'bodies',
  lane: 'urgent',
  max: BODIES_MAX,
});

/** {@link BodyMessage}: request u32, id 32, length u32, block. */
export const bodyCodec: MessageCodec<BodyMessage> = {
  tag: 0x23,
  family: 'bodies',
  lane: 'bulk',
  bytesMax: FRAME_BYTES_MAX,
  write: (writer, { request, id, bytes }) => writeBlob(writer.u32(request).hash(id), bytes),
  read: (reader) => ({
    kind: 'body',
    request: reader.u32(),
    id: reader.hash(),
    bytes: readBlob(reader, BLOCK_BYTES_MAX),
  }),
  bytes: ({ bytes }) => 36 + blobBytes(bytes),
};

/** {@link BodiesMissingMessage}: request u32, number u16, ids 32 each. */
export const bodiesMissingCodec: MessageCodec<BodiesMissingMessage> = idsCodecOf('bodies-missing', {
  tag: 0x24,
  family: 'bodies',
  lane: 'bulk',
  max: BODIES_MAX,
});

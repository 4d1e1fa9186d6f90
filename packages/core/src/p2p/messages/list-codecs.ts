import type { Hash } from '../../crypto/hash.ts';
import { type Header, writeHeader } from '../../primitives/header.ts';
import { hashesBytes, headerBytes, readHashes, readHeaders, writeHashes } from './fields.ts';
import { HEADERS_BYTES_MAX } from './limits.ts';
import type { MessageCodec } from './message-codec.ts';

/** A message that names blocks. */
interface IdsMessage<K> {
  readonly kind: K;
  readonly request: number;
  readonly ids: readonly Hash[];
}

/** A message that carries headers. */
interface HeadersOf<K> {
  readonly kind: K;
  readonly request: number;
  readonly headers: readonly Header[];
}

/** Where a message stands among the others, and the most ids or headers that it carries. */
type Frame = Pick<MessageCodec<never>, 'family' | 'lane' | 'tag'> & { readonly max: number };

/** The codec of a message that names blocks: request u32, number u16, ids 32 each. */
export function idsCodecOf<K extends string>(kind: K, { max, ...frame }: Frame): MessageCodec<IdsMessage<K>> {
  return {
    ...frame,
    bytesMax: 1 + 4 + 2 + 32 * max,
    write: (writer, { request, ids }) => writeHashes(writer.u32(request), ids),
    read: (reader) => ({ kind, request: reader.u32(), ids: readHashes(reader, max) }),
    bytes: ({ ids }) => 4 + hashesBytes(ids),
  };
}

/** The codec of a message that carries headers: request u32, number u16, headers. */
export function headersCodecOf<K extends string>(
  kind: K,
  { max, ...frame }: Frame,
): MessageCodec<HeadersOf<K>> {
  return {
    ...frame,
    bytesMax: 1 + 4 + 2 + HEADERS_BYTES_MAX,
    write(writer, { request, headers }) {
      writer.u32(request).u16(headers.length);
      for (const header of headers) writeHeader(writer, header);
    },
    read: (reader) => ({ kind, request: reader.u32(), headers: readHeaders(reader, max) }),
    bytes: ({ headers }) => headers.reduce((sum, header) => sum + headerBytes(header), 6),
  };
}

import { toBase64 } from '../../base/base64.ts';
import { concatBytes, toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { integer, object } from '../../base/schema.ts';
import { encodeHeader } from '../../primitives/header.ts';
import { base64Field, hashField, heightField } from '../json/fields.ts';
import { HEADERS_BYTES_MAX, HEADERS_MAX } from '../limits.ts';
import { defineQuery } from '../method.ts';
import type { NodeView } from '../node-view.ts';

/** Headers of the best branch, as bytes. */
export const chainGetHeaders = defineQuery({
  name: 'chain_getHeaders',
  summary: 'Gives headers of the best branch as bytes, for light clients.',
  description:
    'Encoded headers end to end, in base64, lowest first. Fewer than asked for at the head, and where they would be longer than 1 MiB; none from above the head. Each names the one before it and its id is its hash, so what is given can be checked; see docs/reference/light-client.md.',
  params: object('Which headers.', {
    from: heightField('Height of the first one.'),
    count: integer('How many.', 1, HEADERS_MAX),
  }),
  result: object('Headers, and where the node is.', {
    headers: base64Field('The headers end to end.', HEADERS_BYTES_MAX),
    count: integer('How many they are.', 0, HEADERS_MAX),
    head: object('The last block of the best branch.', {
      height: heightField('Its height.'),
      id: hashField('Its id.'),
    }),
    finalHeight: heightField('Height of the last block that can no longer be undone.'),
  }),
  errors: [],
  example: { from: 0, count: 10 },
  run(view, { from, count }) {
    const { head, final } = view.status();
    const headers = headersFrom(view, from, count);
    return ok({
      headers: toBase64(concatBytes(...headers)),
      count: headers.length,
      head: { height: head.header.height, id: toHex(head.id) },
      finalHeight: final.height,
    });
  },
});

function headersFrom(view: NodeView, from: number, count: number): readonly Uint8Array[] {
  const headers: Uint8Array[] = [];
  let bytes = 0;
  for (let height = from; height < from + count; height++) {
    const found = view.header({ kind: 'height', height });
    if (found === undefined) break;
    const encoded = encodeHeader(found.header);
    bytes += encoded.length;
    if (bytes > HEADERS_BYTES_MAX) break;
    headers.push(encoded);
  }
  return headers;
}

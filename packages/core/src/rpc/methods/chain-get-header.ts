import { ok } from '../../base/result.ts';
import { object } from '../../base/schema.ts';
import { blockSelector, readBlockSelection, refuseUnknownBlock } from '../json/block-selector.ts';
import { headerJson, presentHeader } from '../json/header.ts';
import { defineQuery } from '../method.ts';

/** The header of a block. */
export const chainGetHeader = defineQuery({
  name: 'chain_getHeader',
  summary: 'Gives the header of a block by height, by id, or of the head or the last final one.',
  description:
    'Without any of height, id and at it is the head. The id is the hash of the header, so what is given can be checked; see docs/reference/encodings.md.',
  params: object('Which block.', blockSelector),
  result: headerJson,
  errors: ['rpc/block-selector', 'rpc/block-unknown'],
  example: { at: 'final' },
  run(view, params) {
    const at = readBlockSelection(params);
    if (!at.ok) return at;
    const found = view.header(at.value);
    if (found === undefined) return refuseUnknownBlock(params);
    return ok(presentHeader(found.id, found.header, view.spec.addressPrefix));
  },
});

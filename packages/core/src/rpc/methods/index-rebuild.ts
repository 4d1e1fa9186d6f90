import { boolean, object } from '../../base/schema.ts';
import { noParams } from '../json/fields.ts';
import { defineHostMethod } from '../method.ts';

/** Makes the index anew. */
export const indexRebuild = defineHostMethod({
  name: 'index_rebuild',
  summary: 'Throws the full index away and makes it anew from the blocks.',
  description:
    'Answered as soon as the old one is gone; index_status says how far it is. Meanwhile answers are of the chain up to the block that the index has reached again.',
  params: noParams,
  result: object('It has begun.', { started: boolean('True.') }),
  errors: ['rpc/owner-only', 'index/off', 'index/away', 'index/in-use', 'node/busy'],
  example: {},
  ownerOnly: true,
});

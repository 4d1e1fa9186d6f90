import { anyValue } from '../../base/schema.ts';
import { noParams } from '../json/fields.ts';
import { defineHostMethod } from '../method.ts';

/** The API in its own words, by the name that OpenRPC gives to this method. */
export const rpcDiscover = defineHostMethod({
  name: 'rpc.discover',
  summary: 'Describes all methods of the node.',
  description: 'Answers the OpenRPC document that GET /openrpc.json gives.',
  params: noParams,
  result: anyValue('A document of OpenRPC 1.3.'),
  errors: [],
  example: {},
});

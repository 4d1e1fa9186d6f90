import { ok } from '../../base/result.ts';
import { formatGenesisFile } from '../../spec/genesis-file.ts';
import { genesisFileSchema } from '../../spec/genesis-schema.ts';
import { noParams } from '../json/fields.ts';
import { defineQuery } from '../method.ts';

/** The genesis file of the chain. */
export const chainGetGenesis = defineQuery({
  name: 'chain_getGenesis',
  summary: 'Gives the genesis file: all that the nodes of the chain share.',
  description:
    'The defaults are written out. A wallet computes the chain id and the fees from it and need not trust the node for them. See docs/reference/genesis.md.',
  params: noParams,
  result: genesisFileSchema,
  errors: [],
  example: {},
  run: (view) => ok(formatGenesisFile(view.spec)),
});

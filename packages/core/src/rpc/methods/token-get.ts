import { toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { object } from '../../base/schema.ts';
import { formatAddress } from '../../primitives/address.ts';
import { assetField } from '../json/fields.ts';
import { tokenFields } from '../json/token-fields.ts';
import { defineQuery } from '../method.ts';
import { refuseRpc } from '../rules.ts';

/** A token as the ledger holds it. */
export const tokenGet = defineQuery({
  name: 'token_get',
  summary: 'Describes a token.',
  description: 'The symbol is not unique: the asset id is. Amounts are in base units, 10^decimals for one.',
  params: object('Which token.', { asset: assetField('Asset id of the token.') }),
  result: object('The token.', tokenFields),
  errors: ['rpc/token-unknown'],
  example: { asset: 1 },
  run(view, { asset }) {
    const token = view.token(asset);
    if (token === undefined) return refuseRpc('rpc/token-unknown', { got: asset });
    const { symbol, name, decimals, supply, supplyMax, minter, height, txid } = token;
    const mintedBy = minter === undefined ? null : formatAddress(minter, view.spec.addressPrefix);
    const fields = { symbol, name, decimals, supply, supplyMax, minter: mintedBy, height };
    return ok({ asset, ...fields, txid: toHex(txid) });
  },
});

import { addAmounts } from '../../base/amount.ts';
import { isZero } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Action } from '../../primitives/action.ts';
import type { Address } from '../../primitives/address.ts';
import type { StateView } from '../../state/view.ts';
import { refuseLedger } from '../rules.ts';
import { readToken, writeToken } from '../token.ts';
import type { ActionContext } from './action-context.ts';
import { type AssetAmount, encodeAssetAmount, parseAssetAmount } from './asset-amount.ts';

/** Adds to the supply of a token; its minter must agree by a witness. Body: asset u64, amount u64. */
export interface TokenMintAction extends AssetAmount {
  readonly kind: 'token-mint';
}

/** The tag of a {@link TokenMintAction}. */
export const TOKEN_MINT_TAG = 3;

/**
 * The action as it travels.
 *
 * @throws AssertionError when the amount is 0
 */
export function encodeTokenMintAction(action: TokenMintAction): Action {
  return { tag: TOKEN_MINT_TAG, body: encodeAssetAmount(action) };
}

/** Reads a body. Refuses by `codec/…` or `token/amount-zero`. */
export function parseTokenMintAction(body: Uint8Array): Result<TokenMintAction> {
  const parsed = parseAssetAmount(body);
  return parsed.ok ? ok({ kind: 'token-mint', ...parsed.value }) : parsed;
}

/** Who must agree: the minter named when the token was created. */
export function tokenMintAuthority({ asset }: TokenMintAction, view: StateView): Result<Address> {
  const token = readToken(view, asset);
  if (token === undefined) return refuseLedger('token/unknown', { asset });
  if (isZero(token.minter)) return refuseLedger('token/not-mintable', { asset });
  return ok(token.minter);
}

/** Raises the supply and credits the amount. The authority has been checked. */
export function applyTokenMintAction(action: TokenMintAction, context: ActionContext): Result<undefined> {
  const { overlay, balances } = context;
  const { asset, amount } = action;
  const token = readToken(overlay, asset);
  if (token === undefined) return refuseLedger('token/unknown', { asset });
  const supply = addAmounts(token.supply, amount);
  if (supply === undefined || supply > token.supplyMax) {
    return refuseLedger('token/supply-exceeded', {
      asset,
      got: amount,
      expected: token.supplyMax - token.supply,
    });
  }
  writeToken(overlay, asset, { ...token, supply });
  return balances.credit(asset, amount);
}

import { subtractAmounts } from '../../base/amount.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Action } from '../../primitives/action.ts';
import { NATIVE_ASSET } from '../../primitives/output.ts';
import { refuseLedger } from '../rules.ts';
import { readToken, writeToken } from '../token.ts';
import type { ActionContext } from './action-context.ts';
import { type AssetAmount, encodeAssetAmount, parseAssetAmount } from './asset-amount.ts';

/** Destroys an amount that the inputs hold above the outputs. Body: asset u64 (0 = native), amount u64. */
export interface TokenBurnAction extends AssetAmount {
  readonly kind: 'token-burn';
}

/** The tag of a {@link TokenBurnAction}. */
export const TOKEN_BURN_TAG = 4;

/**
 * The action as it travels.
 *
 * @throws AssertionError when the amount is 0
 */
export function encodeTokenBurnAction(action: TokenBurnAction): Action {
  return { tag: TOKEN_BURN_TAG, body: encodeAssetAmount(action) };
}

/** Reads a body. Refuses by `codec/…` or `token/amount-zero`. */
export function parseTokenBurnAction(body: Uint8Array): Result<TokenBurnAction> {
  const parsed = parseAssetAmount(body);
  return parsed.ok ? ok({ kind: 'token-burn', ...parsed.value }) : parsed;
}

/**
 * Lowers the supply of a token and counts the amount as taken. Burned native coins enter the native supply once
 * the transaction is known to have them (see applyTransaction).
 */
export function applyTokenBurnAction(action: TokenBurnAction, context: ActionContext): Result<undefined> {
  const { overlay, balances } = context;
  const { asset, amount } = action;
  if (asset !== NATIVE_ASSET) {
    const token = readToken(overlay, asset);
    if (token === undefined) return refuseLedger('token/unknown', { asset });
    const supply = subtractAmounts(token.supply, amount);
    if (supply === undefined) {
      return refuseLedger('token/burn-too-large', { asset, got: amount, expected: token.supply });
    }
    writeToken(overlay, asset, { ...token, supply });
  }
  return balances.burn(asset, amount);
}

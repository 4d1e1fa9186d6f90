import { type Amount, subtractAmounts } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { Action } from '../../primitives/action.ts';
import { type AssetId, NATIVE_ASSET } from '../../primitives/output.ts';
import { refuseLedger } from '../rules.ts';
import { readToken, writeToken } from '../token.ts';
import type { ActionContext } from './action-context.ts';

/** Destroys an amount that the inputs hold above the outputs. Body: asset u64 (0 = native), amount u64. */
export interface TokenBurnAction {
  readonly kind: 'token-burn';
  readonly asset: AssetId;
  /** At least 1. */
  readonly amount: Amount;
}

/** The tag of a {@link TokenBurnAction}. */
export const TOKEN_BURN_TAG = 4;

/**
 * The action as it travels.
 *
 * @throws AssertionError when the amount is 0
 */
export function encodeTokenBurnAction({ asset, amount }: TokenBurnAction): Action {
  assert(amount >= 1, 'burning nothing');
  return { tag: TOKEN_BURN_TAG, body: new Writer(16).u53(asset).u53(amount).finish() };
}

/** Reads a body. Refuses by `codec/…` or `token/amount-zero`. */
export function parseTokenBurnAction(body: Uint8Array): Result<TokenBurnAction> {
  const reader = new Reader(body);
  const asset = reader.u53();
  const amount = reader.u53() as Amount;
  const layout = reader.finish(undefined);
  if (!layout.ok) return layout;
  if (amount === 0) return refuseLedger('token/amount-zero', { asset });
  return ok({ kind: 'token-burn', asset, amount });
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

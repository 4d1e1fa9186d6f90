import { type Amount, addAmounts, amount } from '@calin/core/base/amount.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { nativeFlow } from '@calin/core/ledger/actions/native-flow.ts';
import type { LedgerAction } from '@calin/core/ledger/actions/registry.ts';
import { tokenId } from '@calin/core/ledger/token.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import { type AssetId, NATIVE_ASSET, type Output } from '@calin/core/primitives/output.ts';
import { refuseWallet } from './rules.ts';

/** What a transaction takes and brings of one asset beside its coins. */
export interface AssetNeed {
  /** Outputs and burned. */
  readonly takes: Amount;
  /** Minted. */
  readonly brings: Amount;
}

const NOTHING: AssetNeed = { takes: amount(0), brings: amount(0) };

/**
 * What outputs and actions take and bring of each asset. Refuses by `wallet/output-zero` or `wallet/amount-too-large`.
 *
 * @param first - the first input, which gives created tokens their ids
 */
export function assetNeeds(
  outputs: readonly Output[],
  actions: readonly LedgerAction[],
  first: Outpoint | undefined,
): Result<ReadonlyMap<AssetId, AssetNeed>> {
  const needs = new Map<AssetId, AssetNeed>();
  let overflow: AssetId | undefined;
  const count = (asset: AssetId, side: keyof AssetNeed, value: Amount): void => {
    const need = needs.get(asset) ?? NOTHING;
    const sum = addAmounts(need[side], value);
    if (sum === undefined) overflow = asset;
    else needs.set(asset, { ...need, [side]: sum });
  };
  for (const [output, { asset, amount: value }] of outputs.entries()) {
    if (value === 0) return refuseWallet('wallet/output-zero', { output });
    count(asset, 'takes', value);
  }
  for (const [index, action] of actions.entries()) {
    const { takes, brings } = nativeFlow(action);
    if (takes > 0) count(NATIVE_ASSET, 'takes', takes);
    if (brings > 0) count(NATIVE_ASSET, 'brings', brings);
    if (action.kind === 'token-burn' && action.asset !== NATIVE_ASSET) {
      count(action.asset, 'takes', action.amount);
    } else if (action.kind === 'token-mint') {
      count(action.asset, 'brings', action.amount);
    } else if (action.kind === 'token-create' && first !== undefined) {
      count(tokenId(first, index), 'brings', action.supply);
    }
  }
  if (overflow !== undefined) return refuseWallet('wallet/amount-too-large', { asset: overflow });
  return ok(needs);
}

import type { Amount } from '@calin/core/base/amount.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import { formatAmountText, NATIVE_DECIMALS, parseAmountText } from '../units/amount-text.ts';
import { refuseAmount } from '../units/rules.ts';
import type { WalletChain } from './wallet-chain.ts';

/** How an asset's amounts are written. */
export interface AssetUnits {
  readonly asset: number;
  readonly symbol: string;
  readonly decimals: number;
}

/** The native coin's units. */
export const NATIVE_UNITS: AssetUnits = { asset: NATIVE_ASSET, symbol: 'CALIN', decimals: NATIVE_DECIMALS };

/** The units of an asset, from the node. */
export async function assetUnits(
  asset: number,
  { client }: Pick<WalletChain, 'client'>,
): Promise<Result<AssetUnits>> {
  if (asset === NATIVE_ASSET) return ok(NATIVE_UNITS);
  const token = await client.call('token_get', { asset });
  return token.ok ? ok({ asset, symbol: token.value.symbol, decimals: token.value.decimals }) : token;
}

/** An amount above 0 that a person typed. Refuses by `amount/…`. */
export function parseAssetAmount(text: string, { decimals }: Pick<AssetUnits, 'decimals'>): Result<Amount> {
  const parsed = parseAmountText(text, decimals);
  if (parsed.ok && parsed.value === 0) return refuseAmount('amount/zero', { got: text.slice(0, 80) });
  return parsed;
}

/** An amount with its symbol, such as `12.5 CALIN`. */
export function formatAssetAmount(
  value: number,
  { decimals, symbol }: Pick<AssetUnits, 'decimals' | 'symbol'>,
): string {
  // What the node sends has been checked by its schema.
  return `${formatAmountText(value as Amount, decimals)} ${symbol}`;
}

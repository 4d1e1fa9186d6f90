import { parseAmountText } from '@calin/client/units/amount-text.ts';
import { parseAssetAmount } from '@calin/client/wallet/asset-units.ts';
import { planToken, type TokenPlan } from '@calin/client/wallet/plan-token.ts';
import type { Amount } from '@calin/core/base/amount.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import { refuseLock } from '../locks/rules.ts';

/** What a person has typed about a token. */
export interface TokenDraft {
  readonly symbol: string;
  readonly name: string;
  readonly decimals: string;
  readonly supply: string;
  /** Empty for as much as the supply. */
  readonly supplyMax: string;
  /** True when the owner may mint later. */
  readonly isMintable: boolean;
}

/** What is to be done, or the field that keeps it from being done. */
export type TokenOutcome =
  | { readonly ok: true; readonly plan: TokenPlan }
  | { readonly ok: false; readonly field: keyof TokenDraft; readonly refusal: Refusal };

const DECIMALS_MAX = 18;

/** Plans the token that a person has described. */
export function readTokenDraft(draft: TokenDraft, owner: Address): TokenOutcome {
  const { symbol, name, supply, supplyMax, isMintable } = draft;
  const decimals = readDecimals(draft.decimals);
  if (!decimals.ok) return { ok: false, field: 'decimals', refusal: decimals.error };
  const plan = planToken({
    symbol: symbol.trim().toUpperCase(),
    name: name.trim(),
    decimals: decimals.value,
    supply: supply.trim(),
    supplyMax: supplyMax.trim() === '' ? undefined : supplyMax.trim(),
    minter: isMintable ? owner : undefined,
    owner,
  });
  if (plan.ok) return { ok: true, plan: plan.value };
  return { ok: false, field: fieldOf(plan.error, draft, decimals.value), refusal: plan.error };
}

function readDecimals(text: string): Result<number> {
  const decimals = /^\s*[0-9]{1,2}\s*$/.test(text) ? Number(text) : Number.NaN;
  if (decimals >= 0 && decimals <= DECIMALS_MAX) return { ok: true, value: decimals };
  return refuseLock('page/number', { got: text.slice(0, 80), expected: `0 to ${DECIMALS_MAX}` });
}

function fieldOf({ rule }: Refusal, { supply }: TokenDraft, decimals: number): keyof TokenDraft {
  if (rule === 'token/symbol') return 'symbol';
  if (rule === 'token/name') return 'name';
  return parseAmountText(supply.trim(), decimals).ok ? 'supplyMax' : 'supply';
}

/** An amount of a token that is minted or burned. Refuses by `amount/…`. */
export function readTokenAmount(text: string, token: { readonly decimals: number }): Result<Amount> {
  return parseAssetAmount(text.trim(), token);
}

import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import type { BalanceJson } from '../../../node/shapes.ts';

/** Something of the wallet that holds coins: an account or a lock. */
export interface Holder {
  readonly name: string;
  readonly address: string;
}

/** A token that the wallet holds. Amounts are base units. */
export interface HeldToken {
  readonly asset: number;
  readonly total: number;
  readonly parts: readonly (Holder & { readonly amount: number })[];
}

/** Adds up what all holders have of each token, by asset id. */
export function heldTokens(
  holders: readonly Holder[],
  balances: readonly (readonly BalanceJson[] | undefined)[],
): readonly HeldToken[] {
  const held = new Map<number, HeldToken>();
  for (const [i, holder] of holders.entries()) {
    for (const { asset, confirmed, immature } of balances[i] ?? []) {
      const amount = confirmed + immature;
      if (asset === NATIVE_ASSET || amount === 0) continue;
      const { total, parts } = held.get(asset) ?? { total: 0, parts: [] };
      held.set(asset, { asset, total: total + amount, parts: [...parts, { ...holder, amount }] });
    }
  }
  return [...held.values()].toSorted((a, b) => a.asset - b.asset);
}

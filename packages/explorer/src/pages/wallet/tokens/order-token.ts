import { buildPayment, type KeyHolder, keyOpening } from '@calin/client/wallet/build-payment.ts';
import type { TokenPlan } from '@calin/client/wallet/plan-token.ts';
import { spendableCoins } from '@calin/client/wallet/spendable-coins.ts';
import type { WalletChain } from '@calin/client/wallet/wallet-chain.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { tokenId } from '@calin/core/ledger/token.ts';
import type { ReviewOrder } from '../../../wallet/review-order.ts';

/** Something that is to be done to a token, and the id that a new one will have. */
export interface TokenOrder {
  readonly order: ReviewOrder;
  readonly newAsset: number | undefined;
}

/** Builds what an account shall do to a token, to be looked at and signed. Refuses by `wallet/…`. */
export async function orderToken(
  title: string,
  plan: TokenPlan,
  account: KeyHolder,
  chain: WalletChain,
): Promise<Result<TokenOrder>> {
  const found = await spendableCoins(chain, keyOpening(account));
  if (!found.ok) return found;
  const coins = found.value.spendable;
  const unsigned = await buildPayment(chain, coins, account, { ...plan, feePerGas: undefined });
  if (!unsigned.ok) return unsigned;
  const [first] = unsigned.value.inputs;
  const creates = plan.actions.findIndex(({ kind }) => kind === 'token-create');
  const newAsset = first === undefined || creates < 0 ? undefined : tokenId(first.outpoint, creates);
  return ok({
    order: { title, what: { kind: 'payment', unsigned: unsigned.value, coins }, isSent: true },
    newAsset,
  });
}

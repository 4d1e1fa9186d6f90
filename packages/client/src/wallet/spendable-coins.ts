import { amount } from '@calin/core/base/amount.ts';
import { fromHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { addressOf, formatAddress } from '@calin/core/primitives/address.ts';
import type { Opening, SpendableCoin } from '../transaction-builder/opening.ts';
import { openCoins } from './open-coins.ts';
import type { WalletChain } from './wallet-chain.ts';

/** Coins of an address that are looked at: pages of 1,000. */
const PAGES_MAX = 20;
const PAGE_COINS = 1000;

/** What a lock can spend in the next block. */
export interface SpendableCoins {
  /** The largest native coins first. */
  readonly spendable: readonly SpendableCoin[];
  /** More is in payments that are under way. */
  readonly isSpending: boolean;
}

/** The coins that an opening opens in the next block. Refuses by `wallet/too-early` when it opens none of some. */
export async function spendableCoins(
  { client, network, status }: Pick<WalletChain, 'client' | 'network' | 'status'>,
  opening: Opening,
): Promise<Result<SpendableCoins>> {
  const address = formatAddress(addressOf(opening.lock), network.addressPrefix);
  const next = { height: status.head.height + 1, timeMs: status.head.timeMs };
  let isSpending = false;
  const coins: (SpendableCoin & { readonly height: number })[] = [];
  let after: { readonly txid: string; readonly index: number } | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const params = { address, limit: PAGE_COINS, ...(after === undefined ? {} : { after }) };
    const answer = await client.call('account_getCoins', params);
    if (!answer.ok) return answer;
    for (const coin of answer.value.coins) {
      isSpending ||= coin.spentInPool;
      // The head may have moved since the status was read; only a reward has to wait for more than its block.
      if (coin.spentInPool || (coin.reward && coin.spendableHeight > next.height)) continue;
      const { asset, height } = coin;
      const outpoint = { txid: fromHex(coin.outpoint.txid), index: coin.outpoint.index };
      coins.push({ outpoint, asset, amount: amount(coin.amount), height, opening });
    }
    if (answer.value.next === null) break;
    after = answer.value.next;
  }
  const open = openCoins(coins, opening, next);
  if (!open.ok) return open;
  const spendable = open.value.toSorted(
    (a, b) => Number(a.asset !== 0) - Number(b.asset !== 0) || b.amount - a.amount,
  );
  return ok({ spendable, isSpending });
}

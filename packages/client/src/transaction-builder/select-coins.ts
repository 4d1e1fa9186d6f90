import { compareBytes } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { openingName, type SpendableCoin } from './opening.ts';
import { refuseWallet } from './rules.ts';
import { searchExact } from './search-exact.ts';

/** What a choice of coins has to reach. Prices are in base units of the asset that is chosen. */
export interface CoinTarget {
  /** What is needed, without what the chosen coins cost themselves; at least 1. */
  readonly amount: number;
  /** Price of one input; 0 for an asset in which no fee is paid. */
  readonly inputPrice: number;
  /** Price of the witness that the first coin of an address needs, unless the transaction opens it anyway. */
  witnessPrice(coin: SpendableCoin): number;
  /** What change would cost, to make now and to spend later: less than this above the need is not worth it. */
  readonly changePrice: number;
  /** Inputs that are left. */
  readonly inputsMax: number;
}

/** A coin with what it takes to choose it. */
export interface PricedCoin {
  readonly coin: SpendableCoin;
  readonly amount: number;
  /** The address, as a key. */
  readonly owner: string;
  readonly inputPrice: number;
  /** Of the first chosen coin of this owner. */
  readonly witnessPrice: number;
}

/**
 * Chooses coins of one asset. First a search for coins that need no change: branch and bound by Mark Erhardt, as in
 * Bitcoin Core. Then the smallest coin that is enough alone, and last the largest coins until it is enough. The
 * choice only depends on what is given, so a wallet can show it before it signs. Refuses by
 * `wallet/insufficient-funds` or `wallet/too-many-inputs`.
 *
 * @param coins - all of one asset, in any order; a coin that is worth less than it costs is left alone
 * @see https://murch.one/erhardt2016coinselection.pdf
 */
export function selectCoins(
  coins: readonly SpendableCoin[],
  target: CoinTarget,
): Result<readonly SpendableCoin[]> {
  const priced = coins
    .map((coin) => priceCoin(coin, target))
    .filter(({ amount, inputPrice }) => amount > inputPrice)
    .toSorted(byAmountThenOutpoint);
  const chosen =
    searchExact(priced, target) ?? smallestEnough(priced, target) ?? largestFirst(priced, target);
  if (chosen !== undefined) return ok(chosen.map(({ coin }) => coin));
  return refuse(priced, target);
}

function priceCoin(coin: SpendableCoin, target: CoinTarget): PricedCoin {
  return {
    coin,
    amount: coin.amount,
    owner: openingName(coin.opening),
    inputPrice: target.inputPrice,
    witnessPrice: target.witnessPrice(coin),
  };
}

/** Largest first; the outpoint decides between equal ones, so that the order of the list does not. */
function byAmountThenOutpoint(a: PricedCoin, b: PricedCoin): number {
  const [left, right] = [a.coin.outpoint, b.coin.outpoint];
  return b.amount - a.amount || compareBytes(left.txid, right.txid) || left.index - right.index;
}

/** The smallest coin that pays for everything and for change: it keeps the larger ones whole. */
function smallestEnough(coins: readonly PricedCoin[], target: CoinTarget): PricedCoin[] | undefined {
  if (target.inputsMax < 1) return undefined;
  const needed = target.amount + target.changePrice;
  const found = coins.findLast(
    ({ amount, inputPrice, witnessPrice }) => amount - inputPrice - witnessPrice >= needed,
  );
  return found === undefined ? undefined : [found];
}

/** The fewest coins that are enough, if that many can be spent at once. */
function largestFirst(coins: readonly PricedCoin[], target: CoinTarget): PricedCoin[] | undefined {
  const chosen: PricedCoin[] = [];
  const owners = new Set<string>();
  let value = 0;
  for (const coin of coins) {
    const price = coin.inputPrice + (owners.has(coin.owner) ? 0 : coin.witnessPrice);
    // A small coin of an address that is not open yet may cost more than it holds.
    if (coin.amount <= price) continue;
    if (chosen.length === target.inputsMax) return undefined;
    chosen.push(coin);
    owners.add(coin.owner);
    value += coin.amount - price;
    if (value >= target.amount) return chosen;
  }
  return undefined;
}

function refuse(coins: readonly PricedCoin[], target: CoinTarget): Result<never> {
  const asset = coins[0]?.coin.asset ?? null;
  const owners = new Set<string>();
  let [value, needed] = [0, 0];
  for (const { owner, amount, inputPrice, witnessPrice } of coins) {
    const worth = amount - inputPrice - (owners.has(owner) ? 0 : witnessPrice);
    if (worth <= 0) continue;
    owners.add(owner);
    value += worth;
    needed++;
    // More coins would do, so it is their number that stands in the way.
    if (value >= target.amount) {
      return refuseWallet('wallet/too-many-inputs', { asset, got: needed, expected: target.inputsMax });
    }
  }
  return refuseWallet('wallet/insufficient-funds', { asset, got: value, expected: target.amount });
}

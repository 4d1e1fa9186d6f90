import type { CoinTarget, PricedCoin } from './select-coins.ts';

/** Steps of the search before it takes the best it has found. Bitcoin Core allows 100,000 (TOTAL_TRIES). */
const STEPS_MAX = 50_000;

/** The largest coins that take part; bounds the depth of the search. */
const COINS_MAX = 1_000;

/**
 * The coins that reach the target with so little above it that change is not worth making, spending least in all;
 * undefined when the search finds none.
 *
 * @param coins - largest first
 */
export function searchExact(coins: readonly PricedCoin[], target: CoinTarget): PricedCoin[] | undefined {
  return new ExactSearch(coins.slice(0, COINS_MAX), target).run();
}

/** A walk through the subsets, each coin taken before it is left out, cut off where nothing can come of it. */
class ExactSearch {
  readonly #coins: readonly PricedCoin[];
  readonly #target: CoinTarget;
  /** Entry i: what coins i, i + 1, … are worth at most. */
  readonly #left: readonly number[];
  readonly #chosen: PricedCoin[] = [];
  /** Chosen coins of each owner, who pays for a witness once. */
  readonly #owners = new Map<string, number>();
  #best: readonly PricedCoin[] | undefined;
  #bestSpent = Number.POSITIVE_INFINITY;
  #steps = 0;

  constructor(coins: readonly PricedCoin[], target: CoinTarget) {
    this.#coins = coins;
    this.#target = target;
    const left = new Array<number>(coins.length + 1).fill(0);
    for (let i = coins.length - 1; i >= 0; i--) {
      const { amount, inputPrice } = coins[i] as PricedCoin;
      left[i] = (left[i + 1] as number) + amount - inputPrice;
    }
    this.#left = left;
  }

  run(): PricedCoin[] | undefined {
    this.#visit(0, 0, 0);
    return this.#best === undefined ? undefined : [...this.#best];
  }

  /**
   * @param value - of the chosen coins after their prices
   * @param spent - their amounts
   */
  #visit(position: number, value: number, spent: number): void {
    if (this.#steps++ >= STEPS_MAX) return;
    const { amount, changePrice, inputsMax } = this.#target;
    if (value >= amount) {
      this.#keepBetter(value - amount < Math.max(1, changePrice), spent);
      return;
    }
    if (value + (this.#left[position] as number) < amount) return;
    if (this.#chosen.length === inputsMax || position === this.#coins.length) return;
    const coin = this.#coins[position] as PricedCoin;
    this.#take(coin, position, value, spent);
    this.#visit(this.#nextOther(position), value, spent);
  }

  #take(coin: PricedCoin, position: number, value: number, spent: number): void {
    const before = this.#owners.get(coin.owner) ?? 0;
    const price = coin.inputPrice + (before === 0 ? coin.witnessPrice : 0);
    this.#owners.set(coin.owner, before + 1);
    this.#chosen.push(coin);
    this.#visit(position + 1, value + coin.amount - price, spent + coin.amount);
    this.#chosen.pop();
    this.#owners.set(coin.owner, before);
  }

  /** Everything above the payments is lost to fees, so the choice that spends least costs least. */
  #keepBetter(isChangeless: boolean, spent: number): void {
    const fewer = this.#chosen.length < (this.#best?.length ?? 0);
    if (!isChangeless || spent > this.#bestSpent || (spent === this.#bestSpent && !fewer)) return;
    this.#best = [...this.#chosen];
    this.#bestSpent = spent;
  }

  /** Leaving out one of several equal coins means leaving out all: the others would give the same sums again. */
  #nextOther(position: number): number {
    const { amount, owner } = this.#coins[position] as PricedCoin;
    let next = position + 1;
    for (; next < this.#coins.length; next++) {
      const other = this.#coins[next] as PricedCoin;
      if (other.amount !== amount || other.owner !== owner) break;
    }
    return next;
  }
}

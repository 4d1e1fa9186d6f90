import { AMOUNT_MAX, type Amount, amount } from '../base/amount.ts';
import { MINIMUM_HALF_LIFE_MS } from './limits.ts';

/**
 * The fee rate, in hugs per gas, below which a full pool does not look at a transaction: it rises above what was
 * evicted, so that the same bytes are not sent, checked and evicted again, and decays as time passes.
 *
 * @see Bitcoin Core, CTxMemPool::GetMinFee and trackPackageRemoved
 */
export class RollingMinimum {
  #rate: Amount = amount(0);
  #raisedMs = 0;

  /** The minimum at a time: halves every {@link MINIMUM_HALF_LIFE_MS}, in straight lines between, so it is exact. */
  at(nowMs: number): Amount {
    const elapsedMs = Math.max(0, nowMs - this.#raisedMs);
    const halvings = Math.min(54, Math.floor(elapsedMs / MINIMUM_HALF_LIFE_MS));
    const rate = Math.floor(this.#rate / 2 ** halvings);
    const restMs = elapsedMs % MINIMUM_HALF_LIFE_MS;
    // Integers and one correctly rounded division: the same on every engine.
    return amount(rate - Math.floor((rate / 2) * (restMs / MINIMUM_HALF_LIFE_MS)));
  }

  /** Lifts the minimum to a rate, unless it is there. */
  raise(rate: number, nowMs: number): void {
    const present = this.at(nowMs);
    if (rate <= present) return;
    this.#rate = amount(Math.min(AMOUNT_MAX, rate));
    this.#raisedMs = nowMs;
  }
}

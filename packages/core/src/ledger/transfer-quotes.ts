import { type Amount, amount } from '../base/amount.ts';
import type { FlatTransactions } from '../primitives/flat-transactions.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { lookUpCoins } from '../state/commit-overlay.ts';
import type { WorldState } from '../state/world-state.ts';
import { TransferPath } from './apply-transfer.ts';
import type { BlockEnvironment } from './environment.ts';
import type { TransferTerms } from './transfer-terms.ts';

/**
 * What plain transfers pay that came together, each as if it stood alone on a state: the fast path of blocks
 * ({@link TransferPath}), on coins that were looked up at once. For the pool, which keeps no coins of its own.
 */
export class TransferQuotes {
  readonly #path: TransferPath;
  readonly #transactions: FlatTransactions;

  private constructor(path: TransferPath, transactions: FlatTransactions) {
    this.#path = path;
    this.#transactions = transactions;
  }

  /**
   * Looks the coins up. The quotes are good until the state moves on, or until this is called again.
   *
   * @returns undefined where the state keeps its coins in another form than words
   */
  static open(
    spec: ChainSpec,
    state: WorldState,
    env: BlockEnvironment,
    transactions: FlatTransactions,
  ): TransferQuotes | undefined {
    const coins = lookUpCoins(state, transactions.words, transactions.outpoints);
    if (coins === undefined) return undefined;
    return new TransferQuotes(new TransferPath(spec, env, coins), transactions);
  }

  /**
   * Fee and gas of transaction `i`, as {@link transferTerms} has them; undefined where that must decide: for what is no
   * transfer of native coins, spends a reward, or a coin that is not in the state, and for what a rule refuses.
   */
  quote(i: number): TransferTerms | undefined {
    const path = this.#path;
    if (!path.quote(this.#transactions, i) || !path.isPlain) return undefined;
    const fee: Amount = amount(path.fee);
    return { fee, gas: path.gasUsed };
  }
}

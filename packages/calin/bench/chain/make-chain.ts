import { assert } from '@calin/core/base/assert.ts';
import { gasOf } from '@calin/core/ledger/transaction-gas.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import { type ChainSpec, specHash } from '@calin/core/spec/chain-spec.ts';
import { benchSpec, stepAmounts } from './bench-spec.ts';
import { BlockMaker } from './block-maker.ts';
import { type ChainSize, FAN_OUT, FAN_OUTS_PER_BLOCK, planFanOut } from './chain-size.ts';
import { CoinTable, type TableCoin } from './coin-table.ts';
import { OWNERS } from './keys.ts';
import { makeTransaction, type Payment } from './make-transaction.ts';
import { createOwners, type Owner } from './owners.ts';

/** One transfer in so many spends one of the newest coins, where {@link ChainSize.respend} is set. */
const RESPEND_EVERY = 32;
/** How many of the newest coins such a transfer chooses from. */
const NEWEST = 1000;
/** Where the dice of every test chain begin. */
const DICE_SEED = 0x9e37_79b9;

/**
 * Makes the blocks of a test chain, oldest first: {@link FanOutPlan.blocks} that make the coins, then those of the
 * transfers. Each spends a coin that is drawn from all that are unspent, so that a node finds none of them in a cache.
 */
export function* makeChain(size: ChainSize): Generator<Uint8Array, void, undefined> {
  const maker = new ChainMaker(size);
  yield* maker.fanOut();
  yield* maker.transfers();
}

class ChainMaker {
  readonly #size: ChainSize;
  readonly #spec: ChainSpec;
  readonly #blocks: BlockMaker;
  readonly #owners: readonly Owner[];
  readonly #coins: CoinTable;
  readonly #fee: number;
  #dice = DICE_SEED;

  constructor(size: ChainSize) {
    this.#size = size;
    this.#spec = benchSpec(size);
    this.#owners = createOwners(size);
    this.#blocks = new BlockMaker(this.#spec);
    const made = size.respend ? size.blocks * size.transfers : 0;
    this.#coins = new CoinTable(size.coins + 2 * made, planFanOut(size).middles + made);
    this.#fee = this.#transferFee();
  }

  /** From the coins of the genesis to those of the start, in two steps. */
  *fanOut(): Generator<Uint8Array, void, undefined> {
    const { seeds, middles } = planFanOut(this.#size);
    const amounts = stepAmounts(this.#size);
    const seedTable = new CoinTable(seeds, 1);
    const middleTable = new CoinTable(middles, seeds);
    seedTable.add(
      specHash(this.#spec),
      Array.from({ length: seeds }, () => ({ owner: 0, amount: amounts.seed })),
    );
    yield* this.#step(seedTable, middleTable, { coins: middles, amount: amounts.middle });
    yield* this.#step(middleTable, this.#coins, { coins: this.#size.coins, amount: amounts.start });
  }

  /** The blocks that are measured. */
  *transfers(): Generator<Uint8Array, void, undefined> {
    const { blocks, transfers } = this.#size;
    for (let i = 0; i < blocks; i++) {
      yield this.#blocks.make(Array.from({ length: transfers }, () => this.#transfer()));
    }
  }

  *#step(
    from: CoinTable,
    to: CoinTable,
    { coins, amount }: { readonly coins: number; readonly amount: number },
  ): Generator<Uint8Array, void, undefined> {
    let left = coins;
    while (left > 0) {
      const transactions: Transaction[] = [];
      for (; left > 0 && transactions.length < FAN_OUTS_PER_BLOCK; left -= FAN_OUT) {
        const payments = Array.from({ length: Math.min(FAN_OUT, left) }, () => ({
          owner: this.#random(OWNERS),
          amount,
        }));
        const transaction = this.#spend(from.take(0), payments);
        to.add(transaction.txid, payments);
        transactions.push(transaction);
      }
      yield this.#blocks.make(transactions);
    }
  }

  /** Pays half of a coin to somebody; the other half, less the fee, goes back. */
  #transfer(): Transaction {
    const coin = this.#drawCoin();
    const paid = Math.floor((coin.amount - this.#fee) / 2);
    const payments: readonly Payment[] = [
      { owner: this.#random(OWNERS), amount: paid },
      { owner: coin.owner, amount: coin.amount - this.#fee - paid },
    ];
    const transaction = this.#spend(coin, payments);
    if (this.#size.respend) this.#coins.add(transaction.txid, payments);
    return transaction;
  }

  #drawCoin(): TableCoin {
    for (;;) {
      const { count } = this.#coins;
      assert(count > 0, 'no coin is large enough any more: more --coins are needed');
      const newest = this.#size.respend && this.#random(RESPEND_EVERY) === 0;
      const back = this.#random(newest ? Math.min(NEWEST, count) : count);
      const coin = this.#coins.take(count - 1 - back);
      // What has been halved too often stays where it is.
      if (coin.amount > 4 * this.#fee) return coin;
    }
  }

  #spend(coin: TableCoin, payments: readonly Payment[]): Transaction {
    return makeTransaction(this.#blocks.chainId, this.#owners, coin, payments);
  }

  #transferFee(): number {
    const coin = { txid: specHash(this.#spec), index: 0, owner: 0, amount: 3 };
    const payments = [1, 1].map((amount) => ({ owner: 0, amount }));
    return gasOf(this.#spec, this.#spend(coin, payments)) * this.#spec.fees.baseFeeMin;
  }

  /** A whole number from 0 up to, but not, `below`: xorshift32 (Marsaglia, 2003), the same row in every run. */
  #random(below: number): number {
    this.#dice ^= this.#dice << 13;
    this.#dice ^= this.#dice >>> 17;
    this.#dice ^= this.#dice << 5;
    return (this.#dice >>> 0) % below;
  }
}

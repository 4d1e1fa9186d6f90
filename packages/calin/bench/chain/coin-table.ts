import { assert } from '@calin/core/base/assert.ts';

/** A coin that can be spent. */
export interface TableCoin {
  readonly txid: Uint8Array;
  readonly index: number;
  /** Number of the key that owns it. */
  readonly owner: number;
  readonly amount: number;
}

/**
 * The coins of a test chain that nobody has spent yet, ten million of them if need be: 24 bytes each, where an object
 * would take 150.
 */
export class CoinTable {
  readonly #txids: Uint8Array;
  readonly #transaction: Uint32Array;
  readonly #index: Uint8Array;
  readonly #owner: Uint16Array;
  readonly #amount: Float64Array;
  /** The rows that are unspent, in no order. */
  readonly #unspent: Uint32Array;
  #transactions = 0;
  #rows = 0;
  #count = 0;

  /**
   * @param coinsMax - all that are ever added
   * @param transactionsMax - that make them
   */
  constructor(coinsMax: number, transactionsMax: number) {
    this.#txids = new Uint8Array(transactionsMax * 32);
    this.#transaction = new Uint32Array(coinsMax);
    this.#index = new Uint8Array(coinsMax);
    this.#owner = new Uint16Array(coinsMax);
    this.#amount = new Float64Array(coinsMax);
    this.#unspent = new Uint32Array(coinsMax);
  }

  /** Unspent coins. */
  get count(): number {
    return this.#count;
  }

  /** Adds the coins of a transaction, in the order of its outputs. */
  add(txid: Uint8Array, outputs: readonly { readonly owner: number; readonly amount: number }[]): void {
    assert(this.#rows + outputs.length <= this.#unspent.length, 'the table of coins is full');
    this.#txids.set(txid, this.#transactions * 32);
    for (const [index, { owner, amount }] of outputs.entries()) {
      const row = this.#rows;
      this.#transaction[row] = this.#transactions;
      this.#index[row] = index;
      this.#owner[row] = owner;
      this.#amount[row] = amount;
      this.#unspent[this.#count] = row;
      this.#rows += 1;
      this.#count += 1;
    }
    this.#transactions += 1;
  }

  /** Takes one out. The newest ones are the last, but for where spent ones have left a gap. */
  take(position: number): TableCoin {
    assert(position >= 0 && position < this.#count, `no coin ${position}`);
    const row = this.#unspent[position] as number;
    this.#count -= 1;
    this.#unspent[position] = this.#unspent[this.#count] as number;
    const start = (this.#transaction[row] as number) * 32;
    return {
      txid: this.#txids.slice(start, start + 32),
      index: this.#index[row] as number,
      owner: this.#owner[row] as number,
      amount: this.#amount[row] as number,
    };
  }
}

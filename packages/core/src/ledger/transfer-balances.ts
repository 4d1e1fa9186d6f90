import { AMOUNT_MAX } from '../base/amount.ts';
import { NATIVE_ASSET } from '../primitives/output.ts';

const TWO_POW_32 = 0x1_0000_0000;

/** The other assets of one transfer are at most as many as its inputs, for none is made from nothing. */
const ASSETS_MAX = 255;

/**
 * What one transfer brings and takes of each asset: {@link AssetBalances} for numbers that stand as words, asset u64
 * and amount u64. Used again for every transfer.
 */
export class TransferBalances {
  #nativeCredit = 0;
  #nativeDebit = 0;
  /** Assets other than the native coin. */
  #count = 0;
  readonly #assets = new Float64Array(ASSETS_MAX);
  readonly #credits = new Float64Array(ASSETS_MAX);
  readonly #debits = new Float64Array(ASSETS_MAX);

  /** Starts over. */
  clear(): void {
    this.#nativeCredit = 0;
    this.#nativeDebit = 0;
    this.#count = 0;
  }

  /** Counts the coin of an input. False when the sum is not exact any more. */
  credit(words: Int32Array, at: number): boolean {
    const asset = numberAt(words, at);
    const amount = numberAt(words, at + 2);
    if (asset === NATIVE_ASSET) {
      if (this.#nativeCredit > AMOUNT_MAX - amount) return false;
      this.#nativeCredit += amount;
      return true;
    }
    let position = this.#find(asset);
    if (position < 0) {
      position = this.#count++;
      this.#assets[position] = asset;
      this.#credits[position] = 0;
      this.#debits[position] = 0;
    }
    const before = this.#credits[position] as number;
    if (before > AMOUNT_MAX - amount) return false;
    this.#credits[position] = before + amount;
    return true;
  }

  /** Counts an output, after all inputs. False when it is of nothing, or more than there is. */
  debit(words: Int32Array, at: number): boolean {
    const asset = numberAt(words, at);
    const amount = numberAt(words, at + 2);
    if (amount === 0) return false;
    // What stays at or below an exact credit is exact.
    if (asset === NATIVE_ASSET) {
      if (amount > this.#nativeCredit - this.#nativeDebit) return false;
      this.#nativeDebit += amount;
      return true;
    }
    const position = this.#find(asset);
    if (position < 0) return false;
    const before = this.#debits[position] as number;
    if (amount > (this.#credits[position] as number) - before) return false;
    this.#debits[position] = before + amount;
    return true;
  }

  /** What is left of the native coin: the fee. −1 when another asset is not conserved. */
  settle(): number {
    for (let i = 0; i < this.#count; i++) if (this.#credits[i] !== this.#debits[i]) return -1;
    return this.#nativeCredit - this.#nativeDebit;
  }

  #find(asset: number): number {
    for (let i = 0; i < this.#count; i++) if (this.#assets[i] === asset) return i;
    return -1;
  }
}

/** A u64 that is known to be at most 2^53 − 1. */
function numberAt(words: Int32Array, at: number): number {
  return ((words[at] as number) >>> 0) + ((words[at + 1] as number) >>> 0) * TWO_POW_32;
}

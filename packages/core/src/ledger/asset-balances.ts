import { type Amount, addAmounts, amount, subtractAmounts } from '../base/amount.ts';
import { OK, ok, type Result } from '../base/result.ts';
import { type AssetId, NATIVE_ASSET } from '../primitives/output.ts';
import { refuseLedger } from './rules.ts';

/** Both sides of one asset in one transaction. */
interface Sides {
  /** Inputs and minted. */
  credit: Amount;
  /** Outputs and burned. */
  debit: Amount;
}

const ZERO = amount(0);

/**
 * Counts what one transaction brings and takes of each asset. Every sum stays an exact number: one above 2^53 − 1
 * refuses by `tx/sum-too-large`.
 */
export class AssetBalances {
  readonly #sides = new Map<AssetId, Sides>();
  #nativeBurned = ZERO;

  /** Counts an input or a minted amount. */
  credit(asset: AssetId, value: Amount): Result<undefined> {
    const sides = this.#of(asset);
    const sum = addAmounts(sides.credit, value);
    if (sum === undefined) return refuseLedger('tx/sum-too-large', { asset });
    sides.credit = sum;
    return OK;
  }

  /** Counts an output. */
  debit(asset: AssetId, value: Amount): Result<undefined> {
    const sides = this.#of(asset);
    const sum = addAmounts(sides.debit, value);
    if (sum === undefined) return refuseLedger('tx/sum-too-large', { asset });
    sides.debit = sum;
    return OK;
  }

  /** Counts an amount burned by an action. */
  burn(asset: AssetId, value: Amount): Result<undefined> {
    const counted = this.debit(asset, value);
    // A part of the debit that has just been counted, so it cannot overflow on its own.
    if (counted.ok && asset === NATIVE_ASSET) this.#nativeBurned = amount(this.#nativeBurned + value);
    return counted;
  }

  /** Hugs burned by actions; the base fee is not among them. */
  get nativeBurned(): Amount {
    return this.#nativeBurned;
  }

  /** Checks that every issued asset is conserved exactly and returns the surplus of the native coin: the fee. */
  settle(): Result<Amount> {
    let fee = ZERO;
    for (const [asset, { credit, debit }] of this.#sides) {
      if (asset === NATIVE_ASSET) {
        const surplus = subtractAmounts(credit, debit);
        if (surplus === undefined)
          return refuseLedger('tx/native-overspent', { got: credit, expected: debit });
        fee = surplus;
      } else if (credit !== debit) {
        return refuseLedger('tx/asset-imbalance', { asset, got: credit, expected: debit });
      }
    }
    return ok(fee);
  }

  #of(asset: AssetId): Sides {
    let sides = this.#sides.get(asset);
    if (sides === undefined) {
      sides = { credit: ZERO, debit: ZERO };
      this.#sides.set(asset, sides);
    }
    return sides;
  }
}

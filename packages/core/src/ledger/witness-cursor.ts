import { equalBytes, toHex } from '../base/bytes.ts';
import { OK, ok, type Result } from '../base/result.ts';
import { type Address, addressOf } from '../primitives/address.ts';
import type { SpendPath } from '../primitives/locks/spend-path.ts';
import { type Witness, witnessPath } from '../primitives/witness.ts';
import { refuseLedger } from './rules.ts';

/** A witness that has been reached, with the address its lock has. */
export interface OpenedWitness {
  readonly witness: Witness;
  readonly address: Address;
  readonly path: SpendPath;
}

/**
 * Walks the witnesses in the one order they may have: each address that must agree is either open already, or it
 * is the address of the next witness. So the order is part of the rules, nobody can reorder a transaction's
 * witnesses to give it other bytes, and no search is needed.
 */
export class WitnessCursor {
  readonly #witnesses: readonly Witness[];
  readonly #opened: OpenedWitness[] = [];

  constructor(witnesses: readonly Witness[]) {
    this.#witnesses = witnesses;
  }

  /** The witness of an address. Refuses by `tx/witness-missing` when it is neither open nor the next one. */
  open(address: Address): Result<OpenedWitness> {
    for (const opened of this.#opened) if (equalBytes(opened.address, address)) return ok(opened);
    const witness = this.#witnesses[this.#opened.length];
    if (witness === undefined) {
      return refuseLedger('tx/witness-missing', { got: null, expected: toHex(address) });
    }
    const shown = addressOf(witness.lock);
    if (!equalBytes(shown, address)) {
      const evidence = { witness: this.#opened.length, got: toHex(shown), expected: toHex(address) };
      return refuseLedger('tx/witness-missing', evidence);
    }
    const opened = { witness, address: shown, path: witnessPath(witness) };
    this.#opened.push(opened);
    return ok(opened);
  }

  /** Refuses by `tx/witness-unused` when witnesses are left over. */
  finish(): Result<undefined> {
    const { length } = this.#opened;
    if (length === this.#witnesses.length) return OK;
    return refuseLedger('tx/witness-unused', { got: this.#witnesses.length, expected: length });
  }
}

import { bytesKey } from '../base/bytes-key.ts';
import type { Hash } from '../crypto/hash.ts';
import type { ValidatorSet } from '../primitives/validator-set.ts';

/** Sets of branches that are remembered, so that a state is not made again for every header of an epoch. */
const DECIDED_SETS_MAX = 64;

/** Validator sets by a block whose state holds them: that names the branch. */
export class DecidedSets {
  readonly #sets = new Map<string, ValidatorSet>();

  get(after: Hash, epoch: number): ValidatorSet | undefined {
    return this.#sets.get(`${bytesKey(after)} ${epoch}`);
  }

  /** Remembers a set; the oldest is forgotten for it when there are too many. */
  add(after: Hash, set: ValidatorSet): void {
    this.#sets.set(`${bytesKey(after)} ${set.epoch}`, set);
    const [oldest] = this.#sets.keys();
    if (this.#sets.size > DECIDED_SETS_MAX && oldest !== undefined) this.#sets.delete(oldest);
  }
}

import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { validatorSetKey } from '@calin/core/ledger/stake/validator-sets.ts';
import {
  parseValidatorSet,
  VALIDATOR_SET_BYTES_MAX,
  type ValidatorSet,
  type ValidatorView,
} from '@calin/core/primitives/validator-set.ts';
import { NAMESPACE } from '@calin/core/state/namespaces.ts';
import type { Followed } from './followed.ts';
import type { SetProof } from './light-update.ts';
import { SETS_KEPT, SETS_PER_UPDATE_MAX } from './limits.ts';
import { refuseLight } from './rules.ts';
import { proveValue } from './verify-state.ts';

/** The sets of validators that a client has proved, the newest {@link SETS_KEPT}. */
export class KnownSets implements ValidatorView {
  readonly #sets = new Map<number, ValidatorSet>();

  constructor(sets: readonly ValidatorSet[] = []) {
    this.add(sets);
  }

  at(epoch: number): ValidatorSet | undefined {
    return this.#sets.get(epoch);
  }

  /** The newest epoch whose set is known; −1 when there is none. */
  get newest(): number {
    return Math.max(-1, ...this.#sets.keys());
  }

  /** The newest epoch up to this one whose set is known; −1 when there is none. */
  newestUpTo(epoch: number): number {
    return Math.max(-1, ...[...this.#sets.keys()].filter((one) => one <= epoch));
  }

  /** The oldest one; above every epoch when there is none. */
  get oldest(): number {
    return Math.min(...this.#sets.keys());
  }

  /** All of them, the oldest first. */
  all(): readonly ValidatorSet[] {
    return [...this.#sets.values()].toSorted((a, b) => a.epoch - b.epoch);
  }

  add(sets: readonly ValidatorSet[]): void {
    for (const set of sets) this.#sets.set(set.epoch, set);
    for (const { epoch } of this.all().slice(0, -SETS_KEPT)) this.#sets.delete(epoch);
  }

  /** True when a set is another one than is known for its epoch. */
  contradicts({ epoch, members, seed }: ValidatorSet): boolean {
    const known = this.at(epoch);
    if (known === undefined) return false;
    const isSame =
      equalBytes(known.seed, seed) &&
      known.members.length === members.length &&
      known.members.every((member, i) => {
        const other = members[i];
        return other?.weight === member.weight && equalBytes(other.publicKey, member.publicKey);
      });
    return !isSame;
  }
}

/** The sets that proofs show to be in the state after a block. */
export function proveSets(
  { header }: Followed,
  proofs: readonly SetProof[],
): Result<readonly ValidatorSet[]> {
  if (proofs.length > SETS_PER_UPDATE_MAX) {
    return refuseLight('light/too-large', { got: proofs.length, max: SETS_PER_UPDATE_MAX });
  }
  const sets: ValidatorSet[] = [];
  for (const { epoch, set: value, proof } of proofs) {
    if (value.length > VALIDATOR_SET_BYTES_MAX) {
      return refuseLight('light/too-large', { got: value.length, max: VALIDATOR_SET_BYTES_MAX });
    }
    if (!isEpoch(epoch)) return refuseLight('light/set-proof', { epoch });
    const key = { namespace: NAMESPACE.validators, key: validatorSetKey(epoch) };
    const proved = proveValue(header, key, { value, proof });
    if (!proved.ok) return proved;
    const set = parseValidatorSet(value);
    if (!set.ok) return set;
    if (set.value.epoch !== epoch) return refuseLight('light/set-proof', { epoch });
    sets.push(set.value);
  }
  return ok(sets);
}

function isEpoch(epoch: number): boolean {
  return Number.isInteger(epoch) && epoch >= 0 && epoch <= 0xffff_ffff;
}

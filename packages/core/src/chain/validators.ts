import { validatorSetKey } from '../ledger/stake/validator-sets.ts';
import {
  decodeValidatorSet,
  epochStart,
  NO_VALIDATORS,
  type ValidatorSet,
  type ValidatorView,
} from '../primitives/validator-set.ts';
import type { ConsensusSpec } from '../spec/chain-spec.ts';
import { NAMESPACE } from '../state/namespaces.ts';
import { getValue, type WorldState } from '../state/world-state.ts';

/** Sets by the bytes they were read from, which states hand on to one another and nobody writes to. */
const decoded = new WeakMap<Uint8Array, ValidatorSet>();

/** The set of an epoch, as far as a state holds it. */
export function validatorSetIn(state: WorldState, epoch: number): ValidatorSet | undefined {
  const bytes = getValue(state, NAMESPACE.validators, validatorSetKey(epoch));
  if (bytes === undefined) return undefined;
  let set = decoded.get(bytes);
  if (set === undefined) {
    set = decodeValidatorSet(bytes);
    decoded.set(bytes, set);
  }
  return set;
}

/** The sets that a state holds, for the block after it; none where the chain has none. */
export function validatorsAfterState(spec: ConsensusSpec, state: WorldState): ValidatorView {
  return spec.validators === undefined ? NO_VALIDATORS : { at: (epoch) => validatorSetIn(state, epoch) };
}

/**
 * True when a header can only be checked by somebody who knows the validators of its epoch, and so the state of its
 * branch about an epoch before.
 */
export function needsValidators({ production }: ConsensusSpec): boolean {
  switch (production.kind) {
    case 'pow':
      return false;
    case 'poa':
      return production.authorities.length === 0;
    default:
      return true;
  }
}

/**
 * The height of the block after which the validators of an epoch are known: the last one of the epoch before the one
 * before it; the genesis block decides those of the first two.
 */
export function decidedAt(epoch: number, epochBlocks: number): number {
  return epoch < 2 ? 0 : epochStart(epoch - 1, epochBlocks) - 1;
}

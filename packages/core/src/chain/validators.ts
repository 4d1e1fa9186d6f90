import type { Hash } from '../crypto/hash.ts';
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
import { storageKey } from '../state/storage.ts';
import { getValueAt, type WorldState } from '../state/world-state.ts';

/** Sets by the bytes they were read from, which states hand on to one another and nobody writes to. */
const decoded = new WeakMap<Uint8Array, ValidatorSet>();

/** Where states keep the sets of the epochs that were asked for last: every vote and header asks. */
const storageKeys = new Map<number, Hash>();
const STORAGE_KEYS_MAX = 256;

function storageKeyOf(epoch: number): Hash {
  let key = storageKeys.get(epoch);
  if (key === undefined) {
    key = storageKey(NAMESPACE.validators, validatorSetKey(epoch));
    if (storageKeys.size >= STORAGE_KEYS_MAX) storageKeys.clear();
    storageKeys.set(epoch, key);
  }
  return key;
}

/** The set of an epoch, as far as a state holds it. */
export function validatorSetIn(state: WorldState, epoch: number): ValidatorSet | undefined {
  const bytes = getValueAt(state, storageKeyOf(epoch));
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

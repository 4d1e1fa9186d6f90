import { assert } from '../../base/assert.ts';
import { Writer } from '../../codec/writer.ts';
import { type Hash, hash, hashPair } from '../../crypto/hash.ts';
import { decodeValidatorSet, encodeValidatorSet, type ValidatorSet } from '../../primitives/validator-set.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { Overlay, StateView } from '../../state/view.ts';

const RANDOMNESS_KEY = new Uint8Array(0);

/** The storage key of the set of an epoch. */
export function validatorSetKey(epoch: number): Uint8Array {
  return new Writer(4).u32(epoch).finish();
}

/**
 * The validators of an epoch, as a state knows them: up to two epochs after its own, and back as far as offences can
 * be shown.
 */
export function readValidatorSet(view: StateView, epoch: number): ValidatorSet | undefined {
  const value = view.value(NAMESPACE.validators, validatorSetKey(epoch));
  return value === undefined ? undefined : decodeValidatorSet(value);
}

/** Sets the validators of an epoch, with the seed that follows from the randomness so far. */
export function writeValidatorSet(overlay: Overlay, set: Omit<ValidatorSet, 'seed'>): void {
  const value = encodeValidatorSet({ ...set, seed: seedOf(readRandomness(overlay), set.epoch) });
  overlay.setValue(NAMESPACE.validators, validatorSetKey(set.epoch), value);
}

/** Forgets the validators of an epoch, if there was one with this number. */
export function deleteValidatorSet(overlay: Overlay, epoch: number): void {
  if (epoch >= 0) overlay.deleteValue(NAMESPACE.validators, validatorSetKey(epoch));
}

/** Begins the randomness of a chain, with the hash of its spec. */
export function beginRandomness(overlay: Overlay, origin: Hash): void {
  overlay.setValue(NAMESPACE.randomness, RANDOMNESS_KEY, origin);
}

/** Mixes what the seal of a block adds into the randomness: whoever adds last can leave it out, but not choose it. */
export function addRandomness(overlay: Overlay, added: Hash): void {
  beginRandomness(overlay, hashPair('validator-seed', readRandomness(overlay), added));
}

/** A seed of its own for each epoch, although a chain that draws no lots never adds any randomness. */
function seedOf(randomness: Hash, epoch: number): Hash {
  return hash('validator-seed', new Writer(36).hash(randomness).u32(epoch).finish());
}

function readRandomness(view: StateView): Hash {
  const value = view.value(NAMESPACE.randomness, RANDOMNESS_KEY);
  assert(value?.length === 32, 'a chain with validators has randomness from its genesis on');
  return value;
}

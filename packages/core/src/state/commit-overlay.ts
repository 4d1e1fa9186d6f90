import { assert } from '../base/assert.ts';
import { concatBytes } from '../base/bytes.ts';
import { encodeChanges, encodeStorageChanges } from './changes.ts';
import type { FlatCoins, FlatDifference } from './flat-coins.ts';
import { MapCoins } from './map-coins.ts';
import { Overlay, viewOf } from './view.ts';
import { applyChanges, applyStorageChanges, type WorldState } from './world-state.ts';

/** Writes on top of a state that one block makes, to be committed at its end. */
export interface BlockOverlay {
  readonly overlay: Overlay;
  /** The coins of the overlay in words, where the state keeps them in a map. */
  readonly flat: FlatCoins | undefined;
}

/** What an overlay makes of its state. */
export interface CommittedOverlay {
  readonly state: WorldState;
  /** What leads back, as {@link encodeChanges} writes it. */
  readonly undo: Uint8Array;
  /** Entries that are different now. */
  readonly changeCount: number;
}

/** Opens an overlay on a state, in the form that suits it. */
export function openOverlay(state: WorldState): BlockOverlay {
  if (!(state.coins instanceof MapCoins)) return { overlay: new Overlay(viewOf(state)), flat: undefined };
  const flat = state.coins.openFlat();
  return { overlay: new Overlay(viewOf(state), flat), flat };
}

/** See {@link MapCoins.lookUp}; undefined where a state has its coins in no map. */
export function lookUpCoins(
  { coins }: WorldState,
  words: Int32Array,
  outpoints: Uint32Array,
): FlatCoins | undefined {
  return coins instanceof MapCoins ? coins.lookUp(words, outpoints) : undefined;
}

/** Half of the work of {@link commitOverlay}, done ahead: undefined where there is nothing to do before the rest. */
export function overlayDifference({ flat }: BlockOverlay): FlatDifference | undefined {
  return flat?.difference();
}

/**
 * The state with everything that an overlay on it has written; the overlay cannot be used again.
 *
 * @param difference - of the overlay, which has not been written to since
 */
export function commitOverlay(
  before: WorldState,
  { overlay, flat }: BlockOverlay,
  difference: FlatDifference | undefined,
): CommittedOverlay {
  if (flat === undefined) {
    const changes = overlay.changes();
    const { state, undo } = applyChanges(before, changes);
    return { state, undo: encodeChanges(undo), changeCount: changes.coins.length + changes.storage.length };
  }
  assert(before.coins instanceof MapCoins, 'coins in words belong to a map');
  assert(difference !== undefined, 'the difference of that overlay');
  const { undo } = difference;
  const { coins, changeCount } = before.coins.commitFlat(flat, difference);
  const storage = overlay.storageChanges();
  const after = applyStorageChanges(before.storage, storage);
  return {
    state: { coins, storage: after.storage },
    undo: concatBytes(undo, encodeStorageChanges(after.undo)),
    changeCount: changeCount + storage.length,
  };
}

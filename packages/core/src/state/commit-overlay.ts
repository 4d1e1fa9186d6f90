import { encodeChanges } from './changes.ts';
import type { Overlay } from './view.ts';
import { applyChanges, type WorldState } from './world-state.ts';

/** What an overlay makes of its state. */
export interface CommittedOverlay {
  readonly state: WorldState;
  /** What leads back, as {@link encodeChanges} writes it. */
  readonly undo: Uint8Array;
  /** Entries that are different now. */
  readonly changeCount: number;
}

/** The state with everything that an overlay on it has written. */
export function commitOverlay(before: WorldState, overlay: Overlay): CommittedOverlay {
  const changes = overlay.changes();
  const { state, undo } = applyChanges(before, changes);
  return { state, undo: encodeChanges(undo), changeCount: changes.coins.length + changes.storage.length };
}

import { assert } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { Header } from '../../primitives/header.ts';
import { refuseConsensus } from '../rules.ts';

/** Time, cut into slots of one length: slot s begins at s × slotMs since 1970. */
export interface Slots {
  of(timeMs: number): number;
  startMs(slot: number): number;
}

/**
 * Slots of a length.
 *
 * @throws AssertionError when it is not an integer of 1 or more
 */
export function createSlots(slotMs: number): Slots {
  assert(Number.isSafeInteger(slotMs) && slotMs > 0, `not a slot length: ${slotMs}`);
  return { of: (timeMs) => Math.floor(timeMs / slotMs), startMs: (slot) => slot * slotMs };
}

/** Says whether time and slot of a header are later than its parent's: a branch has at most one block a slot. */
export function verifySlot({ timeMs }: Header, parent: Header, slots: Slots): Result<undefined> {
  if (timeMs <= parent.timeMs) {
    return refuseConsensus('consensus/time-not-later', { got: timeMs, expected: parent.timeMs + 1 });
  }
  const [slot, parentSlot] = [slots.of(timeMs), slots.of(parent.timeMs)];
  if (slot > parentSlot) return OK;
  return refuseConsensus('consensus/slot-not-later', { got: slot, expected: parentSlot + 1 });
}

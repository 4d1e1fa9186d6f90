import { assert } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { Header } from '../../primitives/header.ts';
import { refuseConsensus } from '../rules.ts';

/** Time, cut into slots of one length: slot s begins at s × slotMs since 1970. */
export interface Slots {
  of(timeMs: number): number;
  startMs(slot: number): number;
  /**
   * See {@link Production.driftMsMax}. Half a slot: nobody can use a slot of its own before the owner of the one before
   * has had half of it; but not less than honest clocks may differ by, which is more where slots are short.
   */
  readonly driftMsMax: number;
}

/**
 * What two clocks may differ by that are set by anything like NTP, each with a quarter of a second to spare, in
 * milliseconds.
 */
const CLOCKS_DIFFER_MS = 500;

/**
 * Slots of a length.
 *
 * @throws AssertionError when it is not an integer of 1 or more
 */
export function createSlots(slotMs: number): Slots {
  assert(Number.isSafeInteger(slotMs) && slotMs > 0, `not a slot length: ${slotMs}`);
  return {
    of: (timeMs) => Math.floor(timeMs / slotMs),
    startMs: (slot) => slot * slotMs,
    driftMsMax: Math.max(CLOCKS_DIFFER_MS, Math.floor(slotMs / 2)),
  };
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

/** What may go wrong with messages between peers that are connected, in parts of a million. */
export interface LinkFaults {
  readonly lossPpm: number;
  readonly duplicatePpm: number;
  /** Delivered late, behind messages that were sent after it. */
  readonly reorderPpm: number;
}

/** No faults at all. */
export const NO_FAULTS: LinkFaults = { lossPpm: 0, duplicatePpm: 0, reorderPpm: 0 };

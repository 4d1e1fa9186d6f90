/**
 * Where nodes stand and how long a message takes between two places. One-way times in milliseconds between six
 * regions of the internet, half of the round trips that public measurements of cloud regions have shown for years
 * (2020 to 2025: within a few milliseconds); the last digit means nothing for a protocol.
 */
export interface Regions {
  readonly names: readonly string[];
  /** One-way times in milliseconds, row to column. */
  readonly latencyMs: readonly (readonly number[])[];
  /** Share of the nodes in each region, in percent. */
  readonly sharePercent: readonly number[];
}

/** The six regions that a run has unless it chooses others. */
export const WORLD: Regions = {
  names: ['us-east', 'us-west', 'europe', 'south-america', 'asia-east', 'oceania'],
  latencyMs: [
    [8, 32, 42, 58, 85, 100],
    [32, 8, 70, 85, 55, 70],
    [42, 70, 9, 95, 110, 135],
    [58, 85, 95, 10, 135, 155],
    [85, 55, 110, 135, 15, 55],
    [100, 70, 135, 155, 55, 8],
  ],
  sharePercent: [24, 14, 36, 6, 15, 5],
};

/** Every node in one room: one region of one millisecond. */
export const ROOM: Regions = { names: ['room'], latencyMs: [[1]], sharePercent: [100] };

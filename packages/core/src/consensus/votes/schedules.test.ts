import assert from 'node:assert/strict';
import { scheduleCompliance } from '../voting/schedules.testing.ts';
import { INTERVAL_BLOCKS, runVotes } from './engines.testing.ts';

scheduleCompliance({
  run: runVotes,
  schedules: 30,
  blockMs: [60, 150, 400],
  heights: 6 * INTERVAL_BLOCKS,
  half: { calmAtMs: 6_000, partitionMs: 6_000, blockMs: 100, heights: 10_000, untilMs: 12_000 },
  tried(outcomes) {
    const offences = new Set(outcomes.flatMap((outcome) => [...outcome.offences]));
    assert.deepEqual([...offences].toSorted(), ['double-sign', 'surround']);
  },
});

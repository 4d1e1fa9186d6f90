import assert from 'node:assert/strict';
import { scheduleCompliance } from '../voting/schedules.testing.ts';
import { runVotesEach } from './engines.testing.ts';

scheduleCompliance({
  run: runVotesEach,
  schedules: 40,
  blockMs: [0, 0, 700],
  heights: 5,
  half: { calmAtMs: 3_000, partitionMs: 3_000, blockMs: 500, heights: 1_000, untilMs: 9_000 },
  tried(outcomes) {
    assert.ok(Math.max(...outcomes.map(({ roundMax }) => roundMax)) >= 2, 'the schedules need rounds');
    assert.ok(
      outcomes.some(({ guilty }) => guilty.size > 0),
      'somebody is caught',
    );
  },
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { drawMembers, type Outcome, type Schedule } from '../voting/cluster.testing.ts';
import { drawWeather } from '../voting/weather.testing.ts';
import { INTERVAL_BLOCKS, runVotes } from './engines.testing.ts';

/** Thousands were run when this was written; a test run repeats a few. */
const SEEDS = Number(process.env['SCHEDULES'] ?? 30);

function drawSchedule(seed: number): Schedule {
  const random = seededRandom(seed);
  return {
    seed,
    ...drawMembers(random),
    weather: drawWeather(random),
    crashOneIn: random.pick([0, 0, 30, 200]),
    relays: random.oneIn(2),
    blockMs: random.pick([60, 150, 400]),
    heights: 6 * INTERVAL_BLOCKS,
    untilMs: 200_000,
  };
}

function explain(schedule: Schedule, outcome: Outcome): string {
  return JSON.stringify({ schedule, outcome: { ...outcome, guilty: [...outcome.guilty] } });
}

describe('schedules with less than a third that break the rules', () => {
  it(`never finalise what excludes each other and always go on, in ${SEEDS} of them`, () => {
    const offences = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const schedule = drawSchedule(seed);
      const outcome = runVotes(schedule);
      assert.equal(outcome.disagreements, 0, explain(schedule, outcome));
      assert.deepEqual(outcome.faults, [], explain(schedule, outcome));
      assert.ok(Math.min(...outcome.heights) >= schedule.heights, explain(schedule, outcome));
      for (const offence of outcome.offences) offences.add(offence);
    }
    assert.deepEqual([...offences].toSorted(), ['double-sign', 'surround']);
  });

  it('repeat to the event', () => {
    assert.deepEqual(runVotes(drawSchedule(5)), runVotes(drawSchedule(5)));
  });

  it('stop finalising when more than a third is silent, while blocks go on', () => {
    const schedule = { ...drawSchedule(3), weights: [1, 1, 1, 1], untilMs: 20_000 };
    const outcome = runVotes({ ...schedule, members: ['honest', 'honest', 'silent', 'silent'] });
    assert.deepEqual(outcome.heights, [0, 0]);
    assert.deepEqual(outcome.faults, []);
  });
});

describe('schedules with half that break the rules', () => {
  it('finalise what excludes each other in some, and then the evidence names at least a third', () => {
    let disagreeing = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seededRandom(seed);
      const kind = random.pick(['yes', 'twins'] as const);
      const schedule: Schedule = {
        seed,
        weights: [1, 1, 1, 1],
        members: ['honest', kind, 'honest', kind],
        weather: { calmAtMs: 6_000, lostOneIn: 0, delayMaxMs: 40, partitionMs: 6_000 },
        crashOneIn: 0,
        relays: random.oneIn(2),
        blockMs: 100,
        heights: 10_000,
        untilMs: 12_000,
      };
      const outcome = runVotes(schedule);
      assert.deepEqual(outcome.faults, [], explain(schedule, outcome));
      if (outcome.disagreements === 0) continue;
      disagreeing++;
      assert.deepEqual([...outcome.guilty].toSorted(), [1, 3], explain(schedule, outcome));
    }
    assert.ok(disagreeing > SEEDS / 20, `the checker saw ${disagreeing} disagreements`);
  });
});

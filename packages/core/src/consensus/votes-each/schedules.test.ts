import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { drawMembers, type Outcome, type Schedule } from '../voting/cluster.testing.ts';
import { drawWeather } from '../voting/weather.testing.ts';
import { runVotesEach } from './engines.testing.ts';

/** Thousands were run when this was written; a test run repeats a few. */
const SEEDS = Number(process.env['SCHEDULES'] ?? 40);

function drawSchedule(seed: number): Schedule {
  const random = seededRandom(seed);
  return {
    seed,
    ...drawMembers(random),
    weather: drawWeather(random),
    crashOneIn: random.pick([0, 0, 30, 200]),
    relays: random.oneIn(2),
    blockMs: random.pick([0, 0, 700]),
    heights: 5,
    untilMs: 200_000,
  };
}

function explain(schedule: Schedule, outcome: Outcome): string {
  return JSON.stringify({ schedule, outcome });
}

describe('schedules with less than a third that break the rules', () => {
  it(`never disagree and always go on, in ${SEEDS} of them`, () => {
    let [roundMax, caught] = [0, 0];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const schedule = drawSchedule(seed);
      const outcome = runVotesEach(schedule);
      assert.equal(outcome.disagreements, 0, explain(schedule, outcome));
      assert.deepEqual(outcome.faults, [], explain(schedule, outcome));
      assert.ok(Math.min(...outcome.heights) >= schedule.heights, explain(schedule, outcome));
      roundMax = Math.max(roundMax, outcome.roundMax);
      caught += outcome.guilty.size;
    }
    assert.ok(roundMax >= 2 && caught > 0, 'the schedules need rounds, and somebody is caught');
  });

  it('repeat to the event', () => {
    assert.deepEqual(runVotesEach(drawSchedule(5)), runVotesEach(drawSchedule(5)));
  });

  it('stop without a disagreement when more than a third is silent', () => {
    const schedule = { ...drawSchedule(3), weights: [1, 1, 1, 1], untilMs: 30_000 };
    const outcome = runVotesEach({ ...schedule, members: ['honest', 'honest', 'silent', 'silent'] });
    assert.deepEqual(outcome.heights, [0, 0]);
    assert.deepEqual(outcome.faults, []);
  });
});

describe('schedules with half that break the rules', () => {
  it('disagree in some, and then the evidence names more than a third', () => {
    let disagreeing = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seededRandom(seed);
      const kind = random.pick(['yes', 'twins'] as const);
      const schedule: Schedule = {
        seed,
        weights: [1, 1, 1, 1],
        members: ['honest', kind, 'honest', kind],
        weather: { calmAtMs: 3_000, lostOneIn: 0, delayMaxMs: 40, partitionMs: 3_000 },
        crashOneIn: 0,
        relays: random.oneIn(2),
        blockMs: 500,
        heights: 1_000,
        untilMs: 9_000,
      };
      const outcome = runVotesEach(schedule);
      assert.deepEqual(outcome.faults, [], explain(schedule, outcome));
      if (outcome.disagreements === 0) continue;
      disagreeing++;
      assert.deepEqual([...outcome.guilty].toSorted(), [1, 3], explain(schedule, outcome));
    }
    assert.ok(disagreeing > SEEDS / 20, `the checker saw ${disagreeing} disagreements`);
  });
});

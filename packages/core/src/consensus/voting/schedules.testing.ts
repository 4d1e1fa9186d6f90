import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { drawMembers, type Outcome, type Schedule } from './cluster.testing.ts';
import { drawWeather, type Weather } from './weather.testing.ts';

/** A voting engine in a cluster, and how its schedules are drawn. */
export interface EngineSchedules<O extends Outcome = Outcome> {
  run(schedule: Schedule): O;
  /** How many a test run repeats; the variable SCHEDULES runs more, thousands when an engine is changed. */
  readonly schedules: number;
  readonly blockMs: readonly number[];
  readonly heights: number;
  /** What is different where half of the members break the rules. */
  readonly half: Pick<Schedule, 'blockMs' | 'heights' | 'untilMs'> &
    Pick<Weather, 'calmAtMs' | 'partitionMs'>;
  /** Looks at the outcomes with less than a third, which all went well: that enough was tried. */
  tried(outcomes: readonly O[]): void;
}

/** Runs what every voting engine must hold under drawn schedules, as tests of its own. */
export function scheduleCompliance<O extends Outcome>(engine: EngineSchedules<O>): void {
  const seeds = Array.from({ length: Number(process.env['SCHEDULES'] ?? engine.schedules) }, (_, i) => i + 1);
  describe('schedules with less than a third that break the rules', () => {
    it(`never disagree and always go on, in ${seeds.length} of them`, () => {
      const outcomes = seeds.map((seed) => {
        const schedule = drawSchedule(engine, seed);
        const outcome = engine.run(schedule);
        assert.equal(outcome.disagreements, 0, explain(schedule, outcome));
        assert.deepEqual(outcome.faults, [], explain(schedule, outcome));
        assert.ok(Math.min(...outcome.heights) >= schedule.heights, explain(schedule, outcome));
        return outcome;
      });
      engine.tried(outcomes);
    });

    it('repeat to the event', () => {
      assert.deepEqual(engine.run(drawSchedule(engine, 5)), engine.run(drawSchedule(engine, 5)));
    });

    it('finalise nothing and disagree on nothing when more than a third is silent', () => {
      const schedule = { ...drawSchedule(engine, 3), weights: [1, 1, 1, 1], untilMs: 30_000 };
      const outcome = engine.run({ ...schedule, members: ['honest', 'honest', 'silent', 'silent'] });
      assert.deepEqual(outcome.heights, [0, 0]);
      assert.deepEqual(outcome.faults, []);
    });
  });

  describe('schedules with half that break the rules', () => {
    it('disagree in some, and then the evidence names more than a third', () => {
      let disagreeing = 0;
      for (const seed of seeds) {
        const schedule = drawHalfFaulty(engine, seed);
        const outcome = engine.run(schedule);
        assert.deepEqual(outcome.faults, [], explain(schedule, outcome));
        if (outcome.disagreements === 0) continue;
        disagreeing++;
        assert.deepEqual([...outcome.guilty].toSorted(), [1, 3], explain(schedule, outcome));
      }
      assert.ok(disagreeing > seeds.length / 20, `the checker saw ${disagreeing} disagreements`);
    });
  });
}

function drawSchedule(
  { blockMs, heights }: Pick<EngineSchedules, 'blockMs' | 'heights'>,
  seed: number,
): Schedule {
  const random = seededRandom(seed);
  return {
    seed,
    ...drawMembers(random),
    weather: drawWeather(random),
    crashOneIn: random.pick([0, 0, 30, 200]),
    relays: random.oneIn(2),
    blockMs: random.pick(blockMs),
    heights,
    untilMs: 200_000,
  };
}

function drawHalfFaulty({ half }: Pick<EngineSchedules, 'half'>, seed: number): Schedule {
  const { calmAtMs, partitionMs, ...rest } = half;
  const random = seededRandom(seed);
  const kind = random.pick(['yes', 'twins'] as const);
  return {
    seed,
    weights: [1, 1, 1, 1],
    members: ['honest', kind, 'honest', kind],
    weather: { calmAtMs, lostOneIn: 0, delayMaxMs: 40, partitionMs },
    crashOneIn: 0,
    relays: random.oneIn(2),
    ...rest,
  };
}

function explain(schedule: Schedule, outcome: Outcome): string {
  return JSON.stringify({ schedule, outcome: { ...outcome, guilty: [...outcome.guilty] } });
}

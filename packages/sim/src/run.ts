import { type Division, divideRegions } from './divide-regions.ts';
import { type FinishedRun, RunJudge } from './run-judge.ts';
import { type RunOptions, setUpRun } from './run-setup.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { SimPart, TURN_US } from './sim-part.ts';

/** How far a run is, in virtual seconds. */
export interface RunProgress {
  readonly doneS: number;
  readonly totalS: number;
}

/**
 * Runs a scenario. The same scenario, seed and sizes give the same events, the same log and the same hash, on every
 * machine and however the run is divided. A generator, so that the caller can show progress and do other work in
 * between.
 *
 * @param parts - into so many the run is divided, which one thread runs in turns: no faster, and the same
 * @throws what a node throws, which is a bug of the node
 */
export function* runScenario(
  scenario: Scenario,
  options: RunOptions,
  parts = 1,
): Generator<RunProgress, FinishedRun, undefined> {
  const setup = setUpRun(scenario, options);
  const division = divideRegions(scenario.regions, parts);
  const all = division.lookaheadUs.map((_, index) => new SimPart(setup, { index, division }));
  const judge = new RunJudge(setup, (all[0] as SimPart).stage);
  const { durationS, durationUs } = setup;
  for (let turn = 1; (turn - 1) * TURN_US < durationUs; turn++) {
    const atUs = Math.min(durationUs, turn * TURN_US);
    runTogether(all, division, atUs);
    judge.turn(
      atUs,
      all.map((part) => part.endTurn(turn)),
    );
    yield { doneS: atUs / 1_000_000, totalS: durationS };
  }
  return judge.finish(all.map((part) => part.finish()));
}

/**
 * Runs all parts up to a moment, in windows: none of them can do anything to another one within the lookahead from the
 * next event of all.
 */
function runTogether(all: readonly SimPart[], { lookaheadUs }: Division, untilUs: number): void {
  const aheadUs = Math.min(...lookaheadUs.flat());
  for (;;) {
    const nextUs = Math.min(...all.map((part) => part.nextUs));
    const endUs = Math.min(untilUs, nextUs + aheadUs - 1);
    for (const part of all) part.runUntil(endUs);
    for (const from of all) {
      all.forEach((to, part) => {
        const bytes = from.takeOutgoing(part);
        if (bytes !== undefined) to.takeIncoming(bytes);
      });
    }
    if (endUs === untilUs) return;
  }
}

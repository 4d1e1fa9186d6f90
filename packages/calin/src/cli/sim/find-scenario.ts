import { availableParallelism } from 'node:os';
import { type Failure, OK, ok, type Result } from '@calin/core/base/result.ts';
import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { Scenario } from '@calin/sim/scenarios/scenario.ts';
import { findScenario, SCENARIOS } from '@calin/sim/scenarios/scenarios.ts';
import { parseSimSpec } from '@calin/sim/spec.ts';
import { findStudy, STUDIES } from '@calin/sim/study/studies.ts';
import { STUDY_DURATION_S_MIN } from '@calin/sim/study/study-duration.ts';
import { STUDY_FAULTS, type StudyFault } from '@calin/sim/study/study-faults.ts';
import type { Study } from '@calin/sim/study/study-run.ts';
import { refuseCli } from '../rules.ts';
import { nearestName } from '../suggest.ts';

/** Seeds of one sweep. */
const SEEDS_MAX = 1_000_000;

/** The scenario of a name that was typed. Refuses by `cli/scenario` or `cli/missing`. */
export function findSimScenario(name: string | undefined): Result<Scenario> {
  if (name === undefined) return refuseCli('cli/missing', { expected: 'SCENARIO' });
  const scenario = findScenario(name);
  return scenario === undefined ? refuseName(name, SCENARIOS) : ok(scenario);
}

/** The study protocol of a name that was typed. Refuses by `cli/scenario`. */
export function findSimStudy(name: string): Result<Study> {
  const study = findStudy(name);
  return study === undefined ? refuseName(name, STUDIES) : ok(study);
}

/** What a sweep runs: a scenario with a consensus, or a study protocol, which has none beside itself. */
export interface Swept extends Pick<Scenario, 'name' | 'nodesMin'> {
  readonly consensus: PresetName | undefined;
}

/**
 * What a sweep was told to run. Refuses by `cli/scenario`; by `cli/option-value` a run of a study protocol that is too
 * short to be judged, or with a consensus; and as {@link chooseSimConsensus} does.
 */
export function findSwept(
  name: string,
  {
    duration,
    consensus,
  }: { readonly duration?: number | undefined; readonly consensus?: string | undefined },
): Result<Swept> {
  const scenario = findScenario(name);
  if (scenario !== undefined) {
    const chosen = chooseSimConsensus(scenario, consensus);
    return chosen.ok ? ok({ ...scenario, consensus: chosen.value }) : chosen;
  }
  const study = findStudy(name);
  if (study === undefined) return refuseName(name, [...SCENARIOS, ...STUDIES]);
  if (consensus !== undefined) {
    const expected = `nothing: ${name} is one by itself`;
    return refuseCli('cli/option-value', { option: '--consensus', got: consensus, expected });
  }
  if (duration === undefined || duration >= STUDY_DURATION_S_MIN) return ok({ ...study, consensus });
  const expected = `${STUDY_DURATION_S_MIN} or more for ${name}`;
  return refuseCli('cli/option-value', { option: '--duration', got: duration, expected });
}

function refuseName(name: string, known: readonly { readonly name: string }[]): Failure {
  const nearest = nearestName(
    name,
    known.map((one) => one.name),
  );
  const hint = nearest === undefined ? {} : { didYouMean: nearest };
  return refuseCli('cli/scenario', { got: name.slice(0, 80), ...hint });
}

/**
 * The consensus that a run was told to have. Refuses, by `cli/option-value`, one that the scenario is not about, and by
 * a rule of genesis files one that nodes cannot run.
 */
export function chooseSimConsensus(
  { name, consensus: possible }: Scenario,
  given: string | undefined,
): Result<PresetName> {
  const consensus = given === undefined ? possible[0] : possible.find((one) => one === given);
  if (consensus === undefined) {
    const expected = `${possible.join(', ')}: ${name} is about nothing else`;
    return refuseCli('cli/option-value', { option: '--consensus', got: given ?? '', expected });
  }
  const fits = checkSimConsensus(consensus);
  return fits.ok ? ok(consensus) : fits;
}

/** Refuses, by a rule of genesis files, a preset that nodes cannot run. */
export function checkSimConsensus(consensus: PresetName): Result<undefined> {
  const work = { initialDifficulty: 1, blockMs: 1, halfLifeMs: 1 };
  const tried = parseSimSpec({ consensus, authorities: 1, slotMs: 1, work, coins: 0 });
  return tried.ok ? OK : tried;
}

/** Reads a list such as `crashes,liars`, or `none`; undefined of nothing. Refuses by `cli/option-value`. */
export function parseStudyFaults(text: string | undefined): Result<readonly StudyFault[] | undefined> {
  if (text === undefined) return ok(undefined);
  const faults: StudyFault[] = [];
  for (const name of text === 'none' ? [] : text.split(',')) {
    const fault = STUDY_FAULTS.find((one) => one === name);
    if (fault === undefined)
      return refuseCli('cli/option-value', {
        option: '--faults',
        got: name.slice(0, 40),
        expected: `${STUDY_FAULTS.join(', ')}, or none`,
      });
    faults.push(fault);
  }
  return ok(faults);
}

/** Refuses, by `cli/option-value`, fewer nodes than a scenario makes sense with. */
export function checkSimNodes(
  { nodesMin }: Pick<Scenario, 'nodesMin'>,
  nodes: number | undefined,
): Result<undefined> {
  if (nodes === undefined || nodes >= nodesMin) return OK;
  return refuseCli('cli/option-value', { option: '--nodes', got: nodes, expected: `${nodesMin} or more` });
}

/**
 * Nodes from which on a run is divided among threads by itself. In a smaller one there is too little to do between two
 * messages that cross: two parts of 200 nodes take as long as one, those of 1,000 two thirds (measured).
 */
const THREADED_NODES_MIN = 500;

/** How many threads a run gets. Refuses, by `cli/option-value`, more than its machines have regions. */
export function chooseSimThreads(
  scenario: Pick<Scenario, 'name' | 'nodes' | 'regions'>,
  {
    threads,
    nodes = scenario.nodes,
  }: { readonly threads?: number | undefined; readonly nodes?: number | undefined },
): Result<number> {
  const regions = scenario.regions.names.length;
  if (threads === undefined) {
    return ok(nodes < THREADED_NODES_MIN ? 1 : Math.min(availableParallelism(), regions));
  }
  if (threads <= regions) return ok(threads);
  const expected = `at most ${regions}: the machines of ${scenario.name} stand in so many regions, and one is not divided`;
  return refuseCli('cli/option-value', { option: '--threads', got: threads, expected });
}

/** Reads `A..B`. Refuses by `cli/option-value`. */
export function parseSeeds(text: string): Result<{ readonly first: number; readonly last: number }> {
  const [, a, b] = /^(\d{1,15})\.\.(\d{1,15})$/.exec(text) ?? [];
  const [first, last] = [Number(a), Number(b)];
  if (a !== undefined && first <= last && last - first < SEEDS_MAX) return ok({ first, last });
  return refuseCli('cli/option-value', {
    option: '--seeds',
    got: text.slice(0, 40),
    expected: 'A..B, such as 1..1000',
  });
}

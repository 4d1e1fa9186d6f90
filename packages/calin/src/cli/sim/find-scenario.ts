import { availableParallelism } from 'node:os';
import { OK, ok, type Result } from '@calin/core/base/result.ts';
import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { Scenario } from '@calin/sim/scenarios/scenario.ts';
import { findScenario, SCENARIOS } from '@calin/sim/scenarios/scenarios.ts';
import { parseSimSpec } from '@calin/sim/spec.ts';
import { refuseCli } from '../rules.ts';
import { nearestName } from '../suggest.ts';

/** Seeds of one sweep. */
const SEEDS_MAX = 1_000_000;

/** The scenario of a name that was typed. Refuses by `cli/scenario` or `cli/missing`. */
export function findSimScenario(name: string | undefined): Result<Scenario> {
  if (name === undefined) return refuseCli('cli/missing', { expected: 'SCENARIO' });
  const scenario = findScenario(name);
  if (scenario !== undefined) return ok(scenario);
  const nearest = nearestName(
    name,
    SCENARIOS.map((one) => one.name),
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

/** Refuses, by `cli/option-value`, fewer nodes than a scenario makes sense with. */
export function checkSimNodes({ nodesMin }: Scenario, nodes: number | undefined): Result<undefined> {
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

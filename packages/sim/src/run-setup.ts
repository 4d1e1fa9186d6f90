import { assert } from '@calin/core/base/assert.ts';
import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { SimLogOptions } from './log.ts';
import type { Scenario, StageOptions } from './scenarios/scenario.ts';
import type { Signatures } from './signatures.ts';

/** Choices for a run. */
export interface RunOptions {
  readonly seed: number;
  /** One of those of the scenario; the first of them when left out. */
  readonly consensus?: PresetName | undefined;
  /** Those of the scenario when left out. */
  readonly nodes?: number | undefined;
  readonly durationS?: number | undefined;
  readonly log?: SimLogOptions | undefined;
  readonly carries?: StageOptions['carries'] | undefined;
  readonly signatures?: Signatures | undefined;
}

/** A run with nothing left to choose. */
export interface RunSetup {
  readonly scenario: Scenario;
  readonly consensus: PresetName;
  readonly seed: number;
  readonly nodes: number;
  readonly durationS: number;
  readonly durationUs: number;
  readonly log: SimLogOptions;
  readonly carries: StageOptions['carries'];
  readonly signatures: Signatures | undefined;
}

/** Fills in what was left out. */
export function setUpRun(scenario: Scenario, options: RunOptions): RunSetup {
  const { seed, nodes = scenario.nodes, durationS = scenario.durationS, signatures } = options;
  const { log = { level: 'info' }, carries = 'message' } = options;
  const { consensus = scenario.consensus[0] } = options;
  assert(scenario.consensus.includes(consensus), `${scenario.name} does not run with ${consensus}`);
  assert(nodes >= scenario.nodesMin, `${scenario.name} needs ${scenario.nodesMin} nodes`);
  return {
    scenario,
    consensus,
    seed,
    nodes,
    durationS,
    durationUs: durationS * 1_000_000,
    log,
    carries,
    signatures,
  };
}

import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { ComparedJob, ComparedRun } from './compared-run.ts';
import type { FaultsFile } from './faults-file.ts';
import type { ComparedSetting } from './setting.ts';
import { type Claim, TRIALS } from './trials.ts';

/** What is compared. */
export interface ComparisonOptions {
  readonly consensus: readonly PresetName[];
  readonly faults: FaultsFile;
  readonly seed: number;
  readonly nodes: number;
  readonly durationS: number;
}

/** One trial with one consensus. */
export interface TrialResult {
  readonly consensus: PresetName;
  /** What is said of it, and what was seen. */
  readonly claim: Claim;
  readonly seen: Claim;
  readonly run: ComparedRun;
}

/** The same chain, workload and faults under several ways to agree: the result for programs. */
export interface Comparison extends ComparisonOptions {
  /** Nodes that made blocks or voted. */
  readonly makers: number;
  readonly runs: readonly ComparedRun[];
  readonly trials: readonly {
    readonly name: string;
    readonly setting: ComparedSetting;
    readonly results: readonly TrialResult[];
  }[];
}

/** Two fifths of the nodes make blocks or vote, four at least. */
function comparedMakers(nodes: number): number {
  return Math.max(4, Math.floor((2 * nodes) / 5));
}

/** Everything that has to be run, in an order of its own: first the file of faults, then the trials. */
export function comparedJobs(options: ComparisonOptions): readonly ComparedJob[] {
  const { consensus: chosen, seed } = options;
  const main = chosen.map((consensus) => ({ setting: mainSetting(options), consensus, seed }));
  const trials = TRIALS.flatMap(({ setting, claims }) =>
    chosen.flatMap((consensus) => (claims[consensus] === undefined ? [] : [{ setting, consensus, seed }])),
  );
  return [...main, ...trials];
}

/** Puts the results of {@link comparedJobs} together, which may have come in any order. */
export function putTogether(options: ComparisonOptions, results: readonly ComparedRun[]): Comparison {
  const main = mainSetting(options);
  const find = (name: string, consensus: PresetName) =>
    results.find((run) => run.setting.name === name && run.consensus === consensus);
  return {
    ...options,
    makers: main.makers,
    runs: options.consensus.flatMap((consensus) => find(main.name, consensus) ?? []),
    trials: TRIALS.map(({ setting, claims }) => ({
      name: setting.name,
      setting,
      results: options.consensus.flatMap((consensus) => {
        const [run, claim] = [find(setting.name, consensus), claims[consensus]];
        if (run === undefined || claim === undefined) return [];
        return [{ consensus, claim, seen: judgeTrial(run), run }];
      }),
    })),
  };
}

/** What a run says of its consensus. */
export function judgeTrial({ violations, during }: ComparedRun): Claim {
  if (violations.length > 0) return 'breaks';
  if (during === undefined || during.finals > 0) return 'holds';
  return during.blocks > 0 ? 'open' : 'stops';
}

function mainSetting({ faults, nodes, durationS }: ComparisonOptions): ComparedSetting {
  const makers = comparedMakers(nodes);
  return { name: 'the file of faults', nodes, makers, durationS, faults: faults.faults };
}

import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { ComparedRun } from '@calin/sim/compare/compared-run.ts';
import type { Comparison } from '@calin/sim/compare/comparison.ts';
import type { Claim } from '@calin/sim/compare/trials.ts';

/** What goes wrong in the comparison of the documentation. */
export const FAULTS_PATH = 'docs/reference/consensus/faults.json';

/** What came out of it. */
export const COMPARISON_PATH = 'docs/reference/consensus/comparison.json';

/** A comparison as it is committed: of the trials only what was seen. */
export interface SavedComparison extends Omit<Comparison, 'trials'> {
  readonly trials: readonly {
    readonly name: string;
    readonly results: readonly {
      readonly consensus: PresetName;
      readonly claim: Claim;
      readonly seen: Claim;
      readonly blocks: ComparedRun['blocks'];
      readonly broken?: string | undefined;
    }[];
  }[];
}

import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { Checker } from '../checkers/checker.ts';
import type { Cluster } from '../cluster.ts';
import type { SimLogOptions } from '../log.ts';
import type { NetworkOptions } from '../network.ts';
import type { RunSummary } from '../part-summary.ts';
import type { Regions } from '../regions.ts';
import type { Signatures } from '../signatures.ts';
import type { Workload } from '../workload.ts';
import type { PartOptions } from '../world.ts';

/** What a run is given beside its scenario. */
export interface StageOptions {
  /** How the chain agrees: one of {@link Scenario.consensus}. */
  readonly consensus: PresetName;
  /** 32 bytes from which everything that happens follows. */
  readonly seed: Uint8Array;
  readonly nodes: number;
  readonly durationUs: number;
  readonly log: SimLogOptions;
  readonly carries: NetworkOptions['carries'];
  /** Faster signatures than the reference. */
  readonly signatures?: Signatures | undefined;
  /** The part of the run that this is; all of it when left out. */
  readonly part?: PartOptions | undefined;
}

/**
 * A run, or a part of one, that is ready to begin: everything that will happen is in the clock or follows from it.
 * Where the run is divided every part is given the same scenario and knows all machines; faults and transfers happen in
 * each of them at the same times, and do something in the one where the machine works. So what a scenario puts into the
 * clock of the run may only depend on what it has put in before, and not on what nodes do.
 */
export interface Stage {
  readonly cluster: Cluster;
  readonly checkers: readonly Checker[];
  readonly workload: Workload | undefined;
  /** What is counted in each part when the run is over, to be added up. */
  counts?(): Readonly<Record<string, number>>;
  /** What this scenario measures beside what all do, from the sum of all parts. */
  results?(run: RunSummary): Readonly<Record<string, number | string>>;
}

/** A story of a network, told with any seed. */
export interface Scenario {
  /** How its chain may agree; the first one unless told otherwise. */
  readonly consensus: readonly [PresetName, ...PresetName[]];
  /** As on the command line. */
  readonly name: string;
  /** One sentence: what happens and what must hold. */
  readonly summary: string;
  /** Nodes unless told otherwise, and the fewest with which it makes sense. */
  readonly nodes: number;
  readonly nodesMin: number;
  /** Virtual seconds unless told otherwise. */
  readonly durationS: number;
  /** Where its machines stand; a run can be divided into as many parts. */
  readonly regions: Regions;
  /** Sets it up. */
  stage(options: StageOptions): Stage;
}

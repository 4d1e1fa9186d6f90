import type { VerifySignature } from '@calin/core/crypto/signature.ts';
import type { Checker } from '../checkers/checker.ts';
import type { Cluster } from '../cluster.ts';
import type { SimLogOptions } from '../log.ts';
import type { NetworkOptions } from '../network.ts';
import type { Workload } from '../workload.ts';

/** What a run is given beside its scenario. */
export interface StageOptions {
  /** 32 bytes from which everything that happens follows. */
  readonly seed: Uint8Array;
  readonly nodes: number;
  readonly durationUs: number;
  readonly log: SimLogOptions;
  readonly carries: NetworkOptions['carries'];
  /** A faster check of signatures than the reference. */
  readonly verify?: VerifySignature | undefined;
}

/** A run that is ready to begin: everything that will happen is in the clock or follows from it. */
export interface Stage {
  readonly cluster: Cluster;
  readonly checkers: readonly Checker[];
  readonly workload: Workload | undefined;
  /** What this scenario measures beside what all do; asked for when the run is over. */
  results?(): Readonly<Record<string, number | string>>;
}

/** A story of a network, told with any seed. */
export interface Scenario {
  /** As on the command line. */
  readonly name: string;
  /** One sentence: what happens and what must hold. */
  readonly summary: string;
  /** Nodes unless told otherwise, and the fewest with which it makes sense. */
  readonly nodes: number;
  readonly nodesMin: number;
  /** Virtual seconds unless told otherwise. */
  readonly durationS: number;
  /** Sets it up. */
  stage(options: StageOptions): Stage;
}

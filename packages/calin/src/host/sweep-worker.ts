/** A thread of `calin sim sweep`: is given one seed after the other and answers each with what it gave. */
import { parentPort } from 'node:worker_threads';
import { assert } from '@calin/core/base/assert.ts';
import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import { findScenario } from '@calin/sim/scenarios/scenarios.ts';
import { findStudy } from '@calin/sim/study/studies.ts';
import { type SweptSeed, sweepSeed, sweepStudy } from '@calin/sim/sweep.ts';
import { FAST_SIGNATURES } from '../adapters/fast-signatures.ts';

/** One seed to run. */
export interface SweepWork {
  /** The name of a scenario, or of a study protocol, that there is. */
  readonly scenario: string;
  readonly consensus?: PresetName | undefined;
  readonly seed: number;
  readonly nodes?: number | undefined;
  readonly durationS?: number | undefined;
}

/** What one seed gave, and what it took. */
export interface TimedSeed {
  readonly swept: SweptSeed;
  /** Processor time of this thread, in milliseconds. */
  readonly cpuMs: number;
}

/** Runs one seed. */
function runSeed({ scenario, seed, ...options }: SweepWork): SweptSeed {
  const study = findStudy(scenario);
  if (study !== undefined) return sweepStudy(study, seed, options);
  const found = findScenario(scenario);
  assert(found !== undefined, `there is no scenario ${scenario}`);
  return sweepSeed(found, seed, { ...options, signatures: FAST_SIGNATURES });
}

parentPort?.on('message', (work: SweepWork) => {
  const before = process.threadCpuUsage();
  const swept = runSeed(work);
  const { user, system } = process.threadCpuUsage(before);
  parentPort?.postMessage({ swept, cpuMs: Math.round((user + system) / 1000) } satisfies TimedSeed);
});

import { toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { keyedHash, ZERO_HASH } from '@calin/core/crypto/hash.ts';
import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { SimReport } from './report.ts';
import { runScenario } from './run.ts';
import type { Scenario } from './scenarios/scenario.ts';
import type { Signatures } from './signatures.ts';
import type { Study } from './study/study-run.ts';

/** Choices for one run of a sweep. */
export interface SweepOptions {
  /** As in {@link RunOptions}. */
  readonly consensus?: PresetName | undefined;
  readonly nodes?: number | undefined;
  readonly durationS?: number | undefined;
  readonly signatures?: Signatures | undefined;
}

/** What one seed gave. */
export interface SweptSeed {
  readonly seed: number;
  /** See {@link SimReport.hash}; empty when a node threw. */
  readonly hash: string;
  /** The first invariant that was broken, with what was seen; undefined when all held. */
  readonly broken: string | undefined;
}

/** Runs a scenario with one seed, to the end. A node that throws breaks the invariant that none does. */
export function sweepSeed(scenario: Scenario, seed: number, options: SweepOptions): SweptSeed {
  return judge(seed, () => {
    const run = runScenario(scenario, { ...options, seed, log: { level: 'error' } });
    let step = run.next();
    while (step.done !== true) step = run.next();
    return step.value.report;
  });
}

/** Runs a study protocol with one seed and all the faults that it bears, to the end. */
export function sweepStudy(
  study: Study,
  seed: number,
  { nodes, durationS }: Pick<SweepOptions, 'nodes' | 'durationS'>,
): SweptSeed {
  return judge(seed, () => study.run({ seed, nodes, durationS }).report);
}

function judge(seed: number, run: () => Pick<SimReport, 'hash' | 'violations'>): SweptSeed {
  try {
    const { hash, violations } = run();
    const [first] = violations;
    const broken =
      first === undefined
        ? undefined
        : `${first.invariant}: ${first.message} ${JSON.stringify(first.evidence)}`;
    return { seed, hash, broken };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed, hash: '', broken: `no crash of a node: ${text.slice(0, 1_000)}` };
  }
}

/** One hash for the results of many seeds, in the order of the seeds. */
export function sweepHash(swept: readonly SweptSeed[]): string {
  const ordered = swept.toSorted((a, b) => a.seed - b.seed);
  const text = ordered.map(({ seed, hash }) => `${seed} ${hash}\n`).join('');
  return toHex(keyedHash(ZERO_HASH, utf8Bytes(text)));
}

import { familyOf, MESSAGE_KINDS } from '@calin/core/p2p/messages/message.ts';
import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { Violation } from '../checkers/checker.ts';
import { percentile } from '../measures.ts';
import type { RunSummary } from '../part-summary.ts';
import { runScenario } from '../run.ts';
import type { FinishedRun } from '../run-judge.ts';
import type { Signatures } from '../signatures.ts';
import type { Span } from './apply-faults.ts';
import { type ComparedSetting, comparedScenario } from './setting.ts';

/** One run of a comparison, as a thread is given it. */
export interface ComparedJob {
  readonly setting: ComparedSetting;
  readonly consensus: PresetName;
  readonly seed: number;
}

/** How long blocks took from being made to being final on half of the nodes; milliseconds. */
export interface TimeToFinality {
  readonly blocks: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What came out of one run of a comparison. */
export interface ComparedRun extends ComparedJob {
  readonly finality: TimeToFinality;
  readonly blocks: {
    readonly made: number;
    /** Made and left behind. */
    readonly lost: number;
    readonly height: number;
    readonly final: number;
  };
  /** Heights at which more than one block was made. */
  readonly forks: number;
  readonly reorganisations: { readonly count: number; readonly depthMax: number };
  readonly messagesPerBlock: number;
  readonly bytesPerBlock: number;
  /** Of these, what votes took. */
  readonly voteBytesPerBlock: number;
  /** Hashes that were tried for each block: what work costs, and nothing else does. */
  readonly hashesPerBlock: number;
  readonly transfers: number;
  /** Of the attack: blocks that were made, and became final somewhere, once it had begun and was not yet over. */
  readonly during: { readonly blocks: number; readonly finals: number } | undefined;
  /** When each height was final on half of the nodes: seconds and height, for a picture. */
  readonly finalHeights: readonly (readonly [seconds: number, height: number])[];
  /** The same for being the head. */
  readonly headHeights: readonly (readonly [seconds: number, height: number])[];
  readonly violations: readonly Violation[];
  /** See SimReport. */
  readonly hash: string;
}

/** The messages that votes take. */
const VOTE_KINDS: ReadonlySet<string> = new Set(
  MESSAGE_KINDS.filter((kind) => familyOf(kind) === 'consensus'),
);

/** What was on its way when an attack began is over after this. */
const SETTLED_S = 30;

/** Runs one setting with one consensus to its end. */
export function runCompared(job: ComparedJob, signatures?: Signatures): ComparedRun {
  const { setting, consensus, seed } = job;
  const run = runScenario(comparedScenario(setting, consensus), {
    seed,
    log: { level: 'error' },
    signatures,
  });
  let step = run.next();
  while (step.done !== true) step = run.next();
  return summarize(job, step.value);
}

function summarize(job: ComparedJob, { report, run }: FinishedRun): ComparedRun {
  const { made, stale, height, final } = report.blocks;
  const perBlock = (count: number) => Math.round(count / Math.max(1, height));
  const votes = report.traffic.filter(({ kind }) => VOTE_KINDS.has(kind));
  const { attack } = job.setting;
  return {
    ...job,
    finality: timeToFinality(run),
    blocks: { made, lost: stale, height, final },
    forks: countForks(run),
    reorganisations: report.reorganisations,
    messagesPerBlock: perBlock(report.messages),
    bytesPerBlock: perBlock(report.bytes),
    voteBytesPerBlock: perBlock(votes.reduce((sum, { bytes }) => sum + bytes, 0)),
    hashesPerBlock: perBlock(run.hashes),
    transfers: report.workload?.accepted ?? 0,
    during: attack && countDuring(run, attack),
    finalHeights: sample(finalOnHalf(run)),
    headHeights: sample(headOnHalf(run)),
    violations: report.violations,
    hash: report.hash,
  };
}

/** When half of the machines had each block as final; without those that fewer ever had so. */
function finalOnHalf({
  finals,
  machines,
}: RunSummary): readonly { id: string; height: number; atUs: number }[] {
  const half = Math.ceil(machines.length / 2);
  return finals.flatMap(({ id, height, atUs }) => {
    const reached = atUs[half - 1];
    return reached === undefined ? [] : [{ id, height, atUs: reached }];
  });
}

function timeToFinality(run: RunSummary): TimeToFinality {
  const madeUs = new Map(run.blocks.map((block) => [block.id, block.madeUs]));
  const tookMs = finalOnHalf(run).flatMap(({ id, atUs }) => {
    const made = madeUs.get(id);
    return made === undefined ? [] : [(atUs - made) / 1000];
  });
  const sorted = Float64Array.from(tookMs).toSorted((a, b) => a - b);
  const at = (percent: number) => Math.round(percentile(sorted, percent));
  return { blocks: sorted.length, p50Ms: at(50), p99Ms: at(99) };
}

function countForks({ blocks }: RunSummary): number {
  const made = new Map<number, number>();
  for (const { height } of blocks) made.set(height, (made.get(height) ?? 0) + 1);
  return [...made.values()].filter((count) => count > 1).length;
}

function countDuring({ blocks, finals }: RunSummary, { fromS, toS }: Span): ComparedRun['during'] {
  const isDuring = (us: number) => us >= (fromS + SETTLED_S) * 1e6 && us < toS * 1e6;
  return {
    blocks: blocks.filter(({ madeUs }) => isDuring(madeUs)).length,
    finals: finals.filter(({ atUs }) => isDuring(atUs[0] ?? 0)).length,
  };
}

/** A height, and when it was there; microseconds of the run. */
interface Reached {
  readonly height: number;
  readonly atUs: number;
}

/** As many points as a picture can show. */
const POINTS_MAX = 400;

/** When half of the machines had had each block as head. */
function headOnHalf({ blocks, machines }: RunSummary): readonly Reached[] {
  const others = Math.ceil(machines.length / 2) - 1;
  return blocks.flatMap(({ height, madeUs, delaysUs }) => {
    const delayUs = others === 0 ? 0 : delaysUs[others - 1];
    return delayUs === undefined ? [] : [{ height, atUs: madeUs + delayUs }];
  });
}

function sample(reached: readonly Reached[]): readonly (readonly [number, number])[] {
  const all = reached.toSorted((a, b) => a.atUs - b.atUs);
  const every = Math.max(1, Math.ceil(all.length / POINTS_MAX));
  const points = all.filter((_, i) => i % every === 0 || i === all.length - 1);
  return points.map(({ atUs, height }) => [Math.round(atUs / 1e5) / 10, height]);
}

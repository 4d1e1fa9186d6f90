import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { Violation } from './checkers/checker.ts';
import { percentile, type SeenBlock } from './measures.ts';
import type { RunSummary } from './part-summary.ts';
import type { KindTraffic } from './traffic.ts';
import type { WorkloadCounts } from './workload.ts';

/** What was run. */
export interface RunSize {
  readonly scenario: string;
  readonly consensus: PresetName;
  readonly seed: number;
  readonly nodes: number;
  readonly durationS: number;
}

/** How long blocks took to become the head of nodes, in milliseconds after they were made. */
export interface Propagation {
  /** Over all blocks and nodes. */
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** The median over blocks of the time until 99 % of the nodes had it. */
  readonly to99PercentMs: number;
}

/**
 * The result of a run, for programs. Everything in it follows from scenario, seed and sizes, and nothing from how the
 * run was divided.
 */
export interface SimReport extends RunSize {
  readonly events: number;
  readonly messages: number;
  readonly bytes: number;
  readonly traffic: readonly KindTraffic[];
  readonly blocks: {
    readonly made: number;
    readonly stale: number;
    readonly height: number;
    readonly final: number;
  };
  readonly propagation: Propagation;
  readonly reorganisations: { readonly count: number; readonly depthMax: number };
  readonly workload: Readonly<WorkloadCounts> | undefined;
  readonly results: Readonly<Record<string, number | string>>;
  readonly log: { readonly lines: number; readonly hash: string };
  readonly violations: readonly Violation[];
  /** The hash of where all nodes ended; the last field. */
  readonly hash: string;
}

/** Everything that a report says. */
export interface ReportParts {
  readonly size: RunSize;
  readonly run: RunSummary;
  readonly results: SimReport['results'];
  readonly log: SimReport['log'];
  readonly violations: readonly Violation[];
  readonly hash: string;
}

/** Sums a run up. */
export function createReport({ size, run, results, log, violations, hash }: ReportParts): SimReport {
  const { traffic, workload } = run;
  return {
    ...size,
    events: run.events,
    messages: traffic.messages,
    bytes: traffic.bytes,
    traffic: traffic.kinds(),
    blocks: countBlocks(run),
    propagation: propagationOf(run.blocks, size.nodes),
    reorganisations: run.reorganisations,
    workload,
    results,
    log,
    violations,
    hash,
  };
}

function countBlocks({ blocks, best }: RunSummary): SimReport['blocks'] {
  const stale = blocks.filter(({ height, id }) => best?.ids[height] !== id).length;
  return { made: blocks.length, stale, height: best?.height ?? 0, final: best?.final ?? 0 };
}

/** How blocks spread over `nodes` nodes. */
function propagationOf(blocks: readonly SeenBlock[], nodes: number): Propagation {
  const all: number[] = [];
  const to99: number[] = [];
  const needed = Math.ceil(0.99 * nodes) - 1;
  for (const { delaysUs } of blocks) {
    for (const delayUs of delaysUs) all.push(delayUs);
    if (needed > 0 && delaysUs.length >= needed) to99.push(delaysUs[needed - 1] as number);
  }
  const sorted = Float64Array.from(all).toSorted(ascending);
  const at = (percent: number) => percentile(sorted, percent) / 1000;
  const [p50Ms, p90Ms, p99Ms] = [at(50), at(90), at(99)];
  const maxMs = (sorted.at(-1) ?? 0) / 1000;
  return {
    p50Ms,
    p90Ms,
    p99Ms,
    maxMs,
    to99PercentMs: percentile(Float64Array.from(to99).toSorted(ascending), 50) / 1000,
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}

import { toHex } from '@calin/core/base/bytes.ts';
import type { Violation } from './checkers/checker.ts';
import { type Measures, percentile, type SeenBlock } from './measures.ts';
import type { Stage } from './scenarios/scenario.ts';
import type { KindTraffic } from './traffic.ts';
import type { WorkloadCounts } from './workload.ts';

/** What was run. */
export interface RunSize {
  readonly scenario: string;
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

/** The result of a run, for programs. Everything in it follows from scenario, seed and sizes. */
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
  /** Work that nodes shared: what was really done, once for all. */
  readonly shared: { readonly blocksExecuted: number; readonly signaturesChecked: number };
  readonly results: Readonly<Record<string, number | string>>;
  readonly log: { readonly lines: number; readonly hash: string };
  readonly violations: readonly Violation[];
  /** The hash of where all nodes ended; the last field. */
  readonly hash: string;
}

/** Sums a run up. */
export function createReport(
  size: RunSize,
  { cluster, workload, results }: Stage,
  violations: readonly Violation[],
  hash: string,
): SimReport {
  const { clock, network, measures, blocks, verdicts, log } = cluster.world;
  const { traffic } = network;
  const { count, depthMax } = measures.reorganisations;
  return {
    ...size,
    events: clock.fired,
    messages: traffic.messages,
    bytes: traffic.bytes,
    traffic: traffic.kinds(),
    blocks: countBlocks(measures, cluster.running),
    propagation: propagationOf(measures.blocks, size.nodes),
    reorganisations: { count, depthMax },
    workload: workload === undefined ? undefined : { ...workload.counts },
    shared: { blocksExecuted: blocks.executed, signaturesChecked: verdicts.checked },
    results: results?.() ?? {},
    log: { lines: log.lines, hash: toHex(log.digest()) },
    violations,
    hash,
  };
}

function countBlocks(measures: Measures, running: Stage['cluster']['running']): SimReport['blocks'] {
  const made = measures.blocks.length;
  const chains = running.flatMap(({ node }) => node?.chain ?? []);
  const best = chains.toSorted((a, b) => b.head.height - a.head.height)[0];
  const onBest = (block: SeenBlock) => {
    const id = best?.idAt(block.height);
    return id !== undefined && toHex(id) === block.id;
  };
  const stale = measures.blocks.filter((block) => !onBest(block)).length;
  return { made, stale, height: best?.head.height ?? 0, final: best?.final.height ?? 0 };
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

import type { SimReport } from '@calin/sim/report.ts';

/** A run in a few lines for a person: what was run, what happened, and the hash. */
export function presentRun(report: SimReport): string {
  const { scenario, consensus, seed, nodes, durationS, blocks, propagation, messages, workload, violations } =
    report;
  const transfers = workload === undefined ? '' : `, ${workload.accepted} transfers`;
  return [
    ...violations.map(
      ({ invariant, message, evidence }) => `BROKEN ${invariant}: ${message} ${JSON.stringify(evidence)}`,
    ),
    `${scenario} seed ${seed}: ${nodes} nodes with ${consensus}, ${durationS} s, ${blocks.height} blocks (${blocks.stale} stale)${transfers}`,
    `${messages} messages; a block at half of the nodes after ${propagation.p50Ms} ms, at 99 % after ${propagation.p99Ms} ms`,
    ...Object.entries(report.results).map(([name, value]) => `${name} ${value}`),
    report.hash,
  ].join('\n');
}

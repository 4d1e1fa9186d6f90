import { availableParallelism } from 'node:os';
import { VirtualClock } from '@calin/sim/clock.ts';
import { WORLD } from '@calin/sim/regions.ts';
import { runSimulation } from '../src/host/run-simulation.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';

/** Regions of the world, among which a run is divided. */
const THREADS_MAX = WORLD.names.length;

/** Whole networks in one process: how much faster than real time they run. */
export const bench: Bench = {
  name: 'sim',
  summary: 'A simulated network of whole nodes that makes a block every ten seconds, with transfers.',
  options: {
    nodes: { summary: 'Nodes', default: 1000 },
    duration: { summary: 'Virtual seconds', default: 3600 },
    seed: { summary: 'Seed of the run', default: 1 },
    scenario: { summary: 'Scenario', default: 'poa' },
    threads: {
      summary: 'Threads; the result is the same',
      default: Math.min(availableParallelism(), THREADS_MAX),
    },
  },
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const [nodes, durationS, seed] = [
    Number(options['nodes']),
    Number(options['duration']),
    Number(options['seed']),
  ];
  const scenario = String(options['scenario']);
  const threads = Number(options['threads']);
  const before = process.cpuUsage();
  const work = { scenario, seed, nodes, durationS, html: false, threads };
  const { report, wallMs } = await runSimulation(work, (at) =>
    progress(at.doneS, at.totalS, 'virtual seconds'),
  );
  const { user, system } = process.cpuUsage(before);
  const { events, messages, blocks, propagation, violations, workload, hash } = report;
  const { to99PercentMs, idealTo99PercentMs, ratio: floodRatio } = report.results;
  if (violations.length > 0) throw new Error(`an invariant was broken: ${JSON.stringify(violations[0])}`);
  const nodeBlocks = nodes * Math.max(1, blocks.height);
  return {
    bench: 'sim',
    speedup: round((1000 * durationS) / wallMs, 1),
    // Bound: the virtual clock alone, with as many events that do nothing.
    ratio: round(idleClockMs(events) / wallMs, 4),
    wallS: round(wallMs / 1000, 1),
    cpuUsPerNodeBlock: round((user + system) / nodeBlocks, 1),
    wallUsPerNodeBlock: round((1000 * wallMs) / nodeBlocks, 1),
    wallUsPerMessage: round((1000 * wallMs) / Math.max(1, messages), 2),
    rssMaxBytes: process.resourceUsage().maxRSS * 1024,
    messages,
    events,
    blocks: blocks.height,
    transfers: workload?.accepted ?? 0,
    p99Ms: round(propagation.p99Ms, 1),
    // How long a block took to 99 % of the nodes, and how long a perfect flood over the same links takes.
    to99PercentMs,
    idealTo99PercentMs,
    floodRatio,
    nodes,
    threads,
    duration: durationS,
    hash,
    ...machine(),
  };
}

/** How long a clock takes for so many events that do nothing, a thousand of which wait at a time. */
function idleClockMs(events: number): number {
  const clock = new VirtualClock();
  let left = events;
  const event = {
    fire: () => {
      left -= 1;
      if (left > 0) clock.schedule(clock.nowUs + 1 + (left % 1000), event);
    },
  };
  const startedMs = performance.now();
  for (let i = 0; i < Math.min(1000, events); i++) clock.schedule(i, event);
  clock.runUntil(Number.MAX_SAFE_INTEGER);
  return performance.now() - startedMs;
}

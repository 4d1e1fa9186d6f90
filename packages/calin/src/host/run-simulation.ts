import { totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RunProgress } from '@calin/sim/run.ts';
import type { SimulationNews, SimulationWork } from './simulation-worker.ts';

/** What came out of a simulation. */
export type SimulationResult = Omit<Extract<SimulationNews, { kind: 'finished' }>, 'kind'>;

const MIB = 2 ** 20;

/** The heap may take this share of the machine's memory: thousands of nodes need more than V8 takes by itself. */
const HEAP_SHARE = 0.75;

/**
 * Room for young objects. Messages are short-lived, so the larger it is the fewer of them are copied: with 96 MiB a run
 * of 600 nodes takes an eighth less processor time than with 24, and more than that gives no more (measured).
 */
const YOUNG_MIB = 96;

/**
 * Runs a scenario on a thread of its own.
 *
 * @param progress - told now and then how far it is
 * @throws what a simulated node threw, which is a bug of the node
 */
export function runSimulation(
  work: SimulationWork,
  progress: (progress: RunProgress) => void,
): Promise<SimulationResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./simulation-worker.ts', import.meta.url), {
      workerData: work,
      resourceLimits: {
        maxOldGenerationSizeMb: Math.floor((HEAP_SHARE * totalmem()) / MIB),
        maxYoungGenerationSizeMb: YOUNG_MIB,
      },
    });
    worker.on('message', (news: SimulationNews) => {
      if (news.kind === 'progress') return progress(news.progress);
      const { report, html, wallMs } = news;
      resolve({ report, html, wallMs });
    });
    worker.on('error', reject);
  });
}

import { totalmem } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { RunProgress } from '@calin/sim/run.ts';
import { allocateExchange } from './simulation/part-exchange.ts';
import type { SimulationNews, SimulationThread, SimulationWork } from './simulation/simulation-worker.ts';

/** What came out of a simulation. */
export type SimulationResult = Omit<Extract<SimulationNews, { kind: 'finished' }>, 'kind'>;

/** Choices for {@link runSimulation}. */
export interface SimulationOptions extends SimulationWork {
  /** Into so many parts the run is divided, each on a thread; 1 to the number of its scenario's regions. */
  readonly threads: number;
}

const MIB = 2 ** 20;

/** The heaps may take this share of the machine's memory: thousands of nodes need more than V8 takes by itself. */
const HEAP_SHARE = 0.75;

/**
 * Each half of a thread's room for young objects. What one block makes on a thousand nodes, some 50 MB, is young and
 * soon garbage, and in a small half much of it is still in use when the half is full, so it is copied and grows old:
 * with 128 MiB 1,000 nodes take a quarter less processor time than with 8 or 32, and with 256 more again; 2,000 nodes
 * of one thread take an eighth less with 256 than with 128 (measured, in turns).
 */
const SEMI_SPACE_MIB = { few: 128, many: 256 };

/** Nodes of one thread above which they are many. */
const FEW_NODES_MAX = 1_000;

/**
 * Runs a scenario on threads of its own. What comes out is the same, however many they are.
 *
 * @param progress - told now and then how far it is
 * @throws what a simulated node threw, which is a bug of the node
 */
export async function runSimulation(
  { threads: parts, ...work }: SimulationOptions,
  progress: (progress: RunProgress) => void,
): Promise<SimulationResult> {
  const isLarge = (work.nodes ?? 0) > FEW_NODES_MAX * parts;
  const semiSpaceMib = isLarge ? SEMI_SPACE_MIB.many : SEMI_SPACE_MIB.few;
  // The launcher's own choice, made for nodes, would win over the limits of a thread.
  setFlagsFromString(`--max-semi-space-size=${semiSpaceMib}`);
  const memory = allocateExchange(parts);
  const channels = Array.from({ length: parts - 1 }, () => new MessageChannel());
  const start = (index: number, ports: readonly MessagePort[]) =>
    startThread({ work, index, parts, memory, ports }, semiSpaceMib);
  const first = start(
    0,
    channels.map(({ port1 }) => port1),
  );
  const workers = [first, ...channels.map(({ port2 }, i) => start(i + 1, [port2]))];
  try {
    return await new Promise((resolve, reject) => {
      first.on('message', (news: SimulationNews) => {
        if (news.kind === 'progress') return progress(news.progress);
        const { kind: _, ...result } = news;
        resolve(result);
      });
      // A thread that throws ends the run: the others would wait for it.
      for (const worker of workers) worker.on('error', reject);
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function startThread(thread: SimulationThread, semiSpaceMib: number): Worker {
  return new Worker(new URL('./simulation/simulation-worker.ts', import.meta.url), {
    workerData: thread,
    transferList: [...thread.ports],
    resourceLimits: {
      maxOldGenerationSizeMb: Math.floor((HEAP_SHARE * totalmem()) / MIB / thread.parts),
      maxYoungGenerationSizeMb: 3 * semiSpaceMib,
    },
  });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Workplace } from '../test/e2e/calin.testing.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { machine } from './measure/machine.ts';
import { median, round } from './measure/numbers.ts';

/** From the command to the first answer, each time with a new data folder. */
export const bench: Bench = {
  name: 'start',
  summary: 'Cold start of `calin dev`: from the start of the process to its first answer over RPC.',
  options: { runs: { summary: 'How often; the median counts', default: 7 } },
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const runs = Number(options['runs']);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs is a whole number above 0');
  const startMs: number[] = [];
  const nodeMs: number[] = [];
  for (let i = 0; i < runs; i++) {
    progress(i, runs, 'starting');
    // Side by side, so that what the machine does otherwise is in both.
    nodeMs.push(await bareNodeMs());
    startMs.push(await coldStartMs());
  }
  return {
    bench: 'start',
    startMs: round(median(startMs), 0),
    startMinMs: round(Math.min(...startMs), 0),
    startMaxMs: round(Math.max(...startMs), 0),
    bareNodeMs: round(median(nodeMs), 0),
    ratio: round(median(nodeMs) / median(startMs), 3),
    runs,
    ...machine(),
  };
}

async function coldStartMs(): Promise<number> {
  const place = new Workplace();
  try {
    const dev = await place.start();
    await dev.end('SIGINT');
    return dev.firstAnswerMs;
  } finally {
    place.close();
  }
}

/** The bound: Node.js itself, with nothing to do. */
async function bareNodeMs(): Promise<number> {
  const startMs = performance.now();
  await once(spawn(process.execPath, ['--eval', ''], { stdio: 'ignore' }), 'close');
  return performance.now() - startMs;
}

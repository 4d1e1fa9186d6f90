import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type FuzzTarget, seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { loadExport } from './load.ts';
import { listFiles } from './workspace.ts';

/** Inputs that share one seed; a failure is repeated by running its batch alone. */
const BATCH_INPUTS = 256;
/** A batch above this holds an input that a stranger could slow a node down with: over 15 ms each. */
const BATCH_MS_MAX = 4000;
/**
 * Bytes that may stay alive after a run. Caches and compiled code are far below; an input that leaves 1 KB behind
 * shows after 8,192 of them.
 */
const GROWTH_BYTES_MAX = 8 * 2 ** 20;

/** How a target is run. */
export interface FuzzOptions {
  readonly iterations: number;
  /** The seed of the first batch; each later batch has the next number. */
  readonly seed: number;
  readonly batchMsMax?: number;
  readonly growthBytesMax?: number;
  /** Called after each batch with the inputs done so far. */
  readonly progress?: (done: number) => void;
}

/** What a run without a failure measured. */
export interface FuzzReport {
  readonly name: string;
  readonly iterations: number;
  readonly inputsPerSecond: number;
  readonly slowestBatchMs: number;
  readonly heapBefore: number;
  readonly heapAfter: number;
}

/** Every fuzz target of the packages, in the order of its file. */
export async function loadTargets(): Promise<FuzzTarget[]> {
  const files = listFiles('packages').filter((path) => path.endsWith('.fuzz.ts'));
  const targets: FuzzTarget[] = [];
  for (const path of files) targets.push(await loadExport<FuzzTarget>(path, 'fuzz'));
  const names = new Set(targets.map(({ name }) => name));
  if (names.size !== targets.length) throw new Error('two fuzz targets have the same name');
  return targets;
}

/**
 * Runs one target in batches.
 *
 * @throws Error with the command that repeats it when an input breaks a promise, a batch is slow or memory grows
 */
export async function runTarget(target: FuzzTarget, options: FuzzOptions): Promise<FuzzReport> {
  const { iterations, seed, batchMsMax = BATCH_MS_MAX, growthBytesMax = GROWTH_BYTES_MAX } = options;
  // One batch first, so that what is built once is not taken for growth.
  await runBatch(target, seed, Math.min(iterations, BATCH_INPUTS), batchMsMax);
  const heapBefore = liveBytes();
  const start = performance.now();
  let slowestBatchMs = 0;
  for (let done = 0, batch = 0; done < iterations; done += BATCH_INPUTS, batch++) {
    const inputs = Math.min(BATCH_INPUTS, iterations - done);
    slowestBatchMs = Math.max(slowestBatchMs, await runBatch(target, seed + batch, inputs, batchMsMax));
    options.progress?.(done + inputs);
  }
  const seconds = (performance.now() - start) / 1000;
  const heapAfter = liveBytes();
  if (heapAfter - heapBefore > growthBytesMax) {
    throw new Error(`${target.name}: ${heapAfter - heapBefore} bytes stay alive after ${iterations} inputs`);
  }
  const inputsPerSecond = Math.round(iterations / seconds);
  return { name: target.name, iterations, inputsPerSecond, slowestBatchMs, heapBefore, heapAfter };
}

/** The milliseconds that one batch took. */
async function runBatch(target: FuzzTarget, seed: number, inputs: number, msMax: number): Promise<number> {
  const repeat = `npm run fuzz -- --target ${target.name} --seed ${seed >>> 0} --iterations ${inputs}`;
  const start = performance.now();
  try {
    await target.run(seededRandom(seed), inputs);
  } catch (cause) {
    throw new Error(`${target.name} failed; to repeat it: ${repeat}`, { cause });
  }
  const ms = performance.now() - start;
  if (ms > msMax) throw new Error(`${target.name} took ${Math.round(ms)} ms for ${inputs} inputs: ${repeat}`);
  return ms;
}

/** Bytes of the heap that are still reachable. */
function liveBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // The memory of array buffers is given back a little later than their objects: the second run waits for that.
  collect();
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

/**
 * Loaded into every node of a soak before its own code, by `--import`, and into each of its threads: now and then it
 * collects garbage and writes down what the process holds, into the folder that {@link PROBE_FOLDER} names.
 */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, threadName } from 'node:worker_threads';
import { PROBE_FOLDER, PROBE_INTERVAL_MS, type ProbeSample, probeFiles } from './probe-sample.testing.ts';

const folder = process.env[PROBE_FOLDER];
const isIndex = !isMainThread && threadName === 'index';
if (folder !== undefined && (isMainThread || isIndex)) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const files = probeFiles(process.pid);
  const take = isIndex
    ? () => write(join(folder, files.index), sampleIndex(collect))
    : () => write(join(folder, files.process), sample(collect, join(folder, files.index)));
  setInterval(take, PROBE_INTERVAL_MS).unref();
}

function sampleIndex(collect: () => void): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function sample(collect: () => void, indexFile: string): ProbeSample {
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  const handles = Object.values(resources).reduce((sum, count) => sum + count, 0);
  // The listing is an open file itself.
  const files = readdirSync('/proc/self/fd').length - 1;
  const upMs = Math.round(process.uptime() * 1000);
  const memory = { rss, anonymous: anonymousBytes(), heap: heapUsed, external, index: indexBytes(indexFile) };
  return { pid: process.pid, upMs, ...memory, files, handles, resources };
}

/** Pages of files, such as the tables of the store, are counted to a process as long as nobody else needs the room. */
function anonymousBytes(): number {
  const [, kib = '0'] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kib) * 1024;
}

/** What the thread of the index said last. */
function indexBytes(file: string): number {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as number;
  } catch {
    // There is none, or it has just begun.
    return 0;
  }
}

/** Readers find the old sample or the new one, never half of one. */
function write(path: string, taken: ProbeSample | number): void {
  writeFileSync(`${path}.new`, JSON.stringify(taken));
  renameSync(`${path}.new`, path);
}

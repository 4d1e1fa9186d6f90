/**
 * Loaded into every node of a soak before its own code, by `--import`: now and then it collects garbage and writes down
 * what the process holds, into the folder that {@link PROBE_FOLDER} names.
 */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { PROBE_FOLDER, PROBE_INTERVAL_MS, type ProbeSample } from './probe-sample.testing.ts';

const folder = process.env[PROBE_FOLDER];
if (folder !== undefined && isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setInterval(() => write(folder, sample(collect)), PROBE_INTERVAL_MS).unref();
}

function sample(collect: () => void): ProbeSample {
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  const handles = Object.values(resources).reduce((sum, count) => sum + count, 0);
  // The listing is an open file itself.
  const files = readdirSync('/proc/self/fd').length - 1;
  const upMs = Math.round(process.uptime() * 1000);
  const memory = { rss, anonymous: anonymousBytes(), heap: heapUsed, external };
  return { pid: process.pid, upMs, ...memory, files, handles, resources };
}

/** Pages of files, such as the tables of the store, are counted to a process as long as nobody else needs the room. */
function anonymousBytes(): number {
  const [, kib = '0'] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kib) * 1024;
}

/** Readers find the old sample or the new one, never half of one. */
function write(into: string, taken: ProbeSample): void {
  const path = join(into, `${taken.pid}.json`);
  writeFileSync(`${path}.new`, JSON.stringify(taken));
  renameSync(`${path}.new`, path);
}

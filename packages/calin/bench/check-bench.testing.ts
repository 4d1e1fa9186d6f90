import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchOptions } from './bench.ts';

/**
 * Runs a benchmark at a tiny size, in a folder for temporary files of its own, and checks that its result is one line
 * of JSON with what every result has and the fields that are named, all of them numbers above 0.
 */
export async function checkBench(
  bench: Bench,
  options: BenchOptions,
  fields: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const defaults = Object.fromEntries(
    Object.entries(bench.options).map(([name, option]) => [name, option.default]),
  );
  const before = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'calin-bench-test-'));
  process.env['TMPDIR'] = folder;
  try {
    const result = await bench.run({ ...defaults, ...options }, () => {});
    assert.equal(result['bench'], bench.name);
    assert.equal(result['node'], process.version);
    for (const field of ['ratio', 'cores', ...fields]) {
      const value = result[field];
      assert(typeof value === 'number' && value > 0 && Number.isFinite(value), `${field} is ${value}`);
    }
    const line = JSON.stringify(result);
    assert(!line.includes('\n'));
    assert.deepEqual(JSON.parse(line), result, 'nothing is lost in JSON');
    return result;
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  }
}

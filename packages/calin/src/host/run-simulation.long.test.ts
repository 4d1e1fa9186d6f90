import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runSimulation, type SimulationOptions } from './run-simulation.ts';

const RUNS: readonly SimulationOptions[] = [
  { scenario: 'poa', seed: 2, nodes: 9, durationS: 60, html: true, threads: 1 },
  { scenario: 'faults', seed: 4, nodes: 8, durationS: 50, html: true, threads: 1 },
  { scenario: 'pow', seed: 1, nodes: 6, durationS: 40, html: true, threads: 1 },
  { scenario: 'attack', seed: 5, nodes: 4, durationS: 24, html: true, threads: 1 },
];

describe('a simulation on several threads', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'calin-simulation-'));
  });
  after(() => rm(folder, { recursive: true }));

  for (const options of RUNS) {
    it(`is the same to the last byte of log, report and page: ${options.scenario}`, async () => {
      const run = async (threads: number) => {
        const logFile = join(folder, `${options.scenario}-${threads}.log`);
        const seen: number[] = [];
        const result = await runSimulation({ ...options, threads, logFile }, ({ doneS }) => seen.push(doneS));
        assert.equal(result.efforts.length, threads);
        assert.ok(seen.length > 0 && result.wallMs > 0);
        return { report: result.report, html: result.html, log: readFileSync(logFile, 'utf8') };
      };
      const one = await run(1);
      assert.ok(one.log.length > 2_000 && one.report.blocks.height > 2);
      assert.deepEqual(await run(2), one);
      // More threads than cores wait for each other differently.
      if (options.scenario === 'faults') assert.deepEqual(await run(5), one);
    });
  }

  it('is over when one of the threads throws, with what it has thrown', async () => {
    const broken = { scenario: 'poa', seed: 1, nodes: 12, durationS: 600, html: false } as const;
    // The first thread cannot write its log, while the others wait for it.
    const full = { ...broken, logFile: '/dev/full' };
    for (const threads of [1, 2, 3]) {
      await assert.rejects(
        runSimulation({ ...full, threads }, () => {}),
        /ENOSPC|no space/,
      );
    }
    await assert.rejects(
      runSimulation({ ...broken, nodes: 0, threads: 2 }, () => {}),
      /needs 1 nodes/,
    );
  });
});

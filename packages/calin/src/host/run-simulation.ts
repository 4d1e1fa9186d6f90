import { closeSync, openSync, writeSync } from 'node:fs';
import { ok, type Result } from '@calin/core/base/result.ts';
import { type FinishedRun, type RunOptions, type RunProgress, runScenario } from '@calin/sim/run.ts';
import type { Scenario } from '@calin/sim/scenarios/scenario.ts';
import { verifySignatureFast } from '../adapters/signatures.ts';
import { refuseCli } from '../cli/rules.ts';

/** Choices for {@link runSimulation}. */
export interface SimulationOptions extends Omit<RunOptions, 'log' | 'verify'> {
  /** Where the log is written; nowhere when left out. */
  readonly logFile?: string | undefined;
  progress?(progress: RunProgress): void;
}

/** Nodes above which the log keeps only what is unusual, unless it is written: it would be most of the work. */
const LOGGED_NODES_MAX = 200;

/** Virtual seconds between two turns of the event loop. */
const STEPS = 10;

/** Runs a scenario in this process, with libsodium. Refuses by `cli/file` when the log cannot be written. */
export async function runSimulation(
  scenario: Scenario,
  { logFile, progress, ...options }: SimulationOptions,
): Promise<Result<FinishedRun>> {
  let file: number | undefined;
  try {
    file = logFile === undefined ? undefined : openSync(logFile, 'w');
  } catch (error) {
    return refuseCli('cli/file', { path: logFile ?? '', reason: (error as Error).message });
  }
  const isLarge = (options.nodes ?? scenario.nodes) > LOGGED_NODES_MAX;
  const level = file === undefined && isLarge ? 'warn' : 'info';
  const sink = file === undefined ? undefined : (text: string) => void writeSync(file as number, text);
  try {
    const run = runScenario(scenario, { ...options, log: { level, sink }, verify: verifySignatureFast });
    let step = run.next();
    for (let steps = 1; step.done !== true; steps++, step = run.next()) {
      progress?.(step.value);
      if (steps % STEPS === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return ok(step.value);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

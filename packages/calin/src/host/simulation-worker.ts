/** The thread of one simulation: its heap may be larger than that of a node, and the main thread stays free. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '@calin/core/base/assert.ts';
import { htmlReport } from '@calin/sim/html/page.ts';
import { WORLD } from '@calin/sim/regions.ts';
import type { SimReport } from '@calin/sim/report.ts';
import { type RunProgress, runScenario } from '@calin/sim/run.ts';
import type { FinishedRun } from '@calin/sim/run-judge.ts';
import type { RunOptions } from '@calin/sim/run-setup.ts';
import { findScenario } from '@calin/sim/scenarios/scenarios.ts';
import { verifySignatureFast } from '../adapters/signatures.ts';

/** What to run. */
export interface SimulationWork extends Omit<RunOptions, 'log' | 'verify'> {
  /** The name of a scenario that there is. */
  readonly scenario: string;
  /** Where the log is written; nowhere when left out. */
  readonly logFile?: string | undefined;
  /** Make a page of the result. */
  readonly html: boolean;
}

/** What the thread says: how far it is, and at last what came out. */
export type SimulationNews =
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  | {
      readonly kind: 'finished';
      readonly report: SimReport;
      readonly html: string | undefined;
      /** Without what it takes to start the thread. */
      readonly wallMs: number;
    };

/** Nodes above which the log keeps only what is unusual, unless it is written: it would be most of the work. */
const LOGGED_NODES_MAX = 200;

/** Time between two words on how far it is. */
const PROGRESS_MS = 100;

function work({ scenario: name, logFile, html, ...options }: SimulationWork): FinishedRun {
  const scenario = findScenario(name);
  assert(scenario !== undefined, `there is no scenario ${name}`);
  const isLarge = (options.nodes ?? scenario.nodes) > LOGGED_NODES_MAX;
  const file = logFile === undefined ? undefined : openSync(logFile, 'w');
  const sink = file === undefined ? undefined : (text: string) => void writeSync(file, text);
  const log = { level: file === undefined && isLarge ? 'warn' : 'info', sink } as const;
  try {
    const run = runScenario(scenario, { ...options, log, verify: verifySignatureFast });
    let step = run.next();
    for (let toldMs = 0; step.done !== true; step = run.next()) {
      const nowMs = performance.now();
      if (nowMs - toldMs < PROGRESS_MS) continue;
      toldMs = nowMs;
      parentPort?.postMessage({ kind: 'progress', progress: step.value } satisfies SimulationNews);
    }
    return step.value;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const given = workerData as SimulationWork;
const startedMs = performance.now();
const finished = work(given);
const wallMs = performance.now() - startedMs;
const html = given.html ? htmlReport(finished, WORLD.names) : undefined;
parentPort?.postMessage({
  kind: 'finished',
  report: finished.report,
  html,
  wallMs,
} satisfies SimulationNews);

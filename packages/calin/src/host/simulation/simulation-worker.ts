/** A thread of a simulation: runs one part of it, and on the first one the whole is put together. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { assert } from '@calin/core/base/assert.ts';
import { divideRegions } from '@calin/sim/divide-regions.ts';
import { htmlReport } from '@calin/sim/html/page.ts';
import type { Effort } from '@calin/sim/part-summary.ts';
import type { SimReport } from '@calin/sim/report.ts';
import type { RunProgress } from '@calin/sim/run.ts';
import { type FinishedRun, RunJudge } from '@calin/sim/run-judge.ts';
import { type RunOptions, type RunSetup, setUpRun } from '@calin/sim/run-setup.ts';
import { findScenario } from '@calin/sim/scenarios/scenarios.ts';
import { SimPart, TURN_US } from '@calin/sim/sim-part.ts';
import { FAST_SIGNATURES } from '../../adapters/fast-signatures.ts';
import { NewsDesk, type PartNews } from './news-desk.ts';
import { type ExchangeMemory, PartExchange } from './part-exchange.ts';
import { runPart } from './run-part.ts';

/** What to run. */
export interface SimulationWork extends Omit<RunOptions, 'log' | 'signatures'> {
  /** The name of a scenario that there is. */
  readonly scenario: string;
  /** Where the log is written; nowhere when left out. */
  readonly logFile?: string | undefined;
  /** Make a page of the result. */
  readonly html: boolean;
}

/** What one thread of a simulation is given. */
export interface SimulationThread {
  readonly work: SimulationWork;
  /** The part that it runs. */
  readonly index: number;
  readonly parts: number;
  readonly memory: ExchangeMemory;
  /** On the first thread, what comes from each of the others, in order; on those, the way to the first one. */
  readonly ports: readonly MessagePort[];
}

/** What the first thread says: how far it is, and at last what came out. */
export type SimulationNews =
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  | {
      readonly kind: 'finished';
      readonly report: SimReport;
      /** What each thread has worked out. */
      readonly efforts: readonly Effort[];
      readonly html: string | undefined;
      /** Without what it takes to start the threads. */
      readonly wallMs: number;
    };

/** Nodes above which the log keeps only what is unusual, unless it is written: it would be most of the work. */
const LOGGED_NODES_MAX = 200;

/** Time between two words on how far it is. */
const PROGRESS_MS = 100;

function setUp(
  { scenario: name, logFile, html: _, ...options }: SimulationWork,
  file: number | undefined,
): RunSetup {
  const scenario = findScenario(name);
  assert(scenario !== undefined, `there is no scenario ${name}`);
  const isLarge = (options.nodes ?? scenario.nodes) > LOGGED_NODES_MAX;
  const sink = file === undefined ? undefined : (text: string) => void writeSync(file, text);
  const log = { level: logFile === undefined && isLarge ? 'warn' : 'info', sink } as const;
  return setUpRun(scenario, { ...options, log, signatures: FAST_SIGNATURES });
}

/** One part of the run, ready to begin, with what it takes to run it beside the others. */
function createPart({ index, parts, memory }: SimulationThread, setup: RunSetup) {
  const division = divideRegions(setup.scenario.regions, parts);
  return {
    part: new SimPart(setup, { index, division }),
    exchange: new PartExchange(index, division, memory),
  };
}

/** The turns of a run, one after the other: runs the part through each of them. */
function* runTurns(
  { part, exchange }: ReturnType<typeof createPart>,
  { durationUs }: RunSetup,
  parts: number,
) {
  for (let turn = 1; (turn - 1) * TURN_US < durationUs; turn++) {
    const atUs = Math.min(durationUs, turn * TURN_US);
    runPart(part, exchange, atUs, parts);
    yield { kind: 'turn', atUs, news: part.endTurn(turn) } as const;
  }
}

/** The first thread: runs its part, and puts together what all of them say. */
function runFirst(thread: SimulationThread, file: number | undefined): FinishedRun {
  const { work, parts, ports } = thread;
  const setup = setUp(work, file);
  const created = createPart(thread, setup);
  const desk = new NewsDesk(ports, new RunJudge(setup, created.part.stage));
  let toldMs = 0;
  for (const news of runTurns(created, setup, parts)) {
    desk.add(news);
    desk.work();
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_MS) continue;
    toldMs = nowMs;
    const progress = { doneS: news.atUs / 1_000_000, totalS: setup.durationS };
    parentPort?.postMessage({ kind: 'progress', progress } satisfies SimulationNews);
  }
  desk.add({ kind: 'finished', news: created.part.finish() });
  for (;;) {
    const { version } = created.exchange;
    const finished = desk.work();
    if (finished !== undefined) return finished;
    created.exchange.wait(version);
  }
}

/** Any other thread. */
function runOther(thread: SimulationThread, port: MessagePort): void {
  const setup = setUp(thread.work, undefined);
  const created = createPart(thread, setup);
  const say = (news: PartNews) => port.postMessage(news);
  for (const news of runTurns(created, setup, thread.parts)) say(news);
  say({ kind: 'finished', news: created.part.finish() });
  created.exchange.wake();
}

function runFirstWithLog(thread: SimulationThread): FinishedRun {
  const { logFile } = thread.work;
  const file = logFile === undefined ? undefined : openSync(logFile, 'w');
  try {
    return runFirst(thread, file);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const given = workerData as SimulationThread;
const [toFirst] = given.ports;
if (given.index > 0 && toFirst !== undefined) runOther(given, toFirst);
else {
  const startedMs = performance.now();
  const { report, run } = runFirstWithLog(given);
  const wallMs = performance.now() - startedMs;
  const regions = findScenario(given.work.scenario)?.regions.names ?? [];
  const html = given.work.html ? htmlReport({ report, run }, regions) : undefined;
  const { efforts } = run;
  parentPort?.postMessage({ kind: 'finished', report, efforts, html, wallMs } satisfies SimulationNews);
}

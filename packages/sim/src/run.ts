import { assert } from '@calin/core/base/assert.ts';
import { concatBytes, toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { type Hash, keyedHash, ZERO_HASH } from '@calin/core/crypto/hash.ts';
import type { VerifySignature } from '@calin/core/crypto/signature.ts';
import { stateRoot } from '@calin/core/state/world-state.ts';
import type { Checker, Violation } from './checkers/checker.ts';
import type { Cluster } from './cluster.ts';
import { seedOf } from './dice.ts';
import type { SimLogOptions } from './log.ts';
import { createReport, type SimReport } from './report.ts';
import type { Scenario, Stage, StageOptions } from './scenarios/scenario.ts';

/** Choices for a run. */
export interface RunOptions {
  readonly seed: number;
  /** Those of the scenario when left out. */
  readonly nodes?: number | undefined;
  readonly durationS?: number | undefined;
  readonly log?: SimLogOptions | undefined;
  readonly carries?: StageOptions['carries'] | undefined;
  readonly verify?: VerifySignature | undefined;
}

/** How far a run is, in virtual seconds. */
export interface RunProgress {
  readonly doneS: number;
  readonly totalS: number;
}

/** A run that is over. */
export interface FinishedRun {
  readonly report: SimReport;
  readonly stage: Stage;
}

/** So often the caller gets a turn, and every fifth time the checkers look: finality takes longer than that. */
const TURN_US = 1_000_000;
const WATCH_TURNS = 5;

/** Violations that are reported of each invariant: the first ones say what went wrong. */
const VIOLATIONS_MAX = 10;

/**
 * Runs a scenario. The same scenario, seed and sizes give the same events, the same log and the same hash, on every
 * machine. A generator, so that the caller can show progress and do other work in between.
 *
 * @throws what a node throws, which is a bug of the node
 */
export function* runScenario(
  scenario: Scenario,
  options: RunOptions,
): Generator<RunProgress, FinishedRun, undefined> {
  const { nodes = scenario.nodes, durationS = scenario.durationS } = options;
  assert(nodes >= scenario.nodesMin, `${scenario.name} needs ${scenario.nodesMin} nodes`);
  const { log = { level: 'info' }, carries = 'message', verify } = options;
  const durationUs = durationS * 1_000_000;
  const stage = scenario.stage({ seed: seedOf(options.seed), nodes, durationUs, log, carries, verify });
  const { cluster, checkers } = stage;
  const violations: Violation[] = [];
  const { clock } = cluster.world;
  for (let turn = 1; clock.nowUs < durationUs; turn++) {
    const atUs = Math.min(durationUs, turn * TURN_US);
    clock.runUntil(atUs);
    if (turn % WATCH_TURNS === 0)
      for (const checker of checkers) checker.watch?.(cluster, reporter(cluster, checker, violations));
    yield { doneS: atUs / 1_000_000, totalS: durationS };
  }
  for (const checker of checkers) checker.finish?.(cluster, reporter(cluster, checker, violations));
  const size = { scenario: scenario.name, seed: options.seed, nodes, durationS };
  const report = createReport(size, stage, violations, finalHash(cluster));
  return { report, stage };
}

function reporter(cluster: Cluster, { invariant }: Checker, violations: Violation[]) {
  return (message: string, evidence: Violation['evidence']): void => {
    if (violations.filter((one) => one.invariant === invariant).length >= VIOLATIONS_MAX) return;
    violations.push({ invariant, atUs: cluster.world.clock.nowUs, message, evidence });
    cluster.say(`BROKEN ${invariant}: ${message}`, evidence);
  };
}

/** The hash of where all nodes ended: head, last final block and state of each one that is on. */
function finalHash(cluster: Cluster): string {
  let hash: Hash = ZERO_HASH;
  for (const { name, node } of cluster.nodes) {
    const parts = [utf8Bytes(name)];
    if (node !== undefined) parts.push(node.chain.head.id, node.chain.final.id, stateRoot(node.chain.state));
    hash = keyedHash(hash, concatBytes(...parts));
  }
  return toHex(hash);
}

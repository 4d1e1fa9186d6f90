import { assert } from '@calin/core/base/assert.ts';
import { divideRegions } from '../divide-regions.ts';
import type { LogLine } from '../log.ts';
import { endOf } from '../part-summary.ts';
import type { SimReport } from '../report.ts';
import { finalHash, RunJudge } from '../run-judge.ts';
import type { RunSetup } from '../run-setup.ts';
import type { Stage } from '../scenarios/scenario.ts';
import { SimPart, TURN_US } from '../sim-part.ts';
import { MessagesOnTheWay } from './messages.ts';
import { applyDeed, type OwnFault } from './own-faults.ts';

/** Lines of the log that are kept to be read. */
const LINES_MAX = 200;

/** How high the chain was at the end of a second of the run. */
export interface HeightsAt {
  readonly atS: number;
  /** The highest and the lowest head of the nodes that are on. */
  readonly highest: number;
  readonly lowest: number;
  /** The highest final block. */
  readonly final: number;
}

/**
 * A run that somebody watches: it goes on as far as it is told to, and faults are put into it between two events. It
 * is the run that {@link runScenario} makes of the same setup: where nobody puts in faults, it has the same log and
 * ends with the same hash. A fault happens after everything else at its time, so that one that is put in while the
 * run stands there, and the same one known from the start, give the same run.
 */
export class LiveRun {
  readonly messages: MessagesOnTheWay;
  readonly #setup: RunSetup;
  readonly #part: SimPart;
  readonly #judge: RunJudge;
  readonly #faults: OwnFault[];
  #applied = 0;
  #turns = 0;
  /** Lines of the turn that is not over. */
  #open: LogLine[] = [];
  #lines: LogLine[] = [];
  readonly #heights: HeightsAt[] = [];
  readonly #hashes: string[] = [];
  #blocks = 0;
  #report: SimReport | undefined;

  /** @param faults - in the order of their times */
  constructor(setup: RunSetup, faults: readonly OwnFault[]) {
    const { regions } = setup.scenario;
    this.#setup = setup;
    this.#part = new SimPart(setup, { index: 0, division: divideRegions(regions, 1) });
    this.#judge = new RunJudge(setup, this.stage);
    this.#faults = [...faults];
    this.messages = new MessagesOnTheWay(this.stage.cluster.world);
    const { measures } = this.stage.cluster.world;
    measures.onHead = (_node, { height }) => {
      this.#blocks = Math.max(this.#blocks, height);
    };
  }

  /** Cluster and checkers, to look at and not to change. */
  get stage(): Stage {
    return this.#part.stage;
  }

  /** How far it is. */
  get nowUs(): number {
    return this.#part.nowUs;
  }

  /** True when it has come to its end; then nothing happens any more. */
  get isOver(): boolean {
    return this.#report !== undefined;
  }

  /** What came out; undefined before the end. */
  get report(): SimReport | undefined {
    return this.#report;
  }

  /** When the next event is due; the end of the run when none is before it. */
  get nextUs(): number {
    return Math.min(this.#part.nextUs, this.#setup.durationUs);
  }

  /** The greatest height that some node had as its head. */
  get height(): number {
    return this.#blocks;
  }

  /** All faults, those to come as well. */
  get faults(): readonly OwnFault[] {
    return this.#faults;
  }

  /** How high the chain was at the end of each second so far. */
  get heights(): readonly HeightsAt[] {
    return this.#heights;
  }

  /** {@link hash} at the end of each second so far, before the faults of that moment. */
  get hashes(): readonly string[] {
    return this.#hashes;
  }

  /** The last lines of the log. */
  get lines(): readonly LogLine[] {
    this.#takeLines();
    return this.#lines;
  }

  /** What the checkers have found broken so far. */
  get violations(): RunJudge['violations'] {
    return this.#judge.violations;
  }

  /** The hash of where all nodes stand; at the end that of the report. */
  hash(): string {
    const { nodes } = this.stage.cluster;
    return finalHash(nodes.map(({ name, node }) => ({ name, end: endOf(node) })));
  }

  /**
   * Lets events happen up to a moment, that one included, but at most so many of them.
   *
   * @param untilUs - what is beyond the end of the run is the end
   * @returns false when it has stopped before for their number
   */
  runUntil(untilUs: number, eventsMax = Number.POSITIVE_INFINITY): boolean {
    const { durationUs } = this.#setup;
    const endUs = Math.min(untilUs, durationUs);
    const { clock } = this.stage.cluster.world;
    const lastEvent = clock.fired + eventsMax;
    while (!this.isOver) {
      const turnUs = Math.min(durationUs, (this.#turns + 1) * TURN_US);
      const stopUs = Math.min(endUs, turnUs, 1000 * (this.#nextFault?.atMs ?? Number.POSITIVE_INFINITY));
      if (!this.#part.runUntil(stopUs, lastEvent - clock.fired)) return false;
      if (stopUs === turnUs) this.#endTurn(turnUs);
      this.#applyFaults();
      if (stopUs === endUs) return true;
    }
    return true;
  }

  /** Puts a fault in that is not before the present. */
  add(fault: OwnFault): void {
    const { durationUs } = this.#setup;
    const atUs = 1000 * fault.atMs;
    assert(atUs >= this.nowUs && atUs < durationUs, 'a fault of the future of this run');
    const later = this.#faults.findIndex((other, i) => i >= this.#applied && other.atMs > fault.atMs);
    this.#faults.splice(later === -1 ? this.#faults.length : later, 0, fault);
    if (atUs === this.nowUs && this.#hasBegun) this.#applyFaults();
  }

  /** At the very start the events of that moment come first, as they do when the fault is known before. */
  get #hasBegun(): boolean {
    return this.#part.nextUs > this.nowUs;
  }

  get #nextFault(): OwnFault | undefined {
    return this.#faults[this.#applied];
  }

  #applyFaults(): void {
    for (let fault = this.#nextFault; fault !== undefined; fault = this.#nextFault) {
      if (1000 * fault.atMs > this.nowUs) return;
      this.#applied += 1;
      applyDeed(this.stage.cluster, fault);
    }
  }

  #endTurn(atUs: number): void {
    this.#turns += 1;
    const { lines, sights } = this.#part.endTurn(this.#turns);
    this.#keep(lines);
    this.#judge.turn(atUs, [{ lines: [...this.#open, ...lines], sights }]);
    this.#open = [];
    this.#noteHeights(atUs);
    this.#hashes.push(this.hash());
    if (atUs === this.#setup.durationUs) this.#report = this.#judge.finish([this.#part.finish()]).report;
  }

  #noteHeights(atUs: number): void {
    const chains = this.stage.cluster.nodes.flatMap(({ node }) => (node === undefined ? [] : [node.chain]));
    const heights = chains.map(({ head }) => head.height);
    this.#heights.push({
      atS: atUs / 1_000_000,
      highest: Math.max(0, ...heights),
      lowest: chains.length === 0 ? 0 : Math.min(...heights),
      final: Math.max(0, ...chains.map(({ final }) => final.height)),
    });
  }

  #takeLines(): void {
    const taken = this.stage.cluster.world.log.take();
    this.#open.push(...taken);
    this.#keep(taken);
  }

  #keep(lines: readonly LogLine[]): void {
    this.#lines = [...this.#lines, ...lines].slice(-LINES_MAX);
  }
}

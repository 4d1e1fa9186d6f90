import { assert, unreachable } from '@calin/core/base/assert.ts';
import type { SimReport } from '../report.ts';
import { setUpRun } from '../run-setup.ts';
import { findScenario } from '../scenarios/scenarios.ts';
import { REFERENCE_SIGNATURES } from '../signatures.ts';
import { frameOf, type LiveFrame, type LiveStory, storyOf } from './live-frame.ts';
import { LiveRun } from './live-run.ts';
import { OWN_FAULTS_MAX, type OwnDeed, type OwnFault } from './own-faults.ts';
import { rememberSignatures } from './remembered-signatures.ts';
import type { RunPlan } from './run-plan.ts';

/** What somebody who watches a run wants next. */
export type RunOrder =
  /** Begins a run and goes to a moment of it. */
  | { readonly kind: 'open'; readonly plan: RunPlan; readonly atUs: number }
  /** Goes on, so many virtual milliseconds in each of the watcher's. */
  | { readonly kind: 'play'; readonly pace: number }
  | { readonly kind: 'pause' }
  /** Goes to a moment, before or after the present. */
  | { readonly kind: 'seek'; readonly atUs: number }
  /** Goes on to the next of these. */
  | { readonly kind: 'step'; readonly to: 'message' | 'block' }
  /** Does something to the network now. */
  | { readonly kind: 'do'; readonly deed: OwnDeed }
  /** Takes a fault back, by its place in the list: the run is another one from there on. */
  | { readonly kind: 'undo'; readonly fault: number };

/** What the desk does: nothing, going on at a pace, going to a moment, or looking for a step. */
export type DeskState = 'paused' | 'playing' | 'seeking' | 'stepping';

/** What is told after each piece of work. */
export interface RunNews {
  readonly state: DeskState;
  readonly frame: LiveFrame;
  /** Only when it has changed. */
  readonly story: LiveStory | undefined;
  readonly faults: readonly OwnFault[];
  /** The hash of where all nodes stand, while nothing goes on. */
  readonly hash: string | undefined;
  /** Once the run is over. */
  readonly report: SimReport | undefined;
  /** While it goes to a moment: which, in microseconds of the run. */
  readonly goalUs: number | undefined;
}

/** Events of one piece of work: some tens of milliseconds where signatures are checked in TypeScript. */
const SLICE_EVENTS = 150;

/** A step that has found nothing after so long of the run gives up. */
const STEP_US_MAX = 120_000_000;

interface Goal {
  readonly state: Exclude<DeskState, 'paused' | 'playing'>;
  readonly untilUs: number;
  /** It is over when the chain is higher. */
  readonly aboveHeight: number;
}

/**
 * Runs what somebody watches, piece by piece, so that orders are heard in between. To go back is to begin anew and to
 * run up to the moment: the same plan gives the same run, and the hash of each second that was seen before is
 * compared, so that nobody has to believe it.
 */
export class RunDesk {
  readonly #signatures = rememberSignatures(REFERENCE_SIGNATURES);
  #plan: RunPlan | undefined;
  #run: LiveRun | undefined;
  #goal: Goal | undefined;
  #pace = 0;
  /** Where a run that is played should be by now. */
  #dueUs = 0;
  /** The hash at the end of each second that was seen, as far as the faults before it are the same. */
  #hashes: string[] = [];
  /** Those of the present run that were compared. */
  #compared = 0;
  #told = '';

  /** Takes an order, once a run was opened. */
  take(order: RunOrder): void {
    switch (order.kind) {
      case 'open':
        this.#hashes = [];
        this.#plan = order.plan;
        this.#begin();
        return this.#goTo(order.atUs);
      case 'play':
        this.#goal = undefined;
        this.#pace = order.pace;
        this.#dueUs = this.#live.nowUs;
        return;
      case 'pause':
        return this.#stop();
      case 'seek':
        return this.#goTo(order.atUs);
      case 'step':
        return this.#step(order.to);
      case 'do':
        return this.#do(order.deed);
      case 'undo':
        return this.#undo(order.fault);
      default:
        unreachable(order);
    }
  }

  /** True while there is something to do. */
  get isBusy(): boolean {
    return this.#run !== undefined && (this.#goal !== undefined || this.#pace > 0);
  }

  /** Does one piece of work. @param elapsedMs - since the last one, for a run that is played */
  work(elapsedMs: number): void {
    const run = this.#live;
    const goal = this.#goal;
    if (goal !== undefined) this.#workTo(goal);
    else if (this.#pace > 0) {
      this.#dueUs += Math.round(1000 * elapsedMs * this.#pace);
      // What this machine cannot do in time is not made up for: the run is only slower.
      if (!this.#runTo(this.#dueUs)) this.#dueUs = run.nowUs;
    }
    if (run.isOver) this.#stop();
  }

  /** What is to be shown now. */
  news(): RunNews {
    const run = this.#live;
    const state = this.#goal?.state ?? (this.#pace > 0 ? 'playing' : 'paused');
    // While it goes to a moment nobody reads; how far it is can be seen by the frame.
    const story = state === 'seeking' ? undefined : this.#storyIfNew(run);
    return {
      state,
      frame: frameOf(run),
      story,
      faults: [...run.faults],
      hash: state === 'paused' ? run.hash() : undefined,
      report: run.report,
      goalUs: this.#goal?.state === 'seeking' ? this.#goal.untilUs : undefined,
    };
  }

  get #live(): LiveRun {
    assert(this.#run !== undefined, 'a run was opened');
    return this.#run;
  }

  #begin(): void {
    const plan = this.#plan;
    const scenario = findScenario(plan?.scenario ?? '');
    assert(plan !== undefined && scenario !== undefined, 'a plan of a scenario that there is');
    const { seed, nodes, consensus, durationS } = plan;
    const options = { seed, nodes, consensus, durationS, signatures: this.#signatures };
    this.#run = new LiveRun(setUpRun(scenario, options), plan.faults);
    this.#compared = 0;
    this.#told = '';
  }

  /** Stands still, between two moments: then the time of the run says all about where it is. */
  #stop(): void {
    this.#goal = undefined;
    this.#pace = 0;
    this.#live.runUntil(this.#live.nowUs);
    this.#compare();
  }

  #goTo(atUs: number): void {
    this.#stop();
    if (atUs < this.#live.nowUs) this.#begin();
    this.#goal = { state: 'seeking', untilUs: atUs, aboveHeight: Number.POSITIVE_INFINITY };
  }

  #step(to: 'message' | 'block'): void {
    this.#stop();
    const run = this.#live;
    if (to === 'block')
      this.#goal = { state: 'stepping', untilUs: run.nowUs + STEP_US_MAX, aboveHeight: run.height };
    else {
      const untilUs = run.messages.nextArrivalUs ?? run.nextUs;
      this.#goal = { state: 'stepping', untilUs, aboveHeight: Number.POSITIVE_INFINITY };
    }
  }

  #do(deed: OwnDeed): void {
    const run = this.#live;
    const plan = this.#plan as RunPlan;
    const atMs = Math.ceil(run.nowUs / 1000);
    // On the way to somewhere else nobody has seen what it would be done to.
    const isSeen = this.#goal?.state !== 'seeking';
    if (!isSeen || atMs >= 1000 * plan.durationS || run.faults.length >= OWN_FAULTS_MAX) return;
    run.add({ ...deed, atMs });
    // Who stands still wants to see it; it is less than a millisecond away.
    run.runUntil(1000 * atMs);
    this.#changed(run.faults, atMs);
    this.#compare();
  }

  #undo(index: number): void {
    const run = this.#live;
    const taken = run.faults[index];
    if (taken === undefined) return;
    const atUs = this.#goal?.state === 'seeking' ? this.#goal.untilUs : run.nowUs;
    const others = run.faults.filter((_, i) => i !== index);
    this.#changed(others, taken.atMs);
    this.#begin();
    this.#goTo(atUs);
  }

  /** The run is another one from a moment on. */
  #changed(faults: readonly OwnFault[], fromMs: number): void {
    this.#plan = { ...(this.#plan as RunPlan), faults: [...faults] };
    // The hash of a second is taken before the faults of that moment.
    this.#hashes = this.#hashes.slice(0, Math.floor(fromMs / 1000));
    this.#told = '';
  }

  #workTo(goal: Goal): void {
    const run = this.#live;
    if (goal.aboveHeight === Number.POSITIVE_INFINITY) {
      if (this.#runTo(goal.untilUs)) this.#goal = undefined;
      return;
    }
    for (let moments = 0; moments < SLICE_EVENTS && this.#goal !== undefined; moments++) {
      this.#oneMoment();
      if (run.height > goal.aboveHeight || run.nowUs >= goal.untilUs || run.isOver) this.#goal = undefined;
    }
  }

  #runTo(untilUs: number): boolean {
    const isThere = this.#live.runUntil(untilUs, SLICE_EVENTS);
    this.#compare();
    return isThere;
  }

  /** Lets everything happen that is due at the next moment at which something is. */
  #oneMoment(): void {
    this.#live.runUntil(this.#live.nextUs);
    this.#compare();
  }

  /** Compares the hashes of seconds that are over with those of an earlier time, and keeps new ones. */
  #compare(): void {
    const { hashes } = this.#live;
    for (let i = Math.min(this.#hashes.length, this.#compared); i < hashes.length; i++) {
      const known = this.#hashes[i];
      assert(known === undefined || known === hashes[i], `second ${i + 1} of a replay is the same as before`);
      this.#hashes[i] = hashes[i] as string;
    }
    this.#compared = hashes.length;
  }

  #storyIfNew(run: LiveRun): LiveStory | undefined {
    const story = storyOf(run);
    const heads = story.blocks.map(({ heads }) => heads).join();
    const told = [story.heights.length, story.lines.at(-1), story.blocks[0]?.id, heads].join();
    if (told === this.#told) return undefined;
    this.#told = told;
    return story;
  }
}

import type { Refusal } from '@calin/core/base/result.ts';
import { useEffect, useRef, useState } from 'react';
import { LabClient } from '../../lab/lab-client.ts';
import type { Judged, LabOrder, LabProgress } from '../../lab/lab-orders.ts';
import type { LabBlock } from '../../lab/lab-session.ts';
import { type Repair, repairFor } from '../../lab/repairs.ts';
import { findTry, type TryName } from '../../lab/tries.ts';

/** Something that was done to the block. */
export interface LabStep extends Judged {
  /** What was done, in a few words. */
  readonly done: string;
  /** Counts the steps of a lab, those that were undone too. */
  readonly number: number;
}

/** The state of a lab. */
export interface LabState {
  readonly facts: LabBlock | undefined;
  /** What was done so far; the first step is the block as the node has it. */
  readonly steps: readonly LabStep[];
  /** Why the last order was not carried out. */
  readonly refusal: Refusal | undefined;
  /** What is being done; undefined while nothing is. */
  readonly busy: { readonly doing: string; readonly progress: LabProgress | undefined } | undefined;
  readonly isWorkTaken: boolean;
  /** The rules that proposed changes have met, by the names of these. */
  readonly met: ReadonlyMap<string, string>;
}

/** What can be done in a lab. */
export interface Lab extends LabState {
  judge(bytes: Uint8Array, done: string): Promise<void>;
  change(name: TryName, title: string): Promise<void>;
  repair(repair: Repair, name: string): Promise<void>;
  /** Repairs one thing after the other until nothing is refused, or only a person can say what was meant. */
  repairAll(): Promise<void>;
  takeWork(isTaken: boolean): Promise<void>;
  undo(): void;
  reset(): void;
  stop(): void;
}

/** Repairs one after the other: a change of everything takes about twenty. */
const REPAIRS_MAX = 40;
const EMPTY: LabState = {
  facts: undefined,
  steps: [],
  refusal: undefined,
  busy: undefined,
  isWorkTaken: false,
  met: new Map(),
};

/** A block of the node in a lab of its own, which lives as long as the page. */
export function useLab(block: string, firstTry: string | undefined): Lab {
  const [state, setState] = useState(EMPTY);
  const bench = useRef<Bench>(undefined);
  useEffect(() => {
    const opened = new Bench(setState);
    bench.current = opened;
    void opened.open(block, firstTry);
    return () => opened.close();
  }, [block, firstTry]);
  const at = () => bench.current as Bench;
  return {
    ...state,
    judge: (bytes, done) => at().give({ kind: 'judge', bytes, isWorkTaken: state.isWorkTaken }, done),
    change: (name, title) => at().change(name, title),
    repair: (repair, name) => at().repair(repair, name),
    repairAll: () => at().repairAll(),
    takeWork: (isTaken) => at().takeWork(isTaken),
    undo: () => at().back(-1),
    reset: () => at().back(1),
    stop: () => at().stop(),
  };
}

/** Gives orders to the worker and keeps what came of them. */
class Bench {
  readonly #client = new LabClient();
  readonly #tell: (state: LabState) => void;
  #state = EMPTY;
  #isClosed = false;
  #steps = 0;

  constructor(tell: (state: LabState) => void) {
    this.#tell = tell;
    this.#set({});
  }

  async open(block: string, firstTry: string | undefined): Promise<void> {
    this.#set({ ...EMPTY });
    await this.give({ kind: 'open', block }, 'The block as the node has it');
    const first = findTry(firstTry);
    if (first !== undefined && this.#state.facts !== undefined) await this.change(first.name, first.title);
  }

  async change(name: TryName, title: string): Promise<void> {
    // A proposed change is made on the block as it was.
    this.back(1);
    await this.give({ kind: 'change', name }, title);
    const { steps, met } = this.#state;
    const verdict = steps.at(-1)?.verdict;
    if (steps.length > 1 && verdict?.kind === 'refused') {
      this.#set({ met: new Map(met).set(name, verdict.refusal.rule) });
    }
  }

  async repair(repair: Repair, name: string): Promise<void> {
    const last = this.#state.steps.at(-1);
    if (last !== undefined) await this.give({ kind: 'repair', bytes: last.bytes, repair }, name);
  }

  async repairAll(): Promise<void> {
    for (let i = 0; i < REPAIRS_MAX && !this.#isClosed; i++) {
      const { steps } = this.#state;
      const verdict = steps.at(-1)?.verdict;
      const repair = verdict?.kind === 'refused' ? repairFor(verdict.refusal) : undefined;
      if (repair === undefined || verdict?.kind !== 'refused') return;
      await this.repair(repair, `Repaired: ${verdict.refusal.rule}`);
      if (this.#state.steps === steps) return;
    }
  }

  async takeWork(isWorkTaken: boolean): Promise<void> {
    const last = this.#state.steps.at(-1);
    this.#set({ isWorkTaken });
    if (last === undefined) return;
    const done = isWorkTaken ? 'Work taken as done' : 'Work asked for';
    await this.give({ kind: 'judge', bytes: last.bytes, isWorkTaken }, done);
  }

  /** Keeps so many steps, or leaves so many out. */
  back(steps: number): void {
    const kept = this.#state.steps.slice(0, steps);
    if (kept.length > 0) this.#set({ steps: kept, refusal: undefined });
  }

  async give(order: LabOrder, done: string): Promise<void> {
    this.#set({ busy: { doing: done, progress: undefined }, refusal: undefined });
    const answer = await this.#client.order(order, (progress) =>
      this.#set({ busy: { doing: done, progress } }),
    );
    if (!answer.ok) return this.#set({ busy: undefined, refusal: answer.error });
    const { facts, bytes, verdict } = answer.value;
    this.#set({
      busy: undefined,
      facts,
      steps: [...this.#state.steps, { bytes, verdict, done, number: ++this.#steps }],
    });
  }

  stop(): void {
    this.#client.stop();
  }

  close(): void {
    this.#isClosed = true;
    this.#client.close();
  }

  #set(change: Partial<LabState>): void {
    this.#state = { ...this.#state, ...change };
    if (!this.#isClosed) this.#tell(this.#state);
  }
}

import { assert } from '@calin/core/base/assert.ts';
import type { MachineAgenda } from '../clock.ts';
import type { Dice } from '../dice.ts';
import type { StudyEffect, StudyEvent, StudyNode } from './study-node.ts';

/** Effects of one machine that may wait for its disk; a step gives a few for each peer. */
const WAITING_MAX = 100_000;

/** What a machine is made with; it knows nothing of the others. */
export interface MachineOptions<M, R> {
  /** The number under which it is reached; twins share one. */
  readonly number: number;
  readonly name: string;
  /** Twins reach the machines of their side only: 1 or 2. */
  readonly side: number;
  readonly isTwin: boolean;
  /** False of one that is meant to break the rules. */
  readonly isHonest: boolean;
  /** A node that has not started; anew for each life. */
  readonly createNode: () => StudyNode<M, R>;
}

/** Where a machine stands in a run. */
export interface MachineDependencies<M, R> {
  readonly agenda: MachineAgenda;
  /** How long a write takes until it is safe, in microseconds. */
  readonly syncUs: number;
  /** Does what is no business of the machine itself: messages leave, entries are decided. */
  readonly perform: (machine: StudyMachine<M, R>, effect: OutwardEffect<M, R>) => void;
}

/** Effects that are seen from outside. */
export type OutwardEffect<M, R> = Exclude<StudyEffect<M, R>, { kind: 'save' } | { kind: 'wake' }>;

/** Something that receives messages under a number: a machine, or a client. */
export interface StudyStation<M> {
  readonly number: number;
  readonly name: string;
  readonly side: number;
  readonly isTwin: boolean;
  receive(from: number, message: M): void;
}

/**
 * One machine: a node with a disk and a timer. Effects are done in their order, and wait while a write before them is
 * not safe. A power cut keeps any number of the first writes that wait, so what one step saves may be torn apart.
 */
export class StudyMachine<M, R> implements StudyStation<M> {
  readonly number: number;
  readonly name: string;
  readonly side: number;
  readonly isTwin: boolean;
  readonly isHonest: boolean;
  readonly #createNode: () => StudyNode<M, R>;
  readonly #deps: MachineDependencies<M, R>;
  readonly #disk = new Map<string, R>();
  #node: StudyNode<M, R> | undefined;
  #waiting: StudyEffect<M, R>[] = [];
  #isSyncing = false;
  /** Counts starts: what was begun before a power cut does not go on after it. */
  #life = 0;
  #wakeMs = Number.POSITIVE_INFINITY;
  #armedMs: number | undefined;

  constructor(options: MachineOptions<M, R>, deps: MachineDependencies<M, R>) {
    this.number = options.number;
    this.name = options.name;
    this.side = options.side;
    this.isTwin = options.isTwin;
    this.isHonest = options.isHonest;
    this.#createNode = options.createNode;
    this.#deps = deps;
  }

  get isUp(): boolean {
    return this.#node !== undefined;
  }

  /** Switches it on with what its disk holds. */
  start(): void {
    assert(this.#node === undefined, `${this.name} is on already`);
    this.#node = this.#createNode();
    this.#step({ kind: 'start', disk: this.#disk });
  }

  /** Cuts its power. */
  crash(dice: Dice): void {
    const writes = this.#waiting.filter((effect) => effect.kind === 'save');
    for (const write of writes.slice(0, dice.below(writes.length + 1))) this.#write(write);
    this.#node = undefined;
    this.#waiting = [];
    this.#isSyncing = false;
    this.#life += 1;
    this.#armedMs = undefined;
    this.#wakeMs = Number.POSITIVE_INFINITY;
  }

  receive(from: number, message: M): void {
    this.#step({ kind: 'message', from, message });
  }

  #step(event: StudyEvent<M, R>): void {
    if (this.#node === undefined) return;
    const nowMs = Math.floor(this.#deps.agenda.nowUs / 1000);
    for (const effect of this.#node.step(event, nowMs)) {
      if (effect.kind === 'wake') this.#wake(effect.atMs);
      else this.#waiting.push(effect);
    }
    assert(this.#waiting.length <= WAITING_MAX, `${this.name} waits for its disk for ever`);
    if (!this.#isSyncing) this.#flow();
  }

  /** Does what waits, up to the next write. */
  #flow(): void {
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      if (first.kind === 'save') return this.#sync();
      this.#waiting.shift();
      if (first.kind !== 'wake') this.#deps.perform(this, first);
    }
  }

  #sync(): void {
    const { agenda, syncUs } = this.#deps;
    const life = this.#life;
    let writes = this.#waiting.findIndex(({ kind }) => kind !== 'save');
    if (writes < 0) writes = this.#waiting.length;
    this.#isSyncing = true;
    const fire = () => {
      if (life !== this.#life) return;
      for (const write of this.#waiting.splice(0, writes)) if (write.kind === 'save') this.#write(write);
      this.#isSyncing = false;
      this.#flow();
    };
    agenda.schedule(agenda.nowUs + syncUs, { fire });
  }

  #write({ key, record }: Extract<StudyEffect<M, R>, { kind: 'save' }>): void {
    if (record === undefined) this.#disk.delete(key);
    else this.#disk.set(key, record);
  }

  #wake(atMs: number): void {
    this.#wakeMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    // An alarm that comes too early sets the next one: most are put off before they come.
    if (this.#armedMs === undefined || atMs < this.#armedMs) this.#arm(atMs);
  }

  #arm(atMs: number): void {
    const life = this.#life;
    this.#armedMs = atMs;
    const fire = () => {
      if (life !== this.#life || this.#armedMs !== atMs) return;
      this.#armedMs = undefined;
      if (this.#deps.agenda.nowUs < 1000 * this.#wakeMs) return this.#arm(this.#wakeMs);
      this.#wakeMs = Number.POSITIVE_INFINITY;
      this.#step({ kind: 'tick' });
    };
    this.#deps.agenda.schedule(1000 * atMs, { fire });
  }
}

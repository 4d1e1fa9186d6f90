import type { MachineAgenda } from '../clock.ts';
import type { Dice } from '../dice.ts';
import type { StudyStation } from './study-machine.ts';
import type { StudyRequest } from './study-node.ts';
import type { StudyRunParts } from './study-protocol.ts';

/** How long a client waits for answers before it asks all nodes. */
const RETRY_US = 400_000;

/** Choices for a client. */
export interface ClientOptions {
  readonly number: number;
  readonly nodes: number;
  readonly side: number;
  /** Between an answer and the next request, on average. */
  readonly pauseUs: number;
  /** No request is new after this. */
  readonly untilUs: number;
}

/** What a client works with. */
export interface ClientDependencies<M> {
  readonly agenda: MachineAgenda;
  readonly dice: Dice;
  readonly parts: StudyRunParts<M, unknown>;
  readonly send: (from: StudyStation<M>, to: number, message: M) => void;
  /** Told when a request has been answered by enough nodes, and how long that took. */
  readonly answered: (request: StudyRequest, tookUs: number) => void;
}

/**
 * A client of both protocols: one request at a time, sent to the node that led last, and to all when no answer comes
 * (Castro, Liskov 1999, section 4.1; Ongaro, Ousterhout 2014, section 8).
 */
export class StudyClient<M> implements StudyStation<M> {
  readonly number: number;
  readonly name: string;
  readonly side: number;
  readonly isTwin = false;
  readonly #options: ClientOptions;
  readonly #deps: ClientDependencies<M>;
  readonly #answers = new Set<number>();
  #leader = 0;
  #request: StudyRequest | undefined;
  #sentUs = 0;
  #done = 0;

  constructor(options: ClientOptions, deps: ClientDependencies<M>) {
    this.number = options.number;
    this.name = `c${options.number - options.nodes}`;
    this.side = options.side;
    this.#options = options;
    this.#deps = deps;
  }

  /** The request that nobody has answered yet. */
  get open(): StudyRequest | undefined {
    return this.#request;
  }

  /** Sends the first request after a while. */
  start(afterUs: number): void {
    const { agenda } = this.#deps;
    agenda.schedule(agenda.nowUs + afterUs, { fire: () => this.#ask() });
  }

  receive(from: number, message: M): void {
    const answer = this.#deps.parts.readAnswer(message);
    if (answer === undefined || this.#request === undefined) return;
    const isNews = answer.leader !== undefined && answer.leader !== this.#leader;
    if (answer.leader !== undefined) this.#leader = answer.leader;
    if (answer.number === undefined && isNews) this.#send(this.#leader, this.#request);
    if (answer.number !== this.#request.number) return;
    this.#answers.add(from);
    if (this.#answers.size >= this.#deps.parts.answersNeeded) this.#finish(this.#request);
  }

  #ask(): void {
    const { agenda } = this.#deps;
    if (agenda.nowUs >= this.#options.untilUs) return;
    const number = this.#done + 1;
    this.#request = { client: this.number, number, operation: `put ${this.name} ${number}` };
    this.#sentUs = agenda.nowUs;
    this.#answers.clear();
    this.#send(this.#leader, this.#request);
    this.#retryLater(this.#request);
  }

  #retryLater(request: StudyRequest): void {
    const { agenda } = this.#deps;
    const fire = () => {
      if (this.#request !== request) return;
      for (let node = 0; node < this.#options.nodes; node++) this.#send(node, request);
      this.#retryLater(request);
    };
    agenda.schedule(agenda.nowUs + RETRY_US, { fire });
  }

  #send(to: number, request: StudyRequest): void {
    this.#deps.send(this, to, this.#deps.parts.wrapRequest(request));
  }

  #finish(request: StudyRequest): void {
    const { agenda, dice, answered } = this.#deps;
    answered(request, agenda.nowUs - this.#sentUs);
    this.#done = request.number;
    this.#request = undefined;
    const { pauseUs } = this.#options;
    this.start(pauseUs === 0 ? 0 : dice.exponential(pauseUs));
  }
}

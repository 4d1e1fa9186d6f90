import type { Socket } from 'node:net';
import type { Refusal } from '@calin/core/base/result.ts';
import { errorAnswer } from './answers.ts';
import type { LineLimits } from './limits.ts';
import { type DataBudget, LineBuffer } from './line-buffer.ts';
import { LineRate } from './line-rate.ts';
import { refuseLine } from './rules.ts';

/** What answers a line. */
export interface LineAnswerer {
  /** Calls `done` once, with one line without its end. */
  answer(line: string, done: (answer: string) => void): void;
}

/** Refusals behind which a connection ends: nothing can be told of what follows, or nobody is there. */
const LAST_RULES: ReadonlySet<string> = new Set([
  'line/too-long',
  'line/encoding',
  'line/busy',
  'line/http',
  'line/unfinished',
  'line/idle',
]);

/**
 * One connection: takes a line, answers it, and looks at the next one when the other side has taken the answer. So what
 * it holds is one line and one answer, however much is sent and however slowly it is read.
 */
export class LineConnection {
  readonly #socket: Socket;
  readonly #limits: LineLimits;
  readonly #answerer: LineAnswerer;
  readonly #lines: LineBuffer;
  readonly #rate: LineRate;
  #isBusy = false;
  #hasEnded = false;
  #isStopping = false;
  #isClosing = false;
  #timer: NodeJS.Timeout | undefined;
  #waitsFor: 'line' | 'rest' | undefined;

  constructor(
    options: { readonly socket: Socket; readonly limits: LineLimits },
    dependencies: { readonly answerer: LineAnswerer; readonly budget: DataBudget },
  ) {
    this.#socket = options.socket;
    this.#limits = options.limits;
    this.#answerer = dependencies.answerer;
    this.#lines = new LineBuffer(options.limits, dependencies.budget);
    this.#rate = new LineRate(options.limits, performance.now());
    this.#socket.on('data', (chunk: Buffer) => {
      if (this.#isClosing) return;
      this.#lines.push(chunk);
      this.#advance();
    });
    this.#socket.on('end', () => {
      this.#hasEnded = true;
      this.#advance();
    });
    // A reset is followed by the closing, which is all there is to do.
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.#isClosing = true;
      this.#stopTimer();
      this.#lines.release();
    });
    this.#advance();
  }

  /** Ends the connection once the line at hand has been answered, or after the grace period. */
  close(): void {
    if (this.#isBusy) {
      this.#isStopping = true;
      this.#startTimer(this.#limits.closeGraceMs, () => this.#socket.destroy());
    } else this.#end();
  }

  #advance(): void {
    if (this.#isBusy || this.#isClosing) return;
    const line = this.#lines.next();
    if (line === undefined) return this.#wait();
    this.#isBusy = true;
    this.#stopTimer();
    this.#socket.pause();
    if (!line.ok) return this.#refuse(line.error);
    if (!this.#rate.take(performance.now())) return this.#refuse(refuseLine('line/too-fast').error);
    this.#answerer.answer(line.value, (answer) => this.#send(answer, isLast(answer)));
  }

  /** Waits for a line to begin, or for its rest, which has to come in a time of its own. */
  #wait(): void {
    const waitsFor = this.#lines.isEmpty ? 'line' : 'rest';
    if (this.#hasEnded) {
      if (waitsFor === 'line') return this.#end();
      return this.#refuse(refuseLine('line/unfinished').error);
    }
    this.#socket.resume();
    if (waitsFor === this.#waitsFor && waitsFor === 'rest') return;
    this.#waitsFor = waitsFor;
    const { idleMs, lineMs } = this.#limits;
    const timeoutMs = waitsFor === 'line' ? idleMs : lineMs;
    this.#startTimer(timeoutMs, () =>
      this.#refuse(refuseLine('line/idle', { expected: timeoutMs, unit: 'ms' }).error),
    );
  }

  #refuse(refusal: Refusal): void {
    this.#isBusy = true;
    this.#send(errorAnswer(refusal), LAST_RULES.has(refusal.rule));
  }

  #send(answer: string, isLast: boolean): void {
    this.#lines.release();
    if (this.#isClosing) return;
    // Who does not read its answer is dropped: it would hold the answer for ever.
    const { answerMs, closeGraceMs } = this.#limits;
    this.#startTimer(this.#isStopping ? closeGraceMs : answerMs, () => this.#socket.destroy());
    this.#socket.write(`${answer}\n`, 'latin1', (error) => {
      if (error) return;
      this.#stopTimer();
      this.#isBusy = false;
      if (isLast || this.#isStopping) this.#end();
      // Other connections have their turn between two lines of this one.
      else setImmediate(() => this.#advance());
    });
  }

  #end(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    // What still comes is thrown away: a socket that is closed with bytes unread resets what the other side is told.
    this.#socket.resume();
    this.#socket.end();
    this.#startTimer(this.#limits.closeGraceMs, () => this.#socket.destroy());
  }

  #startTimer(timeoutMs: number, action: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(action, timeoutMs);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waitsFor = undefined;
  }
}

function isLast(answer: string): boolean {
  const rule = /^ERROR:([a-z-]+\/[a-z-]+):/.exec(answer)?.[1];
  return rule !== undefined && LAST_RULES.has(rule);
}

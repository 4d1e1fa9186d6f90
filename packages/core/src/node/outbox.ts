import { assert } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import type { LogLevel, LogPart } from '../ports/log.ts';
import type { StoreBatch } from '../ports/store.ts';
import type { NodeEffect } from './effects.ts';
import type { TimerName } from './events.ts';
import { COMMIT_BYTES_WAITING_MAX, COMMITS_WAITING_MAX } from './limits.ts';

const NO_EFFECTS: readonly NodeEffect[] = [];

/**
 * Collects the effects of a step, and holds back what may only be said once the disk has it: an answer or an
 * announcement leaves when every batch committed before it is durable. That is the whole promise of the node:
 * what it has told anybody survives a power cut.
 */
export class Outbox {
  /**
   * Those of this step; undefined until there is one. A list that waited for the next step, which may be long, would be
   * old by then, and all that was ever in it no garbage until the whole heap is looked at.
   */
  #effects: NodeEffect[] | undefined;
  #held: { readonly sequence: number; readonly effect: NodeEffect }[] = [];
  #issued = 0;
  #durable = 0;
  /** Bytes of the values of each batch that is not on disk yet. */
  readonly #waitingBytes: number[] = [];
  #waitingBytesSum = 0;
  /** How far the node's time is ahead of the clock; development networks may move it. */
  timeOffsetMs = 0;

  /** The number of the last batch handed to the store. */
  get issued(): number {
    return this.#issued;
  }

  /** The number of the last batch that is on disk. */
  get durable(): number {
    return this.#durable;
  }

  /** True when every batch is on disk. */
  get isDurable(): boolean {
    return this.#durable === this.#issued;
  }

  /** True while so much waits for the disk that no more blocks should be added to it. */
  get isBehind(): boolean {
    const { length } = this.#waitingBytes;
    return length >= COMMITS_WAITING_MAX || this.#waitingBytesSum >= COMMIT_BYTES_WAITING_MAX;
  }

  push(effect: NodeEffect): void {
    if (this.#effects === undefined) this.#effects = [effect];
    else this.#effects.push(effect);
  }

  log(
    level: LogLevel,
    part: LogPart,
    message: string,
    fields: Readonly<Record<string, string | number | boolean>> = {},
  ): void {
    this.push({ type: 'log', entry: { level, part, message, fields } });
  }

  /** Asks to be woken at a time of the node. */
  setTimer(name: TimerName, atMs: number): void {
    this.push({ type: 'set-timer', name, atMs: atMs - this.timeOffsetMs });
  }

  /** Hands a batch to the store. */
  commit(batch: StoreBatch): void {
    this.#issued += 1;
    const bytes = batch.puts.reduce((sum, [, value]) => sum + value.length, 0);
    this.#waitingBytes.push(bytes);
    this.#waitingBytesSum += bytes;
    this.push({ type: 'commit', sequence: this.#issued, batch });
  }

  /** Sends an effect once everything committed so far is on disk. */
  afterCommits(effect: NodeEffect): void {
    if (this.isDurable) this.push(effect);
    else this.#held.push({ sequence: this.#issued, effect });
  }

  answer(id: number, result: Result<unknown>): void {
    this.afterCommits({ type: 'answer', id, result });
  }

  /** Releases what waited for a batch that is now on disk. */
  committed(sequence: number): void {
    assert(sequence === this.#durable + 1, `batch ${sequence} came after ${this.#durable}`);
    this.#durable = sequence;
    this.#waitingBytesSum -= this.#waitingBytes.shift() ?? 0;
    let released = 0;
    while (released < this.#held.length && (this.#held[released]?.sequence ?? 0) <= sequence) released += 1;
    for (const { effect } of this.#held.splice(0, released)) this.push(effect);
  }

  /** Answers every held request by a refusal and forgets held announcements: their batches never reached the disk. */
  abandon(failure: Result<never>): void {
    for (const { effect } of this.#held) {
      if (effect.type === 'answer') this.push({ type: 'answer', id: effect.id, result: failure });
    }
    this.#held = [];
  }

  /** The effects of the step, in order; the outbox is empty after. */
  take(): readonly NodeEffect[] {
    // Most steps have none: a message that everybody has sent before.
    const effects = this.#effects ?? NO_EFFECTS;
    this.#effects = undefined;
    return effects;
  }
}

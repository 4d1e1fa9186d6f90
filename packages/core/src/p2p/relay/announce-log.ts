import { assert } from '../../base/assert.ts';
import type { Hash } from '../../crypto/hash.ts';
import { ANNOUNCE_LOG_MAX } from './limits.ts';

const CAPACITY_MIN = 8;

/**
 * The txids that were added to the pool, in order, numbered from 1: what is to be announced, once for all peers. Each
 * peer only has the number up to which it was told, so no peer has a queue. The oldest are forgotten.
 */
export class AnnounceLog {
  #txids: (Hash | undefined)[] = new Array(CAPACITY_MIN).fill(undefined);
  #end = 1;

  /** The number that the next one gets. */
  get end(): number {
    return this.#end;
  }

  /** The number of the oldest one that is remembered. */
  get start(): number {
    return Math.max(1, this.#end - this.#txids.length);
  }

  /** Adds one and gives its number. */
  push(txid: Hash): number {
    if (this.#end > this.#txids.length && this.#txids.length < ANNOUNCE_LOG_MAX) this.#grow();
    const sequence = this.#end;
    this.#txids[sequence & (this.#txids.length - 1)] = txid;
    this.#end += 1;
    return sequence;
  }

  /** The txid with a number from {@link start} to {@link end}, exclusive. */
  at(sequence: number): Hash {
    const txid = this.#txids[sequence & (this.#txids.length - 1)];
    assert(sequence >= this.start && sequence < this.#end && txid !== undefined, 'a number of the log');
    return txid;
  }

  #grow(): void {
    const [old, start] = [this.#txids, this.start];
    this.#txids = new Array(2 * old.length).fill(undefined);
    for (let sequence = start; sequence < this.#end; sequence++) {
      this.#txids[sequence & (this.#txids.length - 1)] = old[sequence & (old.length - 1)];
    }
  }
}

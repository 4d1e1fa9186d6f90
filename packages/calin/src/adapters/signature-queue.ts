import { assert } from '@calin/core/base/assert.ts';
import { SIGNATURE_RECORD_BYTES, signatureRecordCount } from '@calin/core/crypto/signature-records.ts';
import { SIGNATURE_RECORD_BYTES_MAX } from '@calin/core/node/limits.ts';
import type { SignaturesDone } from '@calin/core/ports/compute.ts';
import { BATCH_RECORDS, type SignatureRing } from './signature-ring.ts';

/** A request on its way. */
interface Request {
  readonly records: Uint8Array;
  readonly valid: Uint8Array;
  readonly done: SignaturesDone;
  /** Records that have gone to the ring. */
  fed: number;
  /** Verdicts that are missing. */
  missing: number;
}

/** Records of one request in a batch. */
interface Segment {
  readonly request: Request;
  readonly first: number;
  readonly count: number;
}

/**
 * Requests before and behind the ring: cuts them into batches and puts the verdicts together again. Small requests
 * have a lane of their own, and every other batch begins with it, so that a transaction does not wait for the blocks
 * of a long import, nor a block for a flood of transactions.
 */
export class SignatureQueue {
  readonly #ring: SignatureRing;
  readonly #small: Request[] = [];
  readonly #large: Request[] = [];
  readonly #answers: Request[] = [];
  /** What is in each slot of the ring; empty for a free one. */
  readonly #batches: Segment[][];
  #recordsWaiting = 0;
  /** Bytes of the requests that have no answer yet. */
  #bytes = 0;
  #batchesOut = 0;
  #smallFirst = true;

  constructor(ring: SignatureRing) {
    this.#ring = ring;
    this.#batches = Array.from({ length: ring.slots }, () => []);
  }

  /** Records that have not gone to the ring. */
  get recordsWaiting(): number {
    return this.#recordsWaiting;
  }

  /** True while a request has no answer. */
  get isBusy(): boolean {
    return this.#recordsWaiting > 0 || this.#batchesOut > 0 || this.hasAnswers;
  }

  /** True while {@link nextAnswer} has one. */
  get hasAnswers(): boolean {
    return this.#answers.length > 0;
  }

  /**
   * Takes a request.
   *
   * @throws AssertionError when more waits than the node's intake ever lets through: somebody else feeds the queue
   */
  add(records: Uint8Array, done: SignaturesDone): void {
    const count = signatureRecordCount(records);
    const request = { records, valid: new Uint8Array(count), done, fed: 0, missing: count };
    this.#bytes += records.length;
    assert(this.#bytes <= SIGNATURE_RECORD_BYTES_MAX, `${this.#bytes} bytes of signatures wait`);
    this.#recordsWaiting += count;
    if (count === 0) this.#answers.push(request);
    else if (count <= BATCH_RECORDS) this.#small.push(request);
    else this.#large.push(request);
  }

  /** Fills the ring as far as it goes; true when there is something new in it. */
  feed(): boolean {
    let isFed = false;
    while (this.#recordsWaiting > 0) {
      const slot = this.#ring.vacant();
      if (slot < 0) break;
      this.#publish(slot);
      isFed = true;
    }
    return isFed;
  }

  /** Takes batches that are done out of the ring; true when there was one. */
  collect(): boolean {
    let isAny = false;
    for (let slot = 0; slot < this.#batches.length && this.#batchesOut > 0; slot++) {
      if (!this.#ring.isDone(slot)) continue;
      this.#settle(slot);
      isAny = true;
    }
    return isAny;
  }

  /** The next request of which all verdicts are there. */
  nextAnswer(): { readonly valid: Uint8Array; readonly done: SignaturesDone } | undefined {
    const answer = this.#answers.shift();
    if (answer !== undefined) this.#bytes -= answer.records.length;
    return answer;
  }

  #publish(slot: number): void {
    const segments: Segment[] = [];
    const lanes = this.#smallFirst ? [this.#small, this.#large] : [this.#large, this.#small];
    this.#smallFirst = !this.#smallFirst;
    let count = 0;
    for (const lane of lanes) {
      for (let request = lane[0]; request !== undefined && count < BATCH_RECORDS; request = lane[0]) {
        count += this.#take(request, slot, count, segments);
        if (request.fed === request.valid.length) lane.shift();
      }
    }
    this.#recordsWaiting -= count;
    this.#batches[slot] = segments;
    this.#batchesOut += 1;
    this.#ring.publish(slot, count);
  }

  /** Copies what fits of a request into a slot that has `at` records: how many. */
  #take(request: Request, slot: number, at: number, segments: Segment[]): number {
    const { records, valid, fed } = request;
    const count = Math.min(BATCH_RECORDS - at, valid.length - fed);
    this.#ring.fill(
      slot,
      at,
      records.subarray(fed * SIGNATURE_RECORD_BYTES, (fed + count) * SIGNATURE_RECORD_BYTES),
    );
    segments.push({ request, first: fed, count });
    request.fed += count;
    return count;
  }

  #settle(slot: number): void {
    const verdicts = this.#ring.verdicts(slot);
    let at = 0;
    for (const { request, first, count } of this.#batches[slot] as Segment[]) {
      request.valid.set(verdicts.subarray(at, at + count), first);
      request.missing -= count;
      at += count;
      if (request.missing === 0) this.#answers.push(request);
    }
    this.#batches[slot] = [];
    this.#batchesOut -= 1;
    this.#ring.free(slot);
  }
}

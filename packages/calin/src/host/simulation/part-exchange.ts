import { assert } from '@calin/core/base/assert.ts';
import type { Division } from '@calin/sim/divide-regions.ts';
import { ByteRing, RING_WORDS } from './byte-ring.ts';

/** What the threads of a divided run share. */
export interface ExchangeMemory {
  /** The time that each part has come to, then the one of any other part at which each wants to be woken. */
  readonly times: SharedArrayBuffer;
  /** A word that changes with every time, then the control words of each ring. */
  readonly control: SharedArrayBuffer;
  /** A ring from each part to each part, row by row; those from a part to itself stay empty. */
  readonly rings: SharedArrayBuffer;
}

/** Bytes that may be on their way from one part to another: some thousand messages. */
const RING_BYTES = 2 ** 22;

/** Bytes in front of each batch: its length. */
const LENGTH_BYTES = 4;

/** Looks before a thread that waits goes to sleep: about as long as it takes to be woken. */
const SPINS = 2_000;

/**
 * A part that waits is woken when the slowest of the others has gone on by this share of its lookahead, or has to wait
 * itself. Each wake takes two threads some microseconds, and none is late for a whole lookahead: the others can go on
 * without what this part does next for nearly twice as long.
 */
const PATIENCE = 1 / 32;

/** How long a thread sleeps at most that waits for another one; then it looks again. */
const SLEEP_MS = 100;

/** The same for room in a ring, for which nobody wakes it. */
const ROOM_SLEEP_MS = 1;

/** Later than any event. */
const NEVER_US = 2 ** 53;

/** Makes the memory for so many parts. */
export function allocateExchange(parts: number, ringBytes = RING_BYTES): ExchangeMemory {
  return {
    times: new SharedArrayBuffer(2 * 8 * parts),
    control: new SharedArrayBuffer(4 * (1 + RING_WORDS * parts * parts)),
    rings: new SharedArrayBuffer(ringBytes * parts * parts),
  };
}

/**
 * How the parts of a run that are on different threads keep together. Each of them says up to what time nothing will
 * happen in it any more, and what it sends arrives a lookahead after that at least; so each may run as far as the
 * others' times and their lookaheads to it allow. What a part has sent is in a ring before the time is said that covers
 * it: whoever reads the times first and the rings then has everything.
 *
 * @see K. M. Chandy and J. Misra, "Distributed simulation: a case study in design and verification of distributed
 *   programs" (1979)
 */
export class PartExchange {
  readonly #index: number;
  readonly #division: Division;
  readonly #times: BigInt64Array;
  readonly #control: Int32Array;
  readonly #outgoing: readonly ByteRing[];
  readonly #incoming: readonly Inbox[];
  readonly #length = new DataView(new ArrayBuffer(LENGTH_BYTES));
  #saidUs = 0;
  /** False while somebody may sleep who has not been woken for the last time that was said. */
  #isTold = true;

  /** @param index - the part that this thread runs */
  constructor(index: number, division: Division, { times, control, rings }: ExchangeMemory) {
    const { count } = division;
    const ringBytes = rings.byteLength / (count * count);
    const ring = (from: number, to: number) => {
      const at = from * count + to;
      const words = new Int32Array(control, 4 * (1 + RING_WORDS * at), RING_WORDS);
      return new ByteRing(words, new Uint8Array(rings, ringBytes * at, ringBytes));
    };
    this.#index = index;
    this.#division = division;
    this.#times = new BigInt64Array(times);
    Atomics.store(this.#times, count + index, BigInt(NEVER_US));
    this.#control = new Int32Array(control);
    const parts = Array.from({ length: count }, (_, part) => part);
    this.#outgoing = parts.map((part) => ring(index, part));
    this.#incoming = parts.map((part) => new Inbox(ring(part, index)));
  }

  /** Changes whenever a part says another time; see {@link wait}. */
  get version(): number {
    return Atomics.load(this.#control, 0);
  }

  /** The first moment at which something may still come from another part; what was sent before is to be read then. */
  get boundUs(): number {
    let boundUs = NEVER_US;
    for (let part = 0; part < this.#division.count; part++) {
      if (part === this.#index) continue;
      const lookaheadUs = (this.#division.lookaheadUs[part] as number[])[this.#index] as number;
      boundUs = Math.min(boundUs, Number(Atomics.load(this.#times, part)) + lookaheadUs);
    }
    return boundUs;
  }

  /** Gives everything that has come to `take`, which holds on to none of it. */
  receive(take: (bytes: Uint8Array) => void): void {
    for (const inbox of this.#incoming) inbox.receive(take);
  }

  /**
   * Sends bytes to another part. Where there is no room it waits, and takes what comes meanwhile: the other one may be
   * waiting for room too.
   */
  send(part: number, bytes: Uint8Array, take: (bytes: Uint8Array) => void): void {
    this.#length.setUint32(0, bytes.length);
    this.#write(part, new Uint8Array(this.#length.buffer), take);
    this.#write(part, bytes, take);
  }

  /** Says that nothing happens in this part before a moment any more. */
  say(timeUs: number): void {
    const saidUs = Math.min(timeUs, NEVER_US);
    assert(saidUs >= this.#saidUs, 'time does not go back');
    if (saidUs === this.#saidUs) return;
    this.#saidUs = saidUs;
    Atomics.store(this.#times, this.#index, BigInt(saidUs));
    Atomics.add(this.#control, 0, 1);
    this.#isTold = false;
    if (this.#isAwaited) this.#notify();
  }

  /** True while some part sleeps until this one has come about as far as it has. */
  get #isAwaited(): boolean {
    const { count } = this.#division;
    for (let part = 0; part < count; part++)
      if (part !== this.#index && Atomics.load(this.#times, count + part) <= this.#saidUs) return true;
    return false;
  }

  /** Wakes those who wait, to look at what has changed. */
  wake(): void {
    Atomics.add(this.#control, 0, 1);
    this.#notify();
  }

  #notify(): void {
    this.#isTold = true;
    Atomics.notify(this.#control, 0);
  }

  /** Waits until something has changed since a version; or a little less. */
  wait(version: number): void {
    for (let spin = 0; spin < SPINS; spin++) if (this.version !== version) return;
    const wanted = this.#division.count + this.#index;
    Atomics.store(this.#times, wanted, BigInt(this.#wantedUs));
    // Others may have something to do by now: not all sleep at a time.
    if (!this.#isTold) this.#notify();
    Atomics.wait(this.#control, 0, version, SLEEP_MS);
    Atomics.store(this.#times, wanted, BigInt(NEVER_US));
  }

  /** The time of the slowest of the other parts at which it is worth while to go on. */
  get #wantedUs(): number {
    let wantedUs = NEVER_US;
    for (let part = 0; part < this.#division.count; part++) {
      if (part === this.#index) continue;
      const lookaheadUs = (this.#division.lookaheadUs[part] as number[])[this.#index] as number;
      const aheadUs = Math.floor(PATIENCE * lookaheadUs);
      wantedUs = Math.min(wantedUs, Number(Atomics.load(this.#times, part)) + aheadUs);
    }
    return wantedUs;
  }

  #write(part: number, bytes: Uint8Array, take: (bytes: Uint8Array) => void): void {
    const ring = this.#outgoing[part] as ByteRing;
    let at = ring.write(bytes, 0);
    while (at < bytes.length) {
      this.wake();
      this.receive(take);
      Atomics.wait(this.#control, 0, this.version, ROOM_SLEEP_MS);
      at += ring.write(bytes, at);
    }
  }
}

/** What comes out of one ring, batch by batch; one may be longer than the ring. */
class Inbox {
  readonly #ring: ByteRing;
  #bytes = new Uint8Array(65_536);
  #length = 0;

  constructor(ring: ByteRing) {
    this.#ring = ring;
  }

  receive(take: (bytes: Uint8Array) => void): void {
    const count = this.#ring.waiting;
    if (count === 0) return;
    if (this.#length + count > this.#bytes.length) this.#grow(this.#length + count);
    this.#ring.read(this.#bytes, this.#length, count);
    this.#length += count;
    this.#takeWhole(take);
  }

  #takeWhole(take: (bytes: Uint8Array) => void): void {
    const view = new DataView(this.#bytes.buffer);
    let at = 0;
    while (at + LENGTH_BYTES <= this.#length) {
      const end = at + LENGTH_BYTES + view.getUint32(at);
      if (end > this.#length) break;
      take(this.#bytes.subarray(at + LENGTH_BYTES, end));
      at = end;
    }
    this.#bytes.copyWithin(0, at, this.#length);
    this.#length -= at;
  }

  #grow(bytes: number): void {
    const grown = new Uint8Array(2 * bytes);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

import { assert } from '@calin/core/base/assert.ts';
import { SIGNATURE_RECORD_BYTES } from '@calin/core/crypto/signature-records.ts';

/**
 * Records in a batch. Long enough that claiming and telling cost nothing beside the checks (about 4 ms of them),
 * short enough that the last one of a block is soon done and that the main thread may do one between two events.
 */
export const BATCH_RECORDS = 100;

/** Who claims on the main thread; workers are 1 and up. */
export const MAIN_THREAD = 0;

/** What threads share. Control: four words, then state and record count of each slot. */
export interface RingMemory {
  readonly control: SharedArrayBuffer;
  readonly records: SharedArrayBuffer;
  readonly verdicts: SharedArrayBuffer;
}

/** Batches ever published; only the main thread writes it. The words count up and wrap around. */
const PUBLISHED = 0;
/** The batch that should be claimed next. A hint: the state of a slot alone says who has it. */
const NEXT = 1;
/** Changes whenever there is something for workers to do; sleeping workers wait on it. */
const SIGNAL = 2;
/** 1 while the main thread wants to be told of the next batch that is done. */
const LISTENING = 3;
const SLOT_WORDS = 4;

const FREE = 0;
const READY = 1;
const DONE = 2;
/** Claimed by thread 0; the states above it are those of the workers. */
const CLAIMED = 3;

/** Makes the memory of a ring. `slots` is a power of two. */
export function allocateRing(slots: number): RingMemory {
  assert(slots > 0 && (slots & (slots - 1)) === 0, 'the slots of a ring are a power of two');
  return {
    control: new SharedArrayBuffer(4 * (SLOT_WORDS + 2 * slots)),
    records: new SharedArrayBuffer(slots * BATCH_RECORDS * SIGNATURE_RECORD_BYTES),
    verdicts: new SharedArrayBuffer(slots * BATCH_RECORDS),
  };
}

/**
 * A ring of batches of signatures in memory that threads share. The main thread fills free slots and publishes them;
 * any thread claims one, writes its verdicts and finishes it; the main thread reads them and frees the slot.
 *
 * A slot is claimed by one compare-and-exchange of its state to "claimed by me", so that at each moment it is known
 * which batches a thread that has died leaves behind.
 */
export class SignatureRing {
  readonly slots: number;
  /** All records as words; slot s begins at word s · 3200. */
  readonly words: Int32Array;
  readonly #control: Int32Array;
  readonly #records: Uint8Array;
  readonly #verdicts: readonly Uint8Array[];

  constructor({ control, records, verdicts }: RingMemory) {
    this.#control = new Int32Array(control);
    this.slots = (this.#control.length - SLOT_WORDS) / 2;
    this.words = new Int32Array(records);
    this.#records = new Uint8Array(records);
    const verdictsOf = (_: unknown, slot: number) =>
      new Uint8Array(verdicts, slot * BATCH_RECORDS, BATCH_RECORDS);
    this.#verdicts = Array.from({ length: this.slots }, verdictsOf);
  }

  /** The slot for the next batch, or −1 while it is in use. */
  vacant(): number {
    const slot = Atomics.load(this.#control, PUBLISHED) & (this.slots - 1);
    return this.#state(slot) === FREE ? slot : -1;
  }

  /** Copies records into the vacant slot, behind the `at` records that are in it. */
  fill(slot: number, at: number, records: Uint8Array): void {
    this.#records.set(records, (slot * BATCH_RECORDS + at) * SIGNATURE_RECORD_BYTES);
  }

  /** Offers the vacant slot, with so many records in it, to all threads. */
  publish(slot: number, count: number): void {
    assert(slot === this.vacant() && count > 0 && count <= BATCH_RECORDS, 'a vacant slot with records');
    this.#control[countWord(slot)] = count;
    Atomics.store(this.#control, stateWord(slot), READY);
    Atomics.add(this.#control, PUBLISHED, 1);
  }

  /** Wakes workers after something was published. */
  signal(): void {
    Atomics.add(this.#control, SIGNAL, 1);
    Atomics.notify(this.#control, SIGNAL);
  }

  /** Claims a batch for a thread: its slot, or −1 when there is nothing to do. */
  claim(thread: number): number {
    for (;;) {
      const next = Atomics.load(this.#control, NEXT);
      if (next === Atomics.load(this.#control, PUBLISHED)) return -1;
      const slot = next & (this.slots - 1);
      const before = Atomics.compareExchange(this.#control, stateWord(slot), READY, CLAIMED + thread);
      // Whoever sees that a batch has gone moves the hint on, so a thread that dies in between holds nobody up.
      Atomics.compareExchange(this.#control, NEXT, next, (next + 1) | 0);
      if (before === READY) return slot;
    }
  }

  /** Records in a slot. */
  count(slot: number): number {
    return this.#control[countWord(slot)] as number;
  }

  /** Where the verdicts of a slot stand; its first {@link count} bytes have a meaning. */
  verdicts(slot: number): Uint8Array {
    return this.#verdicts[slot] as Uint8Array;
  }

  /** Says that the verdicts of a claimed slot stand. */
  finish(slot: number, thread: number): void {
    const before = Atomics.compareExchange(this.#control, stateWord(slot), CLAIMED + thread, DONE);
    assert(before === CLAIMED + thread, 'a batch is finished by the thread that claimed it');
  }

  /** True when the verdicts of a slot stand. */
  isDone(slot: number): boolean {
    return this.#state(slot) === DONE;
  }

  /** Gives a slot back whose verdicts have been read. */
  free(slot: number): void {
    const before = Atomics.compareExchange(this.#control, stateWord(slot), DONE, FREE);
    assert(before === DONE, 'only a batch that is done is taken out');
  }

  /** Claims for the main thread what a worker that has ended had claimed: the slots. */
  takeOver(thread: number): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < this.slots; slot++) {
      const [from, to] = [CLAIMED + thread, CLAIMED + MAIN_THREAD];
      if (Atomics.compareExchange(this.#control, stateWord(slot), from, to) === from) slots.push(slot);
    }
    return slots;
  }

  /** Asks workers to tell of the next batch that is done. What is done already must be looked for after this. */
  listen(isListening: boolean): void {
    Atomics.store(this.#control, LISTENING, isListening ? 1 : 0);
  }

  /** True once for each time the main thread listens: the worker who gets it must tell. */
  mustTell(): boolean {
    return Atomics.compareExchange(this.#control, LISTENING, 1, 0) === 1;
  }

  /** The signal as it stands; to be read before the last look at the ring that found nothing. */
  signalled(): number {
    return Atomics.load(this.#control, SIGNAL);
  }

  /** Sleeps until the signal is no more what it was. Blocks the thread: for workers only. */
  sleep(signalled: number): void {
    Atomics.wait(this.#control, SIGNAL, signalled);
  }

  #state(slot: number): number {
    return Atomics.load(this.#control, stateWord(slot));
  }
}

function stateWord(slot: number): number {
  return SLOT_WORDS + 2 * slot;
}

function countWord(slot: number): number {
  return SLOT_WORDS + 2 * slot + 1;
}

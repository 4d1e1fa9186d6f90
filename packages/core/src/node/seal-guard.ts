import { assert } from '../base/assert.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { ClaimedOrigin, Production } from '../consensus/engine.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Outbox } from './outbox.ts';

/** What a guard works with. */
export interface SealGuardDependencies {
  readonly production: Production;
  readonly store: ReadStore;
  readonly outbox: Outbox;
  /** Where the record is in the store. */
  readonly key: Uint8Array;
}

/**
 * Keeps a producer from sealing two headers in one turn, which costs a validator its stake: the turn of what it is
 * about to seal is on disk before the signature is asked for, and no turn up to that one is ever taken again. A crash
 * in between costs the turn, and so does a head that moves meanwhile.
 *
 * @see docs/decisions/0027-what-a-validator-signs.md
 */
export class SealGuard {
  readonly #deps: SealGuardDependencies;
  #last = -1;

  constructor(dependencies: SealGuardDependencies) {
    this.#deps = dependencies;
    const record = dependencies.store.get(dependencies.key);
    if (record !== undefined) this.#last = decodeTurn(record);
  }

  /** The turn of a block; undefined where two in one turn are no offence, for nobody has anything to lose. */
  turnOf(origin: ClaimedOrigin): number | undefined {
    return this.#deps.production.signedTurns?.numberOf(origin);
  }

  /** True for a turn that was not taken, and none after it. */
  isFree(turn: number): boolean {
    return turn > this.#last;
  }

  /** Takes a turn that is free; what is done after the next commit is done with the record on disk. */
  take(turn: number): void {
    assert(this.isFree(turn), 'a turn is taken once');
    this.#last = turn;
    this.#deps.outbox.commit({ puts: [[this.#deps.key, encodeTurn(turn)]], deletes: [] });
  }
}

/** version u32, turn u53. */
function encodeTurn(turn: number): Uint8Array {
  return new Writer(12).u32(1).u53(turn).finish();
}

/** @throws AssertionError when it is malformed: who does not know what it sealed must not go on */
function decodeTurn(bytes: Uint8Array): number {
  const reader = new Reader(bytes);
  assert(reader.u32() === 1, 'a record of a turn of this version');
  const parsed = reader.finish(reader.u53());
  assert(parsed.ok, 'a record of a turn');
  return parsed.value;
}

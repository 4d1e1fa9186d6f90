import { assert } from '@calin/core/base/assert.ts';
import { parseCompact } from '@calin/core/consensus/pow/compact-target.ts';
import { searchNonce } from '@calin/core/consensus/pow/search-nonce.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { Miner, WorkDone } from '@calin/core/ports/miner.ts';
import type { Agenda } from './clock.ts';
import type { Dice } from './dice.ts';
import type { Measures } from './measures.ts';

/** How often a search says how far it is, and tries what this long takes. */
const STRETCH_US = 1_000_000;

/** What a {@link SimMiner} works with. */
export interface SimMinerDependencies {
  readonly clock: Agenda;
  readonly dice: Dice;
  /** Counts the hashes. */
  readonly measures: Pick<Measures, 'hashes'>;
}

/**
 * The miner of one machine, in virtual time: every hash is really tried, as fast as the machine is said to be. So the
 * luck of miners is that of the hash function, and a chain of a thousand hashes a block costs a thousand. Each search
 * begins at a nonce that is thrown, or else all runs of one scenario would have the same luck.
 */
export class SimMiner implements Miner {
  readonly #clock: Agenda;
  readonly #dice: Dice;
  readonly #measures: Pick<Measures, 'hashes'>;
  readonly #hashesPerSecond: number;
  /** Counts the searches: only the last one goes on. */
  #search = 0;

  /** @param hashesPerSecond - 1 or more */
  constructor(hashesPerSecond: number, { clock, dice, measures }: SimMinerDependencies) {
    assert(Number.isInteger(hashesPerSecond) && hashesPerSecond >= 1, 'a whole number of hashes in a second');
    this.#hashesPerSecond = hashesPerSecond;
    this.#clock = clock;
    this.#dice = dice;
    this.#measures = measures;
  }

  search(message: Hash, bits: number, report: (done: WorkDone) => void): void {
    const target = parseCompact(bits);
    assert(target !== undefined, 'a target that the consensus gave');
    this.#search += 1;
    this.#stretch(this.#search, message, target, this.#dice.u32(), report);
  }

  stop(): void {
    this.#search += 1;
  }

  #stretch(
    search: number,
    message: Hash,
    target: bigint,
    first: number,
    report: (done: WorkDone) => void,
  ): void {
    const { attempts, nonce } = searchNonce(message, target, first, this.#hashesPerSecond);
    const fire = (): void => {
      if (this.#search !== search) return;
      this.#measures.hashes += attempts;
      if (nonce === undefined) this.#stretch(search, message, target, first + attempts, report);
      else this.#search += 1;
      report({ attempts, nonce });
    };
    const hashUs = STRETCH_US / this.#hashesPerSecond;
    // A hash that takes a quarter of a second would be over at the same moment on all machines that began together, as
    // they do with a new head, and they would find blocks together too.
    const earlyUs = nonce === undefined ? 0 : this.#dice.below(Math.ceil(hashUs));
    const tookUs = Math.round(attempts * hashUs) - earlyUs;
    this.#clock.schedule(this.#clock.nowUs + tookUs, { fire });
  }
}

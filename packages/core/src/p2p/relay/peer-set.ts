import { assert } from '../../base/assert.ts';
import { RELAY_PEERS_MAX } from './limits.ts';

/**
 * A set of peers by their slots (see RelayPeers): one bit each in four words. It is allocated once for each wanted
 * transaction and each block, so it is flat and small.
 */
export class PeerSet {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  has(slot: number): boolean {
    return (this.#word(slot >>> 5) & (1 << (slot & 31))) !== 0;
  }

  add(slot: number): void {
    assert(slot >= 0 && slot < RELAY_PEERS_MAX, 'a slot of a peer');
    const bit = 1 << (slot & 31);
    if (slot < 32) this.#a |= bit;
    else if (slot < 64) this.#b |= bit;
    else if (slot < 96) this.#c |= bit;
    else this.#d |= bit;
  }

  delete(slot: number): void {
    const rest = ~(1 << (slot & 31));
    if (slot < 32) this.#a &= rest;
    else if (slot < 64) this.#b &= rest;
    else if (slot < 96) this.#c &= rest;
    else this.#d &= rest;
  }

  get isEmpty(): boolean {
    return (this.#a | this.#b | this.#c | this.#d) === 0;
  }

  /** Calls back for each slot, lowest first. */
  forEach(visit: (slot: number) => void): void {
    for (let word = 0; word < 4; word++) {
      for (let left = this.#word(word); left !== 0; left &= left - 1) {
        visit(32 * word + 31 - Math.clz32(left & -left));
      }
    }
  }

  #word(word: number): number {
    return word === 0 ? this.#a : word === 1 ? this.#b : word === 2 ? this.#c : this.#d;
  }
}

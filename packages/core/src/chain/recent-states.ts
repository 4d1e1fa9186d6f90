import { bytesKey } from '../base/bytes-key.ts';
import type { Hash } from '../crypto/hash.ts';
import type { WorldState } from '../state/world-state.ts';
import type { ChainLimits } from './limits.ts';

/** A state with what keeping it costs. */
export interface RecentState {
  readonly state: WorldState;
  /** Entries in which it differs from its parent's. */
  readonly changes: number;
}

/**
 * States after recent blocks, for proofs and for a short way back. A cache: what is missing can be made from the undo
 * records or by executing again.
 */
export class RecentStates {
  readonly #limits: Pick<ChainLimits, 'recentStatesMax' | 'recentChangesMax'>;
  readonly #states = new Map<string, RecentState>();
  #changes = 0;

  constructor(limits: Pick<ChainLimits, 'recentStatesMax' | 'recentChangesMax'>) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#states.size;
  }

  /** The state after a block, if it is kept. */
  get(id: Hash): WorldState | undefined {
    return this.find(id)?.state;
  }

  /** The same with its cost. */
  find(id: Hash): RecentState | undefined {
    return this.#states.get(bytesKey(id));
  }

  /** Keeps a state; the ones that were kept first go. */
  set(id: Hash, state: WorldState, changes: number): void {
    const key = bytesKey(id);
    this.#delete(key);
    this.#states.set(key, { state, changes });
    this.#changes += changes;
    const { recentStatesMax, recentChangesMax } = this.#limits;
    for (const [name, oldest] of this.#states) {
      if (this.#states.size <= recentStatesMax && this.#changes <= recentChangesMax) break;
      this.#states.delete(name);
      this.#changes -= oldest.changes;
    }
  }

  delete(id: Hash): void {
    this.#delete(bytesKey(id));
  }

  #delete(key: string): void {
    const known = this.#states.get(key);
    if (known === undefined) return;
    this.#states.delete(key);
    this.#changes -= known.changes;
  }
}

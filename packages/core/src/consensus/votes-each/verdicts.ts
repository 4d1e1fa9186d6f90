import { bytesKey } from '../../base/bytes-key.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { BlockRef } from '../voting/voting-engine.ts';
import { VERDICTS_MAX } from './limits.ts';

/** What the chain said about a block. */
export interface Verdict {
  readonly block: BlockRef;
  readonly valid: boolean;
}

/** The latest {@link VERDICTS_MAX} verdicts; the one that was given first goes first. */
export class Verdicts {
  readonly #verdicts = new Map<string, Verdict>();

  /** Verdicts held. */
  get size(): number {
    return this.#verdicts.size;
  }

  add(verdict: Verdict): void {
    const key = bytesKey(verdict.block.id);
    this.#verdicts.delete(key);
    this.#verdicts.set(key, verdict);
    const [oldest] = this.#verdicts.keys();
    if (this.#verdicts.size > VERDICTS_MAX && oldest !== undefined) this.#verdicts.delete(oldest);
  }

  get(id: Hash): Verdict | undefined {
    return this.#verdicts.get(bytesKey(id));
  }
}

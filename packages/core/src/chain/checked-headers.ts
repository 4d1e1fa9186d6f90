import { bytesKey } from '../base/bytes-key.ts';
import type { Hash } from '../crypto/hash.ts';

/**
 * Ids of headers without their blocks that the consensus has found good. Its verdict follows from a header and its
 * parent, and the id stands for both: it covers the seal, and the parent's id. So the seal of a header that comes ahead
 * of its block is checked once, and not again with the block. What may change, such as the time of the node, is no part
 * of the verdict.
 */
export class CheckedHeaders {
  readonly #countMax: number;
  readonly #ids = new Set<string>();

  /** @param countMax - headers that are remembered; a forgotten one is checked again */
  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  get count(): number {
    return this.#ids.size;
  }

  has(id: Hash): boolean {
    return this.#ids.has(bytesKey(id));
  }

  /** Forgets a header: its block is here. */
  delete(id: Hash): void {
    this.#ids.delete(bytesKey(id));
  }

  /** Remembers a header that is good; the oldest is forgotten for it when there are too many. */
  add(id: Hash): void {
    this.#ids.add(bytesKey(id));
    const [oldest] = this.#ids;
    if (this.#ids.size > this.#countMax && oldest !== undefined) this.#ids.delete(oldest);
  }
}

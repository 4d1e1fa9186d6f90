import { bytesKey } from '../base/bytes-key.ts';
import type { Hash } from '../crypto/hash.ts';

/** Ids of blocks that broke a rule, with the rule, so that they cost nothing when they come again. */
export class InvalidBlocks {
  readonly #countMax: number;
  readonly #rules = new Map<string, string>();

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  get count(): number {
    return this.#rules.size;
  }

  /** The rule that a block broke; undefined when nothing is known against it. */
  ruleOf(id: Hash): string | undefined {
    return this.#rules.size === 0 ? undefined : this.#rules.get(bytesKey(id));
  }

  /** Remembers a block; the oldest is forgotten for it when there are too many, and would be executed again. */
  add(id: Hash, rule: string): void {
    this.#rules.set(bytesKey(id), rule);
    const [oldest] = this.#rules.keys();
    if (this.#rules.size > this.#countMax && oldest !== undefined) this.#rules.delete(oldest);
  }
}

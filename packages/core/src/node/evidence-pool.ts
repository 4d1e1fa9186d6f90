import { recordKey } from '../base/bytes-key.ts';

/** Pieces of evidence that wait for a block: far more than one block takes, and whoever is guilty is so only once. */
const EVIDENCE_MAX = 64;

/** Proof of what validators did against the rules, until a block holds it. The oldest leave when there are too many. */
export class EvidencePool {
  /** By their bytes, oldest first. */
  readonly #pieces = new Map<string, Uint8Array>();

  get size(): number {
    return this.#pieces.size;
  }

  /** Adds a piece; false when it is here already. */
  add(bytes: Uint8Array): boolean {
    const key = recordKey(bytes);
    if (this.#pieces.has(key)) return false;
    const [oldest] = this.#pieces.keys();
    if (this.#pieces.size >= EVIDENCE_MAX && oldest !== undefined) this.#pieces.delete(oldest);
    this.#pieces.set(key, bytes);
    return true;
  }

  /** Lets a piece go: a block holds it, or the ledger has no use for it. */
  drop(bytes: Uint8Array): void {
    this.#pieces.delete(recordKey(bytes));
  }

  /** All of it, oldest first. */
  all(): readonly Uint8Array[] {
    return [...this.#pieces.values()];
  }
}

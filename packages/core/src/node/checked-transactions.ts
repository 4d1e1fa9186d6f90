import { assert } from '../base/assert.ts';
import { CHECKED_TRANSACTIONS_MAX } from './limits.ts';

/** Bytes of a leaf. */
export const LEAF_BYTES = 32;
const LEAF_WORDS = LEAF_BYTES / 4;
/** Transactions whose leaves lead to the same place; the oldest of them makes room for a ninth. */
const WAYS = 8;
const SETS_MIN = 8;
const SETS_MAX = CHECKED_TRANSACTIONS_MAX / WAYS;
/** Transactions for each set at which the sets are doubled: more than 8 in one are then rarer than 1 in 4,000. */
const GROW_AT = 2;

/**
 * Remembers of which transactions the signatures have been found valid, by the leaf: the hash over all bytes, the
 * witnesses too, so the same body with another signature is another transaction here. A block that brings them again
 * need not have them checked again, whether they wait in the pool, have just left it or came with a rival block.
 *
 * It forgets, and forgetting costs one check, so it is no exact list: a set-associative cache like that of a processor.
 * That keeps each step short whatever leaves somebody grinds, and the memory small: 32 bytes for each of at most
 * 262,144 transactions, taken as they come or at the start.
 */
export class CheckedTransactions {
  /** The leaves, {@link WAYS} for each set. */
  #words: Int32Array;
  /** How often something was put into each set: as it is up to 8, then 8 to 15 over and over. */
  #added: Uint8Array;
  #sets: number;
  #count = 0;
  readonly #leaf = new Int32Array(LEAF_WORDS);

  /** @param isReserved - has its whole size from the start, and never has to grow under load */
  constructor(isReserved = false) {
    this.#sets = isReserved ? SETS_MAX : SETS_MIN;
    this.#words = new Int32Array(this.#sets * WAYS * LEAF_WORDS);
    this.#added = new Uint8Array(this.#sets);
  }

  /** Bytes of memory that it takes. */
  get memoryBytes(): number {
    return this.#words.byteLength + this.#added.byteLength;
  }

  /** Transactions that are remembered. */
  get count(): number {
    return this.#count;
  }

  /**
   * Remembers a transaction by its leaf, which begins at an offset of an array of leaves; the signatures must have been
   * checked.
   */
  add(leaves: Uint8Array, offset = 0): void {
    if (this.has(leaves, offset)) return;
    if (this.#count >= this.#sets * GROW_AT && this.#sets < SETS_MAX) this.#grow();
    this.#put(this.#leaf, 0);
  }

  /** True when the transaction is remembered whose leaf begins at an offset of an array of leaves. */
  has(leaves: Uint8Array, offset: number): boolean {
    assert(offset >= 0 && offset + LEAF_BYTES <= leaves.length, 'a whole leaf');
    const leaf = this.#leaf;
    for (let word = 0, at = offset; word < LEAF_WORDS; word++, at += 4) {
      const low = (leaves[at] as number) | ((leaves[at + 1] as number) << 8);
      leaf[word] = low | ((leaves[at + 2] as number) << 16) | ((leaves[at + 3] as number) << 24);
    }
    const set = (leaf[0] as number) & (this.#sets - 1);
    const used = Math.min(this.#added[set] as number, WAYS);
    for (let way = 0; way < used; way++) if (this.#isAt(set * WAYS + way)) return true;
    return false;
  }

  #isAt(place: number): boolean {
    const start = place * LEAF_WORDS;
    for (let word = 0; word < LEAF_WORDS; word++) {
      if (this.#words[start + word] !== this.#leaf[word]) return false;
    }
    return true;
  }

  /** Puts the leaf that begins at a word into its set, in place of the oldest one if the set is full. */
  #put(words: Int32Array, start: number): void {
    const set = (words[start] as number) & (this.#sets - 1);
    const added = this.#added[set] as number;
    const to = (set * WAYS + (added % WAYS)) * LEAF_WORDS;
    for (let word = 0; word < LEAF_WORDS; word++) this.#words[to + word] = words[start + word] as number;
    this.#added[set] = added === 2 * WAYS - 1 ? WAYS : added + 1;
    if (added < WAYS) this.#count += 1;
  }

  /** Doubles the sets. Each one is divided in two, and the leaves keep their age. */
  #grow(): void {
    const [words, added, sets] = [this.#words, this.#added, this.#sets];
    this.#words = new Int32Array(2 * words.length);
    this.#added = new Uint8Array(2 * sets);
    this.#sets = 2 * sets;
    this.#count = 0;
    for (let set = 0; set < sets; set++) {
      const last = added[set] as number;
      for (let age = Math.min(last, WAYS); age > 0; age--) {
        this.#put(words, (set * WAYS + ((last - age) % WAYS)) * LEAF_WORDS);
      }
    }
  }
}

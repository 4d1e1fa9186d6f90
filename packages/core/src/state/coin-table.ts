import { assert } from '../base/assert.ts';
import { wordsOf } from '../base/words.ts';
import type { Hash } from '../crypto/hash.ts';
import { COIN_KEY_WORDS, COIN_RECORD_WORDS } from './coin-map.ts';

/** Stands where there is no coin. */
export const NO_RECORD = -1;

/** Entries that a table starts with room for. */
const ENTRIES_MIN = 1024;

/** Entries whose room is kept from block to block, about 24 MiB in all; the room of a larger block is given back. */
const ENTRIES_KEPT_MAX = 131_072;

/** Records whose room is kept: an entry has two at most in all but odd blocks. */
const RECORDS_KEPT_MAX = 2 * ENTRIES_KEPT_MAX;

/**
 * The coins that a block has touched, by their keys: columns of entries, the records they point to, and a hash table
 * with open addressing over the entries. A key is eight words of which the first is given apart, for an outpoint
 * becomes a key by changing that word alone ({@link coinKey}).
 */
export class CoinTable {
  /** Entries there are. */
  count = 0;
  /** {@link COIN_KEY_WORDS} words for each entry. */
  keys: Int32Array = new Int32Array(0);
  /** For each entry the offset in `records` of the coin before the block, or {@link NO_RECORD}. */
  before: Int32Array = new Int32Array(0);
  /** The same for the coin as it is now. */
  now: Int32Array = new Int32Array(0);
  /** {@link COIN_RECORD_WORDS} words each; larger than what is used. */
  records: Int32Array = new Int32Array(0);
  /** Words of records that are used. */
  recordsEnd = 0;
  /** Entry + 1, or 0; a power of two, at least twice the entries. */
  #slots = new Int32Array(0);
  #seedLow = 0;
  #seedHigh = 0;

  constructor() {
    this.#allocate();
  }

  /**
   * Forgets all entries and keeps their room.
   *
   * @param seed - spreads the keys over the table; one that cannot be known when coins are made, such as the id of the
   *   block, leaves nobody a way to make coins that meet in one place
   */
  clear(seed: Hash): void {
    const isLarge =
      this.before.length > ENTRIES_KEPT_MAX || this.records.length > RECORDS_KEPT_MAX * COIN_RECORD_WORDS;
    if (isLarge) this.#allocate();
    else this.#slots.fill(0);
    this.count = 0;
    this.recordsEnd = 0;
    const words = wordsOf(seed);
    this.#seedLow = words[0] as number;
    this.#seedHigh = words[1] as number;
  }

  /** Makes room, so that so many entries and records can be added; `records` may be another array afterwards. */
  reserve(entries: number, records: number): void {
    const entriesMin = this.count + entries;
    if (entriesMin > this.before.length) this.#growEntries(entriesMin);
    const wordsMin = this.recordsEnd + records * COIN_RECORD_WORDS;
    if (wordsMin > this.records.length) this.records = grown(this.records, wordsMin);
  }

  /** The entry of a key, or the complement (~) of the free slot that is its place. */
  find(words: Int32Array, at: number, first: number): number {
    const slots = this.#slots;
    const { keys } = this;
    const mask = slots.length - 1;
    let slot = this.#slotOf(first, words[at + 1] as number);
    // At most half of the slots are taken, so the walk ends.
    for (;;) {
      const entry = (slots[slot] as number) - 1;
      if (entry < 0) return ~slot;
      const key = entry * COIN_KEY_WORDS;
      if (
        keys[key] === first &&
        keys[key + 1] === words[at + 1] &&
        keys[key + 2] === words[at + 2] &&
        keys[key + 3] === words[at + 3] &&
        keys[key + 4] === words[at + 4] &&
        keys[key + 5] === words[at + 5] &&
        keys[key + 6] === words[at + 6] &&
        keys[key + 7] === words[at + 7]
      ) {
        return entry;
      }
      slot = (slot + 1) & mask;
    }
  }

  /**
   * Adds an entry in the free slot that {@link find} gave for its key after room was reserved.
   *
   * @param before - the record of the coin before the block, or {@link NO_RECORD}
   */
  insert(slot: number, words: Int32Array, at: number, first: number, before: number): number {
    const entry = this.count++;
    assert(entry < this.before.length, 'room was reserved');
    const key = entry * COIN_KEY_WORDS;
    const { keys } = this;
    keys[key] = first;
    for (let i = 1; i < COIN_KEY_WORDS; i++) keys[key + i] = words[at + i] as number;
    this.before[entry] = before;
    this.now[entry] = before;
    this.#slots[slot] = entry + 1;
    return entry;
  }

  /** True when the coin of an entry is not as before the block. */
  isChanged(entry: number): boolean {
    const before = this.before[entry] as number;
    const now = this.now[entry] as number;
    if (before === now) return false;
    if (before === NO_RECORD || now === NO_RECORD) return true;
    const { records } = this;
    for (let i = 0; i < COIN_RECORD_WORDS; i++) if (records[before + i] !== records[now + i]) return true;
    return false;
  }

  #slotOf(first: number, second: number): number {
    const mixed =
      Math.imul(first ^ this.#seedLow, 0x9e37_79b1) + Math.imul(second ^ this.#seedHigh, 0x85eb_ca6b);
    return (mixed ^ (mixed >>> 15)) & (this.#slots.length - 1);
  }

  #allocate(): void {
    this.keys = new Int32Array(ENTRIES_MIN * COIN_KEY_WORDS);
    this.before = new Int32Array(ENTRIES_MIN);
    this.now = new Int32Array(ENTRIES_MIN);
    this.records = new Int32Array(ENTRIES_MIN * COIN_RECORD_WORDS);
    this.#slots = new Int32Array(2 * ENTRIES_MIN);
  }

  #growEntries(entriesMin: number): void {
    let length = this.before.length;
    while (length < entriesMin) length *= 2;
    this.keys = grown(this.keys, length * COIN_KEY_WORDS);
    this.before = grown(this.before, length);
    this.now = grown(this.now, length);
    const slots = new Int32Array(2 * length);
    this.#slots = slots;
    for (let entry = 0; entry < this.count; entry++) {
      const key = entry * COIN_KEY_WORDS;
      let slot = this.#slotOf(this.keys[key] as number, this.keys[key + 1] as number);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = entry + 1;
    }
  }
}

/** The same words in an array of at least `lengthMin`, twice as long each time. */
export function grown(words: Int32Array, lengthMin: number): Int32Array {
  let length = Math.max(words.length, 64);
  while (length < lengthMin) length *= 2;
  const larger = new Int32Array(length);
  larger.set(words);
  return larger;
}

import { assert } from '../../base/assert.ts';
import type { Random } from '../../base/random.ts';
import { wordAt } from '../../base/words.ts';
import { KNOWN_TRANSACTIONS_MAX, RELAY_PEERS_MAX } from './limits.ts';

/** Rows that share a place; the oldest of them makes room for a ninth. */
const WAYS = 8;
const SETS_MIN = 4;
const SETS_MAX = KNOWN_TRANSACTIONS_MAX / WAYS;
/** Rows for each set at which the sets are doubled: more than 8 in one are then rarer than 1 in 250. */
const GROW_AT = 3;
/** Words of a row before the peers: two of the txid, when it was announced, and the refusal's round. */
const [SEQUENCE, ROUND, PEERS] = [2, 3, 4];
/** Where a row is, for a transaction that has none. */
export const UNKNOWN = -1;

/**
 * The transactions that this node has had, and which of its peers have them: one table for all peers, with one bit for
 * each. So a peer costs no memory of its own, and an announcement one look-up and one bit.
 *
 * A row is found by the first eight bytes of the txid. To hide somebody's transaction behind another one takes a
 * transaction that the pool accepts with the same eight bytes, 2^64 tries. Strangers' announcements make no rows, only
 * what was received does. It forgets the oldest: forgetting costs one look into the pool, or an announcement too many.
 * Its 5 MiB, or up to 8 for more than 32 peers, are taken as it fills, or at the start.
 */
export class KnownTransactions {
  readonly #secret: number;
  /** Words for the bits of peers in each row: 1, 2 or 4, by the highest slot that was used. */
  #peerWords = 1;
  #rows: Int32Array;
  /** How often something was put into each set: as it is up to 8, then 8 to 15 over and over. */
  #added: Uint8Array;
  #sets: number;
  #count = 0;

  /** @param isReserved - has its whole size from the start, and never has to grow under load */
  constructor(random: Random, isReserved = false) {
    this.#secret = random.u32() | 0;
    this.#sets = isReserved ? SETS_MAX : SETS_MIN;
    this.#rows = new Int32Array(this.#sets * WAYS * this.#stride);
    this.#added = new Uint8Array(this.#sets);
  }

  /** Bytes of memory that it takes. */
  get memoryBytes(): number {
    return this.#rows.byteLength + this.#added.byteLength;
  }

  /** Transactions that are remembered. */
  get count(): number {
    return this.#count;
  }

  /** The row of a transaction, or {@link UNKNOWN}. It holds until the next {@link add}. */
  find(txid: Uint8Array): number {
    const low = wordAt(txid, 0);
    const high = wordAt(txid, 4);
    const stride = this.#stride;
    const set = this.#setOf(low);
    const end = set * WAYS + Math.min(this.#added[set] as number, WAYS);
    for (let row = set * WAYS; row < end; row++) {
      if (this.#rows[row * stride] === low && this.#rows[row * stride + 1] === high) return row;
    }
    return UNKNOWN;
  }

  /** The row of a transaction, a new one if need be. */
  add(txid: Uint8Array): number {
    const found = this.find(txid);
    if (found !== UNKNOWN) return found;
    if (this.#count >= this.#sets * GROW_AT && this.#sets < SETS_MAX)
      this.#rebuild(2 * this.#sets, this.#peerWords);
    const row = this.#take(this.#setOf(wordAt(txid, 0)));
    const at = row * this.#stride;
    this.#rows.fill(0, at, at + this.#stride);
    this.#rows[at] = wordAt(txid, 0);
    this.#rows[at + 1] = wordAt(txid, 4);
    return row;
  }

  /** True when the peer has the transaction of a row. */
  isKnownTo(row: number, slot: number): boolean {
    const word = slot >>> 5;
    if (word >= this.#peerWords) return false;
    return ((this.#rows[row * this.#stride + PEERS + word] as number) & (1 << (slot & 31))) !== 0;
  }

  /** Notes that the peer has the transaction of a row. */
  markKnown(row: number, slot: number): void {
    const word = slot >>> 5;
    assert(word < this.#peerWords, 'a slot that was opened');
    const at = row * this.#stride + PEERS + word;
    this.#rows[at] = (this.#rows[at] as number) | (1 << (slot & 31));
  }

  /** The number under which the transaction of a row stands in the log of announcements; 0 for none. */
  sequence(row: number): number {
    return (this.#rows[row * this.#stride + SEQUENCE] as number) >>> 0;
  }

  setSequence(row: number, sequence: number): void {
    this.#rows[row * this.#stride + SEQUENCE] = sequence;
  }

  /** The round in which the transaction of a row was refused; 0 when it was not. */
  refusedIn(row: number): number {
    return this.#rows[row * this.#stride + ROUND] as number;
  }

  setRefused(row: number, round: number): void {
    this.#rows[row * this.#stride + ROUND] = round;
  }

  /** Makes room for a peer's bit. */
  openSlot(slot: number): void {
    assert(slot >= 0 && slot < RELAY_PEERS_MAX, 'a slot of a peer');
    let words = this.#peerWords;
    while (slot >>> 5 >= words) words *= 2;
    if (words !== this.#peerWords) this.#rebuild(this.#sets, words);
  }

  /** Forgets what a peer has; its slot may be given to another one. Linear in the table. */
  closeSlot(slot: number): void {
    const rest = ~(1 << (slot & 31));
    const stride = this.#stride;
    for (let at = PEERS + (slot >>> 5); at < this.#rows.length; at += stride) {
      this.#rows[at] = (this.#rows[at] as number) & rest;
    }
  }

  get #stride(): number {
    return PEERS + this.#peerWords;
  }

  /** Mixed with a secret, so that nobody can aim at a set (fmix32 of MurmurHash3). */
  #setOf(low: number): number {
    let mixed = low ^ this.#secret;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    return (mixed ^ (mixed >>> 16)) & (this.#sets - 1);
  }

  /** The row of a set that is written next: a free one, or the oldest. */
  #take(set: number): number {
    const added = this.#added[set] as number;
    if (added < WAYS) this.#count += 1;
    this.#added[set] = added === 2 * WAYS - 1 ? WAYS : added + 1;
    return set * WAYS + (added % WAYS);
  }

  /** Moves all rows, oldest first, into another number of sets or words. */
  #rebuild(sets: number, peerWords: number): void {
    const [rows, added, oldSets, oldStride] = [this.#rows, this.#added, this.#sets, this.#stride];
    this.#peerWords = peerWords;
    this.#sets = sets;
    this.#rows = new Int32Array(sets * WAYS * this.#stride);
    this.#added = new Uint8Array(sets);
    this.#count = 0;
    for (let set = 0; set < oldSets; set++) {
      const last = added[set] as number;
      for (let age = Math.min(last, WAYS); age > 0; age--) {
        const from = (set * WAYS + ((last - age) % WAYS)) * oldStride;
        const to = this.#take(this.#setOf(rows[from] as number)) * this.#stride;
        for (let word = 0; word < oldStride; word++) this.#rows[to + word] = rows[from + word] as number;
      }
    }
  }
}

import type { Random } from '../../base/random.ts';
import { wordAt } from '../../base/words.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PooledTransactions } from '../../node/events.ts';
import { RECENT_AGE_MS_MAX, RECENT_BYTES_MAX, RECENT_TRANSACTIONS_MAX } from './limits.ts';

const CAPACITY_MIN = 8;
/** Steps of cleaning for each transaction that is added: more than one, so that cleaning keeps up. */
const SWEEP_STEPS = 4;
/** What {@link RecentTransactions.find} gives for a short id that names none, or two. */
export const NOT_FOUND = -1;

/** What is kept of one transaction. */
interface Recent {
  readonly txid: Hash;
  readonly bytes: Uint8Array;
  /** When it came. */
  readonly receivedMs: number;
  /** When it was last seen in the pool. */
  pooledMs: number;
}

/**
 * The transactions from which new blocks are put together: those of the pool, and those that left it a moment ago, for
 * a rival block may bring them. Found by the first 8 bytes of the leaf, without reading the pool for each block.
 *
 * They stand in a ring, oldest first. What grows too old is dropped unless it is still in the pool: then it starts
 * again as the youngest.
 */
export class RecentTransactions {
  readonly #secret: number;
  readonly #isPooled: (txid: Hash) => boolean;
  #ring: (Recent | undefined)[] = new Array(CAPACITY_MIN).fill(undefined);
  /** The leaf of each place of the ring. */
  #leaves = new Uint8Array(32 * CAPACITY_MIN);
  /** The first two words of the leaves. */
  #words = new Int32Array(2 * CAPACITY_MIN);
  /** Open addressing by short id: a place of the ring + 1, 0 for none. Twice as long as the ring. */
  #table = new Int32Array(2 * CAPACITY_MIN);
  /** Another transaction has the same short id, so the id names neither. */
  #isAmbiguous = new Uint8Array(CAPACITY_MIN);
  #start = 0;
  #count = 0;
  #bytes = 0;

  /** @param isPooled - true while a transaction is in the pool */
  constructor(random: Random, isPooled: (txid: Hash) => boolean) {
    this.#secret = random.u32() | 0;
    this.#isPooled = isPooled;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of the transactions. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Remembers transactions. */
  add({ transactions, leaves }: PooledTransactions, nowMs: number): void {
    transactions.forEach(({ txid, bytes }, i) => {
      this.#add({ txid, bytes, receivedMs: nowMs, pooledMs: nowMs }, leaves, 32 * i);
      this.#sweep(nowMs, SWEEP_STEPS);
    });
  }

  /** Drops what has grown too old. */
  sweep(nowMs: number): void {
    this.#sweep(nowMs, this.#count);
  }

  /** The place of the transaction that a short id names, or {@link NOT_FOUND}. It holds until something is added. */
  find(shortIds: Uint8Array, offset: number): number {
    const at = this.#search(wordAt(shortIds, offset), wordAt(shortIds, offset + 4));
    const place = (this.#table[at] as number) - 1;
    return place < 0 || this.#isAmbiguous[place] === 1 ? NOT_FOUND : place;
  }

  bytesAt(place: number): Uint8Array {
    return (this.#ring[place] as Recent).bytes;
  }

  txidAt(place: number): Hash {
    return (this.#ring[place] as Recent).txid;
  }

  receivedMsAt(place: number): number {
    return (this.#ring[place] as Recent).receivedMs;
  }

  /** Copies the leaf at a place. */
  copyLeaf(place: number, target: Uint8Array, offset: number): void {
    for (let i = 0; i < 32; i++) target[offset + i] = this.#leaves[32 * place + i] as number;
  }

  /** @param at - where the leaf begins in `leaves` */
  #add(recent: Recent, leaves: Uint8Array, at: number): void {
    const known = (this.#table[this.#search(wordAt(leaves, at), wordAt(leaves, at + 4))] as number) - 1;
    if (known >= 0) {
      if (!this.#hasLeaf(known, leaves, at)) this.#isAmbiguous[known] = 1;
      else (this.#ring[known] as Recent).pooledMs = recent.pooledMs;
      return;
    }
    while (this.#count >= RECENT_TRANSACTIONS_MAX || (this.#count > 0 && this.#bytes > RECENT_BYTES_MAX))
      this.#dropOldest();
    if (this.#count === this.#ring.length) this.#grow();
    this.#put(recent, leaves, at, 0);
  }

  /** Writes one behind the youngest. */
  #put(recent: Recent, leaves: Uint8Array, at: number, isAmbiguous: number): void {
    const place = (this.#start + this.#count) & (this.#ring.length - 1);
    this.#ring[place] = recent;
    for (let i = 0; i < 32; i++) this.#leaves[32 * place + i] = leaves[at + i] as number;
    const [low, high] = [wordAt(leaves, at), wordAt(leaves, at + 4)];
    this.#words[2 * place] = low;
    this.#words[2 * place + 1] = high;
    this.#isAmbiguous[place] = isAmbiguous;
    this.#table[this.#search(low, high)] = place + 1;
    this.#count += 1;
    this.#bytes += recent.bytes.length;
  }

  /** Looks at the oldest, as many as may be: those still in the pool go to the end. */
  #sweep(nowMs: number, steps: number): void {
    for (let step = 0; step < steps && this.#count > 0; step++) {
      const oldest = this.#ring[this.#start] as Recent;
      if (oldest.pooledMs + RECENT_AGE_MS_MAX > nowMs) return;
      const place = this.#start;
      const isAmbiguous = this.#isAmbiguous[place] as number;
      this.#dropOldest();
      if (!this.#isPooled(oldest.txid)) continue;
      oldest.pooledMs = nowMs;
      // Its leaf stands where it stood, until the place is taken.
      this.#put(oldest, this.#leaves, 32 * place, isAmbiguous);
    }
  }

  #dropOldest(): void {
    const place = this.#start;
    this.#delete(this.#search(this.#words[2 * place] as number, this.#words[2 * place + 1] as number));
    this.#bytes -= (this.#ring[place] as Recent).bytes.length;
    this.#ring[place] = undefined;
    this.#start = (place + 1) & (this.#ring.length - 1);
    this.#count -= 1;
  }

  /** Where the table has a short id, or the free place where it would stand. */
  #search(low: number, high: number): number {
    const mask = this.#table.length - 1;
    let at = this.#hash(low, high) & mask;
    while (true) {
      const place = (this.#table[at] as number) - 1;
      if (place < 0) return at;
      if (this.#words[2 * place] === low && this.#words[2 * place + 1] === high) return at;
      at = (at + 1) & mask;
    }
  }

  /** Empties a place of the table, and moves back what had gone past it (Knuth, volume 3, 6.4, algorithm R). */
  #delete(from: number): void {
    const mask = this.#table.length - 1;
    let free = from;
    for (let at = (free + 1) & mask; this.#table[at] !== 0; at = (at + 1) & mask) {
      const place = (this.#table[at] as number) - 1;
      const home = this.#hash(this.#words[2 * place] as number, this.#words[2 * place + 1] as number) & mask;
      if (((at - home) & mask) < ((at - free) & mask)) continue;
      this.#table[free] = place + 1;
      free = at;
    }
    this.#table[free] = 0;
  }

  /** With a secret, so that nobody can aim at one place of the table (fmix32 of MurmurHash3). */
  #hash(low: number, high: number): number {
    let mixed = Math.imul(low ^ this.#secret, 0x9e37_79b1) ^ high;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  }

  #hasLeaf(place: number, leaves: Uint8Array, at: number): boolean {
    for (let i = 0; i < 32; i++) if (this.#leaves[32 * place + i] !== leaves[at + i]) return false;
    return true;
  }

  #grow(): void {
    const [ring, leaves, ambiguous, start, count] = [
      this.#ring,
      this.#leaves,
      this.#isAmbiguous,
      this.#start,
      this.#count,
    ];
    const capacity = 2 * ring.length;
    this.#ring = new Array(capacity).fill(undefined);
    this.#leaves = new Uint8Array(32 * capacity);
    this.#words = new Int32Array(2 * capacity);
    this.#table = new Int32Array(2 * capacity);
    this.#isAmbiguous = new Uint8Array(capacity);
    [this.#start, this.#count, this.#bytes] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const place = (start + i) & (ring.length - 1);
      this.#put(ring[place] as Recent, leaves, 32 * place, ambiguous[place] as number);
    }
  }
}

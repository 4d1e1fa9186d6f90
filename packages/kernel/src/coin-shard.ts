import { assert } from '@calin/core/base/assert.ts';
import { domainKey, type Hash } from '@calin/core/crypto/hash.ts';
import {
  COIN_ENTRY_WORDS,
  COIN_KEY_WORDS,
  COIN_RECORD_WORDS,
  type CoinMapChanges,
} from '@calin/core/state/coin-map.ts';
import { type KernelExports, loadKernel } from './load-kernel.ts';

/** What the kernel offers for coins; assembly/coins.ts says what each does. */
interface CoinKernel extends KernelExports {
  coinsInit(shardBits: number, coinDomain: number, leafDomain: number, nodeDomain: number): number;
  coinsFind(count: number): void;
  coinsUpdate(removedCount: number, addedCount: number): number;
  coinsReserve(more: number): number;
  coinsRefresh(bucketsMax: number): number;
  coinsRoot(): number;
  coinsCount(): number;
  coinsBuckets(): number;
  coinsHead(h: number): number;
  coinsHash(h: number): number;
  coinsScan(countMax: number): number;
}

/** A subtree as the kernel sees it: how many entries ({@link FORK}: too many for a block), and where its data is. */
export interface Head {
  readonly tag: number;
  readonly address: number;
}

/** The tag of a subtree of more entries than a block has; see assembly/coins-bucket.ts for its layout. */
export const FORK = 15;

/** Bytes of the kernel's stage. */
const STAGE_BYTES = 1 << 20;
/** Coins that fit there whatever is done with them. */
const STAGE_COINS = Math.floor(STAGE_BYTES / (4 * COIN_ENTRY_WORDS)) - 1;

/** The most coins that one call of {@link CoinShard.reserve} may ask room for; no memory has as many. */
const RESERVE_MAX = 2 ** 31 - 1;

/** The coins whose keys begin with the same bits, in one instance of the kernel with a memory of its own. */
export class CoinShard {
  readonly #kernel: CoinKernel;
  readonly #stage: number;
  #words: Int32Array;

  /**
   * @param shardBits - first bits of a key that say in which shard it is, at most 8
   * @param kernel - an instance that nobody else uses
   */
  constructor(shardBits: number, kernel: KernelExports = loadKernel()) {
    this.#kernel = kernel as CoinKernel;
    const domains = this.#kernel.allocate(96, 16) >>> 0;
    const bytes = new Uint8Array(this.#kernel.memory.buffer, domains, 96);
    bytes.set(domainKey('coin'));
    bytes.set(domainKey('state-leaf'), 32);
    bytes.set(domainKey('state-node'), 64);
    this.#stage = this.#kernel.coinsInit(shardBits, domains, domains + 32, domains + 64) >>> 0;
    this.#words = new Int32Array(this.#kernel.memory.buffer);
  }

  get size(): number {
    return this.#kernel.coinsCount();
  }

  /** Bytes of the instance's memory. */
  get memoryBytes(): number {
    return this.#kernel.memory.buffer.byteLength;
  }

  /** {@link CoinMap.find} for keys of this shard. */
  find(keys: Int32Array, count: number, records: Int32Array): void {
    for (let done = 0; done < count; done += STAGE_COINS) {
      const size = Math.min(STAGE_COINS, count - done);
      this.#put(0, keys, done * COIN_KEY_WORDS, size * COIN_KEY_WORDS);
      this.#kernel.coinsFind(size);
      const from = this.#stage / 4 + size * COIN_KEY_WORDS;
      records.set(this.#memory().subarray(from, from + size * COIN_RECORD_WORDS), done * COIN_RECORD_WORDS);
    }
  }

  /** {@link CoinMap.update} for keys of this shard; one call into the kernel when the changes fit the stage. */
  update({ removed, removedCount, added, addedCount }: CoinMapChanges): void {
    const wordsMax = STAGE_BYTES / 4;
    for (let [removedDone, addedDone] = [0, 0]; removedDone < removedCount || addedDone < addedCount; ) {
      const removals = Math.min(removedCount - removedDone, Math.floor(wordsMax / COIN_KEY_WORDS));
      const room = wordsMax - removals * COIN_KEY_WORDS;
      const additions = Math.min(addedCount - addedDone, Math.floor(room / COIN_ENTRY_WORDS));
      this.#put(0, removed, removedDone * COIN_KEY_WORDS, removals * COIN_KEY_WORDS);
      const addedWords = additions * COIN_ENTRY_WORDS;
      this.#put(removals * COIN_KEY_WORDS, added, addedDone * COIN_ENTRY_WORDS, addedWords);
      const isDone = this.#kernel.coinsUpdate(removals, additions) === 1;
      assert(isDone, 'a coin to remove is not there, or one to add is');
      removedDone += removals;
      addedDone += additions;
    }
  }

  /** Makes room for so many more coins; false, and no change, when the memory cannot grow so far. */
  reserve(more: number): boolean {
    return more <= RESERVE_MAX && this.#kernel.coinsReserve(more) === 1;
  }

  /** {@link CoinMap.refresh} for this shard. */
  refresh(partsMax: number): boolean {
    return this.#kernel.coinsRefresh(partsMax) === 1;
  }

  /** Brings all hashes up to date; the root of this shard's subtree. */
  root(): Hash {
    return this.bytes(this.#kernel.coinsRoot() >>> 0, 32);
  }

  /** {@link CoinMap.scan} over this shard; `from` may be a key of an earlier shard only if it is zeros. */
  scan(from: Int32Array, countMax: number, entries: Int32Array, firstWord: number): number {
    const next = from.slice(0, COIN_KEY_WORDS);
    let done = 0;
    while (done < countMax) {
      const size = Math.min(STAGE_COINS, countMax - done);
      this.#put(0, next, 0, COIN_KEY_WORDS);
      const count = this.#kernel.coinsScan(size);
      const start = this.#stage / 4 + COIN_KEY_WORDS;
      const found = this.#memory().subarray(start, start + count * COIN_ENTRY_WORDS);
      entries.set(found, firstWord + done * COIN_ENTRY_WORDS);
      done += count;
      if (count < size) break;
      next.set(
        found.subarray((count - 1) * COIN_ENTRY_WORDS, (count - 1) * COIN_ENTRY_WORDS + COIN_KEY_WORDS),
      );
      if (!increment(next)) break;
    }
    return done;
  }

  /** Buckets: the nodes of the heap from this number on. */
  get buckets(): number {
    return this.#kernel.coinsBuckets();
  }

  /** What node h of the heap holds; above the buckets only the tag says something: 0, 1, or more entries. */
  headOf(h: number): Head {
    return decodeHead(this.#kernel.coinsHead(h));
  }

  /** The hash of node h of the heap; true since the last {@link root}. */
  hashOf(h: number): Hash {
    return this.bytes(this.#kernel.coinsHash(h) >>> 0, 32);
  }

  /** The head of a side of a fork. */
  sideHead(fork: number, side: number): Head {
    return decodeHead(this.#memory()[fork / 4 + side] as number);
  }

  /** The hash of a side of a fork; true since the last {@link root}. */
  sideHash(fork: number, side: number): Hash {
    return this.bytes(fork + 16 + 32 * side, 32);
  }

  /** A copy of some bytes of the memory. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#kernel.memory.buffer, address, length).slice();
  }

  #put(at: number, words: Int32Array, from: number, length: number): void {
    this.#memory().set(words.subarray(from, from + length), this.#stage / 4 + at);
  }

  /** The memory as words. Growing it gives it another buffer. */
  #memory(): Int32Array {
    const { buffer } = this.#kernel.memory;
    if (this.#words.buffer !== buffer) this.#words = new Int32Array(buffer);
    return this.#words;
  }
}

function decodeHead(head: number): Head {
  return { tag: head >>> 28, address: (head << 4) >>> 0 };
}

/** The next key in order; false when there is none. */
function increment(key: Int32Array): boolean {
  const bytes = new Uint8Array(key.buffer, key.byteOffset, 32);
  for (let i = 31; i >= 0; i--) {
    bytes[i] = ((bytes[i] as number) + 1) & 0xff;
    if (bytes[i] !== 0) return true;
  }
  return false;
}

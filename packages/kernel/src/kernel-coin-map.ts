import { assert } from '@calin/core/base/assert.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import {
  COIN_ENTRY_WORDS,
  COIN_KEY_WORDS,
  COIN_RECORD_WORDS,
  type CoinMap,
  type CoinMapChanges,
} from '@calin/core/state/coin-map.ts';
import type { TreeProof } from '@calin/core/state/proof.ts';
import { CoinShard } from './coin-shard.ts';
import { proveCoin, type Subtree, shardLevels, shardSubtree } from './prove-coin.ts';

/** A coin map of the kernel, which also says what it costs. */
export interface KernelCoinMap extends CoinMap {
  /** Bytes of all its memories, what has been reserved included. */
  readonly memoryBytes: number;
}

/** Shards are told apart by the first byte of a key. */
const SHARDS_MAX = 256;

/** Coins beyond its even share that a shard may be asked to take. */
const UNEVEN_MAX = 65_536;

/**
 * An empty coin map in WebAssembly: one table that is both index and tree (docs/reference/kernel.md#coin-map).
 *
 * @param options.shards - memories of up to 4 GiB each, a power of two up to 256; 1 unless given, which takes about
 *   30 million coins
 * @param options.coinsMax - the most coins that {@link CoinMap.reserve} makes room for; no limit but memory unless
 *   given
 * @throws AssertionError when `shards` is something else
 */
export function createKernelCoinMap(
  options: { readonly shards?: number; readonly coinsMax?: number } = {},
): KernelCoinMap {
  return new ShardedCoinMap(options.shards ?? 1, options.coinsMax ?? Number.MAX_SAFE_INTEGER);
}

class ShardedCoinMap implements KernelCoinMap {
  readonly #shards: readonly CoinShard[];
  readonly #shardBits: number;
  readonly #coinsMax: number;

  constructor(shards: number, coinsMax: number) {
    const bits = Math.log2(shards);
    assert(Number.isInteger(bits) && shards >= 1 && shards <= SHARDS_MAX, `there cannot be ${shards} shards`);
    this.#shards = Array.from({ length: shards }, () => new CoinShard(bits));
    this.#shardBits = bits;
    this.#coinsMax = coinsMax;
  }

  get size(): number {
    return this.#shards.reduce((sum, { size }) => sum + size, 0);
  }

  get memoryBytes(): number {
    return this.#shards.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
  }

  find(keys: Int32Array, count: number, records: Int32Array): void {
    if (this.#shardBits === 0) return this.#shard(0).find(keys, count, records);
    for (const [i, indexes] of this.#part(keys, COIN_KEY_WORDS, count).entries()) {
      const found = new Int32Array(indexes.length * COIN_RECORD_WORDS);
      this.#shard(i).find(pick(keys, COIN_KEY_WORDS, indexes), indexes.length, found);
      for (const [at, index] of indexes.entries()) {
        const record = found.subarray(at * COIN_RECORD_WORDS, (at + 1) * COIN_RECORD_WORDS);
        records.set(record, index * COIN_RECORD_WORDS);
      }
    }
  }

  update(changes: CoinMapChanges): void {
    if (this.#shardBits === 0) return this.#shard(0).update(changes);
    const removals = this.#part(changes.removed, COIN_KEY_WORDS, changes.removedCount);
    const additions = this.#part(changes.added, COIN_ENTRY_WORDS, changes.addedCount);
    for (const [i, shard] of this.#shards.entries()) {
      const [removed, added] = [removals[i] as Uint32Array, additions[i] as Uint32Array];
      shard.update({
        removed: pick(changes.removed, COIN_KEY_WORDS, removed),
        removedCount: removed.length,
        added: pick(changes.added, COIN_ENTRY_WORDS, added),
        addedCount: added.length,
      });
    }
  }

  reserve(more: number): boolean {
    if (this.size + more > this.#coinsMax) return false;
    const share = Math.min(more, Math.ceil(more / this.#shards.length) + UNEVEN_MAX);
    return this.#shards.every((shard) => shard.reserve(share));
  }

  refresh(partsMax: number): boolean {
    // Keys are spread evenly over the shards.
    const share = Math.ceil(partsMax / this.#shards.length);
    return this.#shards.filter((shard) => !shard.refresh(share)).length === 0;
  }

  root(): Hash {
    const [top] = this.#levels() as [[Subtree]];
    return top[0].hash;
  }

  prove(key: Hash): TreeProof {
    return proveCoin(this.#levels(), this.#shards, key, (from) => this.#firstEntry(from));
  }

  scan(from: Int32Array, countMax: number, entries: Int32Array): number {
    let count = 0;
    let start = from;
    for (let i = this.#shardOf(from[0] as number); i < this.#shards.length && count < countMax; i++) {
      count += this.#shard(i).scan(start, countMax - count, entries, count * COIN_ENTRY_WORDS);
      start = new Int32Array(COIN_KEY_WORDS);
    }
    return count;
  }

  #levels(): Subtree[][] {
    return shardLevels(this.#shards.map(shardSubtree));
  }

  #firstEntry(from: Hash): Uint8Array {
    const entry = new Int32Array(COIN_ENTRY_WORDS);
    const count = this.scan(new Int32Array(from.slice().buffer), 1, entry);
    assert(count === 1, 'a subtree of one entry has none');
    return new Uint8Array(entry.buffer);
  }

  #shard(i: number): CoinShard {
    return this.#shards[i] as CoinShard;
  }

  /** The shard of a key, by its first word. */
  #shardOf(word: number): number {
    return (word & 0xff) >>> (8 - this.#shardBits);
  }

  /** For each shard the positions of its keys, which are `stride` words apart. */
  #part(words: Int32Array, stride: number, count: number): Uint32Array[] {
    const counts = new Uint32Array(this.#shards.length);
    for (let i = 0; i < count; i++) increase(counts, this.#shardOf(words[i * stride] as number));
    const parts = Array.from(counts, (length) => new Uint32Array(length));
    counts.fill(0);
    for (let i = 0; i < count; i++) {
      const shard = this.#shardOf(words[i * stride] as number);
      (parts[shard] as Uint32Array)[counts[shard] as number] = i;
      increase(counts, shard);
    }
    return parts;
  }
}

function increase(counts: Uint32Array, i: number): void {
  counts[i] = (counts[i] as number) + 1;
}

/** The pieces of `stride` words at some positions, end to end. */
function pick(words: Int32Array, stride: number, indexes: Uint32Array): Int32Array {
  const picked = new Int32Array(indexes.length * stride);
  for (const [at, index] of indexes.entries()) {
    picked.set(words.subarray(index * stride, (index + 1) * stride), at * stride);
  }
  return picked;
}

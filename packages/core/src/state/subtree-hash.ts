import { assert } from '../base/assert.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import { domainKey, type Hash, ZERO_HASH } from '../crypto/hash.ts';
import { COIN_BYTES } from './coin.ts';
import { COIN_ENTRY_BYTES } from './coin-state.ts';
import type { SnapshotChunk } from './snapshot-chunk.ts';
import { storageValueHash } from './storage.ts';
import { bitAt, TREE_DEPTH_MAX } from './tree.ts';

/**
 * The hash of the subtree of one map that holds exactly the entries of a chunk.
 *
 * @param chunk - keys ascending, equal in their first `depth` bits
 */
export function subtreeHash(chunk: SnapshotChunk, depth: number, hasher: BatchHasher): Hash {
  const leaves = chunk.map === 'coins' ? coinLeaves(chunk.coins, hasher) : storageLeaves(chunk.entries);
  return new SubtreeFold(leaves, hasher).root(depth);
}

/** Keys and value hashes, 64 bytes for each entry: what the hash of a leaf is made of. */
type LeafPairs = Uint8Array;

function coinLeaves(entries: Uint8Array, hasher: BatchHasher): LeafPairs {
  const count = entries.length / COIN_ENTRY_BYTES;
  const spans = new Uint32Array(2 * count);
  for (let i = 0; i < count; i++) {
    spans[2 * i] = COIN_ENTRY_BYTES * i + 32;
    spans[2 * i + 1] = COIN_BYTES;
  }
  const values = new Uint8Array(32 * count);
  hasher.load(entries);
  hasher.hashSpans(domainKey('coin'), spans, count, values);
  const pairs = new Uint8Array(64 * count);
  for (let i = 0; i < count; i++) {
    pairs.set(entries.subarray(COIN_ENTRY_BYTES * i, COIN_ENTRY_BYTES * i + 32), 64 * i);
    pairs.set(values.subarray(32 * i, 32 * i + 32), 64 * i + 32);
  }
  return pairs;
}

function storageLeaves(entries: Extract<SnapshotChunk, { map: 'storage' }>['entries']): LeafPairs {
  const pairs = new Uint8Array(64 * entries.length);
  for (const [i, { key, value }] of entries.entries()) {
    pairs.set(key, 64 * i);
    pairs.set(storageValueHash(value), 64 * i + 32);
  }
  return pairs;
}

/** A node of two or more entries: where its two halves' hashes will be, −1 for an empty one. */
interface FoldNode {
  readonly left: number;
  readonly right: number;
}

/** The nodes of one depth, and the numbers of their hashes. */
interface FoldLevel {
  readonly nodes: FoldNode[];
  readonly numbers: number[];
}

/**
 * Hashes a subtree level by level from the deepest up, many hashes at a time. Hashes have numbers: first those of the
 * leaves in the order of the keys, then one for each node.
 */
class SubtreeFold {
  readonly #pairs: LeafPairs;
  readonly #count: number;
  readonly #hasher: BatchHasher;
  /** By depth. */
  readonly #levels: FoldLevel[] = [];
  #numbers: number;

  constructor(pairs: LeafPairs, hasher: BatchHasher) {
    this.#pairs = pairs;
    this.#count = pairs.length / 64;
    this.#numbers = this.#count;
    this.#hasher = hasher;
  }

  root(depth: number): Hash {
    const root = this.#plan(0, this.#count, depth);
    if (root === -1) return ZERO_HASH;
    const hashes = new Uint8Array(32 * this.#numbers);
    hashes.set(this.#hashPairs('state-leaf', this.#pairs));
    for (const { nodes, numbers } of this.#levels.toReversed()) {
      const halves = new Uint8Array(64 * nodes.length);
      for (const [i, { left, right }] of nodes.entries()) {
        if (left !== -1) halves.set(hashes.subarray(32 * left, 32 * left + 32), 64 * i);
        if (right !== -1) halves.set(hashes.subarray(32 * right, 32 * right + 32), 64 * i + 32);
      }
      const out = this.#hashPairs('state-node', halves);
      for (const [i, number] of numbers.entries()) hashes.set(out.subarray(32 * i, 32 * i + 32), 32 * number);
    }
    return hashes.slice(32 * root, 32 * root + 32);
  }

  /** Notes the nodes over the entries from `from` to `to` − 1; the number of the hash of all, −1 for none. */
  #plan(from: number, to: number, depth: number): number {
    if (to - from <= 1) return to === from ? -1 : from;
    assert(depth < TREE_DEPTH_MAX, 'keys are different');
    const middle = this.#firstRight(from, to, depth);
    const left = this.#plan(from, middle, depth + 1);
    const right = this.#plan(middle, to, depth + 1);
    while (this.#levels.length <= depth) this.#levels.push({ nodes: [], numbers: [] });
    const level = this.#levels[depth] as FoldLevel;
    level.nodes.push({ left, right });
    level.numbers.push(this.#numbers);
    return this.#numbers++;
  }

  #firstRight(from: number, to: number, depth: number): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (bitAt(this.#pairs.subarray(64 * middle, 64 * middle + 32), depth) === 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #hashPairs(domain: 'state-leaf' | 'state-node', pairs: Uint8Array): Uint8Array {
    const count = pairs.length / 64;
    const spans = new Uint32Array(2 * count);
    for (let i = 0; i < count; i++) {
      spans[2 * i] = 64 * i;
      spans[2 * i + 1] = 64;
    }
    const out = new Uint8Array(32 * count);
    this.#hasher.load(pairs);
    this.#hasher.hashSpans(domainKey(domain), spans, count, out);
    return out;
  }
}

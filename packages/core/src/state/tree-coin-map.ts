import { assert } from '../base/assert.ts';
import { compareBytes } from '../base/bytes.ts';
import { type Hash, hash } from '../crypto/hash.ts';
import { COIN_BYTES } from './coin.ts';
import {
  COIN_ENTRY_WORDS,
  COIN_KEY_WORDS,
  COIN_RECORD_WORDS,
  type CoinMap,
  type CoinMapChanges,
} from './coin-map.ts';
import { proveKey, type TreeProof } from './proof.ts';
import {
  emptyTree,
  getLeaf,
  type Tree,
  type TreeChange,
  treeLeaves,
  treeRoot,
  treeSize,
  updateTree,
} from './tree.ts';

/**
 * The coin map over the reference tree: what the kernel's map is compared with, and what takes its place where there
 * is no WebAssembly. Slow and plain; {@link scan} reads over all coins before `from`.
 */
export class TreeCoinMap implements CoinMap {
  #tree: Tree<Uint8Array> = emptyTree(hashRecord);
  readonly #coinsMax: number;

  /** @param options.coinsMax - the most coins that {@link reserve} makes room for; no limit unless given */
  constructor(options: { readonly coinsMax?: number } = {}) {
    this.#coinsMax = options.coinsMax ?? Number.MAX_SAFE_INTEGER;
  }

  get size(): number {
    return treeSize(this.#tree);
  }

  find(keys: Int32Array, count: number, records: Int32Array): void {
    const keyBytes = bytesOf(keys);
    const out = bytesOf(records);
    for (let i = 0; i < count; i++) {
      const record = getLeaf(this.#tree, keyBytes.subarray(32 * i, 32 * i + 32))?.value;
      if (record === undefined) out.fill(0, COIN_BYTES * i, COIN_BYTES * (i + 1));
      else out.set(record, COIN_BYTES * i);
    }
  }

  update({ removed, removedCount, added, addedCount }: CoinMapChanges): void {
    const removals = bytesOf(removed.subarray(0, removedCount * COIN_KEY_WORDS));
    const removalList: TreeChange<Uint8Array>[] = [];
    for (let at = 0; at < removals.length; at += 32) {
      const key = removals.slice(at, at + 32);
      assert(getLeaf(this.#tree, key) !== undefined, 'a coin to remove is not there');
      removalList.push({ key, value: undefined });
    }
    const remaining = updateTree(this.#tree, removalList);
    const entries = bytesOf(added.subarray(0, addedCount * COIN_ENTRY_WORDS));
    const additionList: TreeChange<Uint8Array>[] = [];
    for (let at = 0; at < entries.length; at += 32 + COIN_BYTES) {
      const key = entries.slice(at, at + 32);
      assert(getLeaf(remaining, key) === undefined, 'a coin to add is there already');
      additionList.push({ key, value: entries.slice(at + 32, at + 32 + COIN_BYTES) });
    }
    this.#tree = updateTree(remaining, additionList);
  }

  reserve(more: number): boolean {
    return this.size + more <= this.#coinsMax;
  }

  /** The tree is hashed as a whole. */
  refresh(): boolean {
    return true;
  }

  root(): Hash {
    return treeRoot(this.#tree);
  }

  prove(key: Hash): TreeProof {
    return proveKey(this.#tree, key);
  }

  scan(from: Int32Array, countMax: number, entries: Int32Array): number {
    const first = bytesOf(from).subarray(0, 32);
    const out = bytesOf(entries);
    let count = 0;
    for (const { key, value } of treeLeaves(this.#tree)) {
      if (count === countMax) break;
      if (compareBytes(key, first) < 0) continue;
      out.set(key, count * 4 * COIN_ENTRY_WORDS);
      out.set(value, count * 4 * COIN_ENTRY_WORDS + 32);
      count++;
    }
    return count;
  }
}

function hashRecord(record: Uint8Array): Hash {
  assert(record.length === 4 * COIN_RECORD_WORDS, `a record has 56 bytes, not ${record.length}`);
  return hash('coin', record);
}

/** The same memory as bytes: words are little-endian, as every machine that runs this has them. */
function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

import { assert } from '../base/assert.ts';
import { wordsOf } from '../base/words.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';
import type { CoinChange } from './changes.ts';
import { COIN_BYTES, type Coin, coinHash, encodeCoin, readCoin, writeCoin } from './coin.ts';
import { diffTrees } from './diff.ts';
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

/** Bytes of a coin with its key: key 32, record. */
export const COIN_ENTRY_BYTES = 32 + COIN_BYTES;

const NO_RECORD = new Uint8Array(COIN_BYTES);

/** Coins that are read at a time when one after the other is wanted. */
const RUN = 256;

/** A coin with its key ({@link coinKey}). */
export interface KeyedCoin {
  readonly key: Hash;
  readonly coin: Coin;
}

/**
 * Coins that are not the same in two states, in words as a {@link CoinMap} has them, each key once. Some may be the
 * same in both after all.
 */
export interface CoinDifferences {
  readonly count: number;
  /** {@link COIN_KEY_WORDS} words each. */
  readonly keys: Int32Array;
  /** {@link COIN_RECORD_WORDS} words each; zeros where the coin is absent. */
  readonly before: Int32Array;
  readonly after: Int32Array;
}

/**
 * The coins of one state, as a value: whatever is done later, it answers as before. Two implementations: over the
 * reference tree ({@link TreeCoins}), whose old versions cost nothing to read, for simulators, browsers and tests; and
 * over a map that changes in place (map-coins.ts), small and fast at the head of a chain.
 */
export interface CoinState {
  readonly size: number;
  /** Changes that a map under all versions has gone through; by how much it grows is what reading one has cost. */
  readonly moved: number;
  /** The root of the coins map. */
  root(): Hash;
  /** Does some of the hashing that {@link root} would do, for about so many changed coins; false while some is left. */
  refresh(partsMax: number): boolean;
  /** The coin under a key, unless it is spent or never was. */
  get(key: Hash): Coin | undefined;
  /** The coins after some changes in canonical order, and the changes that lead back. */
  apply(changes: readonly CoinChange[]): { readonly coins: CoinState; readonly undo: readonly CoinChange[] };
  /** The proof that a key is, or is not, there. */
  prove(key: Hash): TreeProof;
  /**
   * All coins in the order of their keys, as runs of entries: key 32, record ({@link encodeCoin}). Each run has
   * `countPerRun` entries, but for the last. The generator may be continued after later changes.
   */
  entries(countPerRun: number): Generator<Uint8Array, void, undefined>;
  /** Where `later`, another version of the same coins, differs; in any order. The cost follows the difference. */
  differences(later: CoinState): CoinDifferences;
  /**
   * These coins and others, for building a state. The coins it was called on, and what came before, can no longer be
   * used.
   *
   * @param entries - keys and records end to end, starting at an aligned offset; no key is there
   * @throws AssertionError when there is no memory for them ({@link hasRoomFor})
   */
  load(entries: Uint8Array): CoinState;
  /** False when there is no memory for so many more coins. */
  hasRoomFor(more: number): boolean;
}

/** Coins in the reference tree. */
export class TreeCoins implements CoinState {
  readonly tree: Tree<Coin>;

  constructor(tree: Tree<Coin> = emptyTree<Coin>(coinHash)) {
    this.tree = tree;
  }

  get size(): number {
    return treeSize(this.tree);
  }

  /** Every version is where it is. */
  get moved(): number {
    return 0;
  }

  root(): Hash {
    return treeRoot(this.tree);
  }

  /** The tree is hashed as a whole. */
  refresh(): boolean {
    return true;
  }

  get(key: Hash): Coin | undefined {
    return getLeaf(this.tree, key)?.value;
  }

  apply(changes: readonly CoinChange[]): { coins: TreeCoins; undo: readonly CoinChange[] } {
    const undo = changes.map(({ key }): CoinChange => ({ key, coin: this.get(key) }));
    const tree = updateTree(
      this.tree,
      changes.map(({ key, coin }) => ({ key, value: coin })),
    );
    return { coins: new TreeCoins(tree), undo };
  }

  prove(key: Hash): TreeProof {
    return proveKey(this.tree, key);
  }

  *entries(countPerRun: number): Generator<Uint8Array, void, undefined> {
    let run = new Writer(countPerRun * COIN_ENTRY_BYTES);
    for (const { key, value } of treeLeaves(this.tree)) {
      writeCoin(run.bytes(key), value);
      if (run.length < countPerRun * COIN_ENTRY_BYTES) continue;
      yield run.finish();
      run = new Writer(countPerRun * COIN_ENTRY_BYTES);
    }
    if (run.length > 0) yield run.finish();
  }

  differences(later: CoinState): CoinDifferences {
    assert(later instanceof TreeCoins, 'versions of the same kind');
    const keys = new Writer(4096);
    const before = new Writer(4096);
    const after = new Writer(4096);
    let count = 0;
    for (const difference of diffTrees(this.tree, later.tree)) {
      keys.bytes(difference.key);
      before.bytes(recordOf(difference.before));
      after.bytes(recordOf(difference.after));
      count++;
    }
    const [keyWords, beforeWords] = [wordsOf(keys.finish()), wordsOf(before.finish())];
    return { count, keys: keyWords, before: beforeWords, after: wordsOf(after.finish()) };
  }

  load(entries: Uint8Array): TreeCoins {
    const coins: TreeChange<Coin>[] = [];
    const reader = new Reader(entries);
    while (reader.left > 0) coins.push({ key: reader.hash(), value: readCoin(reader) });
    return new TreeCoins(updateTree(this.tree, coins));
  }

  /** The heap of the runtime is the limit. */
  hasRoomFor(): boolean {
    return true;
  }
}

function recordOf(coin: Coin | undefined): Uint8Array {
  return coin === undefined ? NO_RECORD : encodeCoin(coin);
}

/** All coins in the order of their keys. */
export function* scanCoins(coins: CoinState): Generator<KeyedCoin, void, undefined> {
  for (const run of coins.entries(RUN)) {
    const reader = new Reader(run);
    while (reader.left > 0) yield { key: reader.hash(), coin: readCoin(reader) };
  }
}

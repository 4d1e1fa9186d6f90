import { toHex } from '../base/bytes.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Address } from '../primitives/address.ts';
import type { Coin } from '../state/coin.ts';
import { diffTrees } from '../state/diff.ts';
import { type Tree, treeLeaves } from '../state/tree.ts';

/** A coin with its key in the state. */
export interface IndexedCoin {
  readonly key: Hash;
  readonly coin: Coin;
}

/**
 * The coins of each address in the head's state, for wallets. Derived: it follows the state by the difference of
 * two trees, so that a reorganisation, a revert and a plain block are the same thing to it.
 */
export class CoinIndex {
  readonly #byAddress = new Map<string, Map<string, IndexedCoin>>();
  #tree: Tree<Coin>;

  constructor(tree: Tree<Coin>) {
    this.#tree = tree;
    for (const { key, value } of treeLeaves(tree)) this.#add({ key, coin: value });
  }

  /** Follows the state to another tree. */
  moveTo(tree: Tree<Coin>): void {
    for (const { key, before, after } of diffTrees(this.#tree, tree)) {
      if (before !== undefined) this.#remove(key, before.address);
      if (after !== undefined) this.#add({ key, coin: after });
    }
    this.#tree = tree;
  }

  /** How many coins an address has. */
  count(address: Address): number {
    return this.#byAddress.get(toHex(address))?.size ?? 0;
  }

  /** The coins of an address, oldest first. */
  *coins(address: Address): Generator<IndexedCoin, void, undefined> {
    yield* this.#byAddress.get(toHex(address))?.values() ?? [];
  }

  #add(indexed: IndexedCoin): void {
    const address = toHex(indexed.coin.address);
    let coins = this.#byAddress.get(address);
    if (coins === undefined) {
      coins = new Map();
      this.#byAddress.set(address, coins);
    }
    coins.set(toHex(indexed.key), indexed);
  }

  #remove(key: Hash, address: Address): void {
    const name = toHex(address);
    const coins = this.#byAddress.get(name);
    coins?.delete(toHex(key));
    if (coins?.size === 0) this.#byAddress.delete(name);
  }
}

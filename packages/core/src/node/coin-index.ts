import { equalBytes } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Address } from '../primitives/address.ts';
import { type CoinState, type KeyedCoin, scanCoins } from '../state/coin-state.ts';

/**
 * The coins of each address in the head's state, for wallets. Derived: it follows the state by the difference of
 * two states, so that a reorganisation, a revert and a plain block are the same thing to it.
 */
export class CoinIndex {
  /** Most addresses have one coin, and a map for each would cost more than the coin: only several stand in a map. */
  readonly #byAddress = new Map<string, KeyedCoin | Map<string, KeyedCoin>>();
  #coins: CoinState;

  constructor(coins: CoinState) {
    this.#coins = coins;
    for (const keyed of scanCoins(coins)) this.#add(keyed);
  }

  /** Follows the coins to another state. */
  moveTo(coins: CoinState): void {
    for (const { key, before, after } of this.#coins.differences(coins)) {
      if (before !== undefined) this.#remove(key, before.address);
      if (after !== undefined) this.#add({ key, coin: after });
    }
    this.#coins = coins;
  }

  /** How many coins an address has. */
  count(address: Address): number {
    const held = this.#byAddress.get(bytesKey(address));
    if (held === undefined) return 0;
    return held instanceof Map ? held.size : 1;
  }

  /** The coins of an address, oldest first. */
  *coins(address: Address): Generator<KeyedCoin, void, undefined> {
    const held = this.#byAddress.get(bytesKey(address));
    if (held instanceof Map) yield* held.values();
    else if (held !== undefined) yield held;
  }

  #add(indexed: KeyedCoin): void {
    const address = bytesKey(indexed.coin.address);
    const held = this.#byAddress.get(address);
    if (held === undefined) this.#byAddress.set(address, indexed);
    else if (held instanceof Map) held.set(bytesKey(indexed.key), indexed);
    else {
      const several = [held, indexed].map((one) => [bytesKey(one.key), one] as const);
      this.#byAddress.set(address, new Map(several));
    }
  }

  #remove(key: Hash, address: Address): void {
    const name = bytesKey(address);
    const held = this.#byAddress.get(name);
    if (held instanceof Map) {
      held.delete(bytesKey(key));
      if (held.size === 0) this.#byAddress.delete(name);
    } else if (held !== undefined && equalBytes(held.key, key)) {
      this.#byAddress.delete(name);
    }
  }
}

import { bytesKey } from '../base/bytes-key.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Address } from '../primitives/address.ts';
import { type CoinState, type KeyedCoin, scanCoins } from '../state/coin-state.ts';

/**
 * The coins of each address in the head's state, for wallets. Derived: it follows the state by the difference of
 * two states, so that a reorganisation, a revert and a plain block are the same thing to it.
 */
export class CoinIndex {
  readonly #byAddress = new Map<string, Map<string, KeyedCoin>>();
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
    return this.#byAddress.get(bytesKey(address))?.size ?? 0;
  }

  /** The coins of an address, oldest first. */
  *coins(address: Address): Generator<KeyedCoin, void, undefined> {
    yield* this.#byAddress.get(bytesKey(address))?.values() ?? [];
  }

  #add(indexed: KeyedCoin): void {
    const address = bytesKey(indexed.coin.address);
    let coins = this.#byAddress.get(address);
    if (coins === undefined) {
      coins = new Map();
      this.#byAddress.set(address, coins);
    }
    coins.set(bytesKey(indexed.key), indexed);
  }

  #remove(key: Hash, address: Address): void {
    const name = bytesKey(address);
    const coins = this.#byAddress.get(name);
    coins?.delete(bytesKey(key));
    if (coins?.size === 0) this.#byAddress.delete(name);
  }
}

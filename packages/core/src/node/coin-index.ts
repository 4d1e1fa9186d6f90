import { equalBytes } from '../base/bytes.ts';
import type { SipKey } from '../base/half-sip-hash.ts';
import { wordsOf } from '../base/words.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Address } from '../primitives/address.ts';
import { isRecord } from '../state/coin-diff.ts';
import { COIN_ENTRY_WORDS, COIN_KEY_WORDS, COIN_RECORD_WORDS } from '../state/coin-map.ts';
import type { CoinState, KeyedCoin } from '../state/coin-state.ts';
import { CoinLists } from './coin-lists.ts';

/** Words of a record before the address: asset, amount. */
const ADDRESS_AT = 4;

/** Coins that are read between two steps of {@link CoinIndex.build}: a few milliseconds. */
const BUILD_RUN = 2048;

/** Coins that {@link CoinIndex.moveInPieces} goes through in one piece. */
const MOVE_RUN = 8192;

/**
 * The coins of each address in the head's state, for wallets. Derived: it follows the state by the difference of
 * two states, so that a reorganisation, a revert and a plain block are the same thing to it. It holds keys only, less
 * than 60 bytes for each; the coins are read from the state when they are asked for.
 */
export class CoinIndex {
  readonly #lists: CoinLists;
  #coins: CoinState;

  private constructor(coins: CoinState, lists: CoinLists) {
    this.#coins = coins;
    this.#lists = lists;
  }

  /**
   * Makes the index of a state, which must not change meanwhile. Yields how many coins it has read every few
   * milliseconds, so that the caller can do other work.
   *
   * @param secret - this node's own: strangers choose keys and addresses
   */
  static *build(coins: CoinState, secret: SipKey): Generator<number, CoinIndex, undefined> {
    const lists = new CoinLists(secret);
    for (const run of coins.entries(BUILD_RUN)) {
      const words = wordsOf(run);
      for (let at = 0; at < words.length; at += COIN_ENTRY_WORDS) {
        lists.add(words, at, words, at + COIN_KEY_WORDS + ADDRESS_AT);
      }
      yield lists.size;
    }
    return new CoinIndex(coins, lists);
  }

  /** Makes the index of a state at once. */
  static of(coins: CoinState, secret: SipKey): CoinIndex {
    const building = CoinIndex.build(coins, secret);
    let step = building.next();
    while (step.done !== true) step = building.next();
    return step.value;
  }

  /** Bytes of memory that it takes. */
  get byteLength(): number {
    return this.#lists.byteLength;
  }

  /** Follows the coins to another state. */
  moveTo(coins: CoinState): void {
    const moving = this.moveInPieces(coins);
    while (moving.next().done !== true);
  }

  /**
   * Follows the coins to another state, in pieces of some milliseconds; each gives how many coins it was about. Nothing
   * may be asked before the last one; the state may move on meanwhile.
   */
  *moveInPieces(coins: CoinState): Generator<number, void, undefined> {
    const { count, keys, before, after } = this.#coins.differences(coins);
    for (let i = 0; i < count; i++) {
      if (i > 0 && i % MOVE_RUN === 0) yield MOVE_RUN;
      const [key, record] = [i * COIN_KEY_WORDS, i * COIN_RECORD_WORDS];
      if (isRecord(before, record)) this.#lists.remove(keys, key, before, record + ADDRESS_AT);
      if (isRecord(after, record)) this.#lists.add(keys, key, after, record + ADDRESS_AT);
    }
    this.#coins = coins;
    yield count % MOVE_RUN;
  }

  /** How many coins are read to answer for an address: its own, and once in a long while another's. */
  count(address: Address): number {
    return this.#lists.count(wordsOf(address));
  }

  /**
   * The coins of an address, to be read before the state moves on: those that were there when the node started by
   * their keys, then the others as they came.
   */
  coins(address: Address): Iterable<KeyedCoin> {
    const first = this.#lists.first(wordsOf(address));
    return this.#from(first, first, address);
  }

  /** The coins of an address that come after one of them; undefined when that is not one of them. */
  coinsAfter(address: Address, key: Hash): Iterable<KeyedCoin> | undefined {
    const coin = this.#coins.get(key);
    if (coin === undefined || !equalBytes(coin.address, address)) return undefined;
    const first = this.#lists.first(wordsOf(address));
    return this.#from(first, this.#lists.after(first, this.#lists.find(wordsOf(key), 0)), address);
  }

  *#from(first: number, start: number, address: Address): Generator<KeyedCoin, void, undefined> {
    for (let place = start; place !== 0; place = this.#lists.after(first, place)) {
      const key = this.#lists.key(place);
      const coin = this.#coins.get(key);
      // Another address may share the list.
      if (coin !== undefined && equalBytes(coin.address, address)) yield { key, coin };
    }
  }
}

import { COIN_ENTRY_WORDS, COIN_KEY_WORDS, type CoinMap } from '@calin/core/state/coin-map.ts';

/** Coins in one change while a map is filled. */
const FILL_COINS = 50_000;
/** Between the words of a key: 2^32 divided by the golden ratio, as far from each other as can be. */
const WORD_STEP = 0x9e37_79b9;

/** Changes of a coin map whose coins follow from their number alone: nobody has to remember ten million keys. */
export class MapLoad {
  readonly #map: CoinMap;
  #first = 0;
  #next = 0;

  constructor(map: CoinMap) {
    this.#map = map;
  }

  /** Adds coins, without hashing. */
  fill(coins: number, progress: (done: number) => void = () => {}): void {
    for (let done = 0; done < coins; done += FILL_COINS) {
      this.change(0, Math.min(FILL_COINS, coins - done));
      // A node hashes after every block; hashing all at the end would hold back memory that no node needs.
      this.#map.root();
      progress(done);
    }
  }

  /** Removes the coins that have been there longest, wherever their keys are in the map, and adds new ones. */
  change(removed: number, added: number): void {
    const removedKeys = keyWords(this.#first, removed);
    const entries = new Int32Array(added * COIN_ENTRY_WORDS);
    for (let i = 0; i < added; i++) writeEntry(entries, i * COIN_ENTRY_WORDS, this.#next + i);
    if (!this.#map.reserve(added))
      throw new Error(`there is no memory for more than ${this.#map.size} coins`);
    this.#map.update({
      removed: removedKeys,
      removedCount: removed,
      added: entries,
      addedCount: added,
    });
    this.#first += removed;
    this.#next += added;
  }

  /** The keys of coins that are there, the oldest first. */
  keys(count: number): Int32Array {
    return keyWords(this.#first, count);
  }

  /** The keys of coins that were never there. */
  foreignKeys(count: number): Int32Array {
    return keyWords(0x4000_0000, count);
  }
}

function keyWords(first: number, count: number): Int32Array {
  const keys = new Int32Array(count * COIN_KEY_WORDS);
  for (let i = 0; i < count; i++) writeKey(keys, i * COIN_KEY_WORDS, first + i);
  return keys;
}

function writeEntry(words: Int32Array, offset: number, n: number): void {
  writeKey(words, offset, n);
  // The rest of the record, asset and address, stays zero: nothing depends on it but the hash. An amount is 1 or more.
  words[offset + COIN_KEY_WORDS + 2] = n + 1;
}

function writeKey(words: Int32Array, offset: number, n: number): void {
  for (let word = 0; word < COIN_KEY_WORDS; word++) words[offset + word] = keyWord(n, word);
}

/** The finalizer of MurmurHash3 (Appleby): as even as the hash that real keys are, at a fraction of the time. */
function keyWord(n: number, word: number): number {
  let x = (n + Math.imul(word + 1, WORD_STEP)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return x ^ (x >>> 16);
}

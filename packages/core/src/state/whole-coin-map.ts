import type { Hash } from '../crypto/hash.ts';
import type { CoinMap, CoinMapChanges } from './coin-map.ts';
import type { TreeProof } from './proof.ts';

/** A coin map was left half way through a change, and has to be made again from what is stored. */
export class CoinsLost extends Error {
  override readonly name = 'CoinsLost';
}

/**
 * A coin map that answers only as long as it is whole: once a change has thrown, because its memory was used up or
 * because of a bug, everything that is asked of it throws {@link CoinsLost}. Whoever catches the first error and goes
 * on would otherwise tell others, and write to its disk, what was never the state of any block.
 */
export class WholeCoinMap implements CoinMap {
  readonly #map: CoinMap;
  #cause: unknown;
  #isWhole = true;

  constructor(map: CoinMap) {
    this.#map = map;
  }

  get size(): number {
    return this.#whole().size;
  }

  find(keys: Int32Array, count: number, records: Int32Array): void {
    this.#whole().find(keys, count, records);
  }

  update(changes: CoinMapChanges): void {
    this.#change((map) => map.update(changes));
  }

  reserve(more: number): boolean {
    return this.#change((map) => map.reserve(more));
  }

  refresh(partsMax: number): boolean {
    return this.#change((map) => map.refresh(partsMax));
  }

  root(): Hash {
    return this.#change((map) => map.root());
  }

  prove(key: Hash): TreeProof {
    return this.#whole().prove(key);
  }

  scan(from: Int32Array, countMax: number, entries: Int32Array): number {
    return this.#whole().scan(from, countMax, entries);
  }

  #whole(): CoinMap {
    if (this.#isWhole) return this.#map;
    throw new CoinsLost('the coins in memory are not whole', { cause: this.#cause });
  }

  #change<T>(change: (map: CoinMap) => T): T {
    const map = this.#whole();
    try {
      return change(map);
    } catch (cause) {
      this.#isWhole = false;
      this.#cause = cause;
      throw new CoinsLost('the coins in memory were lost half way through a change', { cause });
    }
  }
}

import { equalBytes, toHex } from '../base/bytes.ts';
import type { Failure } from '../base/result.ts';
import type { BlockIndex } from '../ports/block-index.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';
import { refuseData } from './rules.ts';

interface Expected {
  readonly key: Uint8Array;
  /** Undefined for a key that must not be there. */
  readonly value: Uint8Array | undefined;
  readonly height: number;
}

/**
 * Lets an index write its records for every block again, and compares them with what the store holds. In memory are
 * only records that differ for now (counters on their way up), and the keys that are read at all. An index reads such
 * a key before it first writes it; the first read finds nothing, as it did when the chain was young.
 */
export class IndexCheck {
  readonly #store: ReadStore;
  readonly #index: BlockIndex | undefined;
  /** What the index has written that is not what the store holds. */
  readonly #differing = new Map<string, Expected>();
  /** Keys the index has read before: what it wrote to them since is in the store, unless it is among the differing. */
  readonly #counters = new Set<string>();

  constructor(store: ReadStore, index: BlockIndex | undefined) {
    this.#store = store;
    this.#index = index;
  }

  /** Takes the next block of the best branch. */
  connect(block: Block): void {
    const { height } = block.header;
    this.#index?.connect(
      {
        get: (key) => this.#read(key),
        put: (key, value) => this.#write({ key, value, height }),
        delete: (key) => this.#write({ key, value: undefined, height }),
      },
      block,
    );
  }

  /** After the last block: the first record that is not as the index would have written it. */
  finish(): Failure | undefined {
    const [wrong] = this.#differing.values();
    if (wrong === undefined) return undefined;
    const evidence = { record: 'index', key: toHex(wrong.key), height: wrong.height };
    return refuseData('data/corrupt-record', evidence);
  }

  #read(key: Uint8Array): Uint8Array | undefined {
    const name = toHex(key);
    const differing = this.#differing.get(name);
    if (differing !== undefined) return differing.value;
    if (this.#counters.has(name)) return this.#store.get(key);
    this.#counters.add(name);
    return undefined;
  }

  #write(expected: Expected): void {
    const name = toHex(expected.key);
    const stored = this.#store.get(expected.key);
    const same =
      stored === undefined || expected.value === undefined
        ? stored === expected.value
        : equalBytes(stored, expected.value);
    if (same) this.#differing.delete(name);
    else this.#differing.set(name, expected);
  }
}

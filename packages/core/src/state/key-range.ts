import { assert } from '../base/assert.ts';
import type { Hash } from '../crypto/hash.ts';
import { bitAt, TREE_DEPTH_MAX } from './tree.ts';

/** Bits from the start in which two keys agree; 256 for equal ones. */
function commonBits(a: Hash, b: Hash): number {
  for (let i = 0; i < 32; i++) {
    const difference = (a[i] as number) ^ (b[i] as number);
    if (difference !== 0) return 8 * i + Math.clz32(difference) - 24;
  }
  return TREE_DEPTH_MAX;
}

/** Goes through all keys in steps of whole subtrees, from the first to the last. */
export class KeyRange {
  /** The first key that has not been passed. */
  readonly #start: Hash;
  /** The depth of the largest subtree that begins there. */
  #depthMin = 0;
  #isEnd = false;

  /** @param start - where to begin instead of the first of all keys */
  constructor(start: Hash = new Uint8Array(32)) {
    this.#start = start.slice();
  }

  /** The first key that has not been passed. */
  get start(): Hash {
    return this.#start.slice();
  }

  /** True when all keys have been passed. */
  get isEnd(): boolean {
    return this.#isEnd;
  }

  /** The depth of the largest subtree from here on that does not hold a key, which is not before it. */
  depthWithout(key: Hash | undefined): number {
    return key === undefined ? this.#depthMin : Math.max(this.#depthMin, commonBits(this.#start, key) + 1);
  }

  /** Whether a key is in the subtree of a depth that begins here. */
  has(key: Hash, depth: number): boolean {
    return commonBits(this.#start, key) >= depth;
  }

  /** Whether a subtree of this depth begins here. */
  isAligned(depth: number): boolean {
    return depth >= this.#depthMin && depth <= TREE_DEPTH_MAX;
  }

  /** Goes behind the subtree of a depth. */
  pass(depth: number): void {
    assert(this.isAligned(depth) && !this.#isEnd, `no subtree of depth ${depth} begins here`);
    let bit = depth - 1;
    for (; bit >= 0 && bitAt(this.#start, bit) === 1; bit--) this.#flip(bit);
    if (bit < 0) this.#isEnd = true;
    else this.#flip(bit);
    this.#depthMin = bit + 1;
  }

  #flip(bit: number): void {
    this.#start[bit >>> 3] = (this.#start[bit >>> 3] as number) ^ (0x80 >>> (bit & 7));
  }
}

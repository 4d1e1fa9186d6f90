import { bytesKey } from '../base/bytes-key.ts';
import { FewMap } from '../base/few-map.ts';
import type { Hash } from '../crypto/hash.ts';
import type { BlockNode, BlockTree } from './block-tree.ts';

interface CheckedHeader {
  readonly parent: Hash;
  /** A block of its branch that was in the tree when the header was checked, or was looked up later. */
  base: BlockNode | undefined;
}

/**
 * Ids of headers without their blocks that the consensus has found good. Its verdict follows from a header and its
 * parent, and the id stands for both: it covers the seal, and the parent's id. So the seal of a header that comes ahead
 * of its block is checked once, and not again with the block. What may change, such as the time of the node, is no part
 * of the verdict.
 */
export class CheckedHeaders {
  readonly #countMax: number;
  readonly #headers = new FewMap<string, CheckedHeader>();

  /** @param countMax - headers that are remembered; a forgotten one is checked again */
  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  get count(): number {
    return this.#headers.size;
  }

  has(id: Hash): boolean {
    return this.#headers.size > 0 && this.#headers.has(bytesKey(id));
  }

  /** Forgets a header: its block is here. */
  delete(id: Hash): void {
    if (this.#headers.size > 0) this.#headers.delete(bytesKey(id));
  }

  /** Remembers a header that is good; the oldest is forgotten for it when there are too many. */
  add(id: Hash, parent: Hash): void {
    const base = this.#headers.size === 0 ? undefined : this.#headers.get(bytesKey(parent))?.base;
    this.#headers.set(bytesKey(id), { parent, base });
    const oldest = this.#headers.size > this.#countMax ? this.#headers.first : undefined;
    if (oldest !== undefined) this.#headers.delete(oldest[0]);
  }

  /**
   * The block of the tree that a header ahead of its block builds on. Headers come in a row, so what is known of one is
   * handed on to the next, and the way back is only gone again when blocks may have come meanwhile.
   *
   * @param heightMin - a block at least this high, if there is one
   */
  baseOf(id: Hash, tree: BlockTree, heightMin: number): BlockNode | undefined {
    const header = this.#headers.get(bytesKey(id));
    if (header === undefined) return undefined;
    const { base } = header;
    if (base !== undefined && base.height >= heightMin && tree.find(base.id) === base) return base;
    let at: CheckedHeader | undefined = header;
    let found: BlockNode | undefined;
    while (at !== undefined && found === undefined) {
      found = tree.find(at.parent);
      at = this.#headers.get(bytesKey(at.parent));
    }
    header.base = found;
    return found;
  }
}

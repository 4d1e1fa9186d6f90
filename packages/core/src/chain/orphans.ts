import { equalBytes } from '../base/bytes.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Block } from '../primitives/block.ts';
import type { ChainLimits } from './limits.ts';

/** Blocks whose parent is not known yet. Anybody can send such blocks, so the oldest make room for new ones. */
export class Orphans {
  readonly #limits: Pick<ChainLimits, 'orphanBlocksMax' | 'orphanBytesMax'>;
  #blocks: Block[] = [];
  #bytes = 0;

  constructor(limits: Pick<ChainLimits, 'orphanBlocksMax' | 'orphanBytesMax'>) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#blocks.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps a block, unless it is kept already; the same header may come with several bodies. */
  add(block: Block): void {
    if (this.#blocks.some(({ bytes }) => equalBytes(bytes, block.bytes))) return;
    this.#blocks.push(block);
    this.#bytes += block.bytes.length;
    const { orphanBlocksMax, orphanBytesMax } = this.#limits;
    while (this.#blocks.length > orphanBlocksMax || this.#bytes > orphanBytesMax) {
      this.#bytes -= this.#blocks.shift()?.bytes.length ?? 0;
    }
  }

  /** Takes out the blocks that wait for this one. */
  take(parent: Hash): readonly Block[] {
    if (this.#blocks.length === 0) return [];
    const taken = this.#blocks.filter(({ header }) => equalBytes(header.parent, parent));
    if (taken.length > 0) this.#keep((block) => !taken.includes(block));
    return taken;
  }

  /** Drops blocks that can no longer join: those up to this height. */
  dropUpTo(height: number): void {
    if (this.#blocks.length === 0) return;
    this.#keep(({ header }) => header.height > height);
  }

  #keep(wanted: (block: Block) => boolean): void {
    this.#blocks = this.#blocks.filter(wanted);
    this.#bytes = this.#blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }
}

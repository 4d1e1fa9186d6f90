import { equalBytes } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import { FewMap } from '../../base/few-map.ts';
import type { Hash } from '../../crypto/hash.ts';
import { type Header, headerId } from '../../primitives/header.ts';
import type { CompactBlockMessage } from '../messages/blocks.ts';
import type { HeadStatus } from '../messages/fields.ts';
import { RECENT_BLOCKS_MAX, SERVED_BLOCK_BYTES_MAX, SERVED_BLOCKS_MAX } from './limits.ts';
import { PeerSet } from './peer-set.ts';
import type { RelayBlock } from './relay-block.ts';

/** A new block as relay knows it, from the moment its header was found good. */
export interface KnownBlock {
  readonly id: Hash;
  readonly header: Header;
  /** See BlockNode. */
  readonly weight: bigint;
  /** The same as the head of a peer that has it. */
  readonly status: HeadStatus;
  /** Who has it, or has been told of it. */
  readonly holders: PeerSet;
  /** `wanted`: it is not here yet. `importing`: it was handed to the node. `done`: there is a verdict. */
  state: 'wanted' | 'importing' | 'done';
  /** The block while it is kept to be served. */
  block: RelayBlock | undefined;
  /** What is sent of it. */
  compact: CompactBlockMessage | undefined;
}

/** The new blocks of late: who has which, and the last of them as a whole, to serve what others are missing. */
export class KnownBlocks {
  /** In order of arrival. */
  readonly #blocks = new FewMap<string, KnownBlock>();

  /** Those that are kept whole, oldest first; some may have been dropped meanwhile. */
  readonly #kept: KnownBlock[] = [];
  /** Bytes of the blocks that are kept. */
  #keptBytes = 0;

  /** The youngest: it is the one that peers speak of, one after the other. */
  #last: KnownBlock | undefined;

  get count(): number {
    return this.#blocks.size;
  }

  get(id: Hash): KnownBlock | undefined {
    const last = this.#last;
    return last !== undefined && equalBytes(last.id, id) ? last : this.#blocks.get(bytesKey(id));
  }

  /**
   * Adds a block. The oldest ones are forgotten for it where there are too many, and where nobody speaks of them any
   * more: up to the last final block nothing is relayed, and what is not kept whole cannot be served either.
   *
   * @param finalHeight - of the last final block
   */
  add(header: Header, weight: bigint, finalHeight: number): KnownBlock {
    const id = headerId(header);
    for (let first = this.#blocks.first; first !== undefined; first = this.#blocks.first) {
      const [key, oldest] = first;
      const isOver = oldest.block === undefined && oldest.header.height <= finalHeight;
      if (this.#blocks.size < RECENT_BLOCKS_MAX && !isOver) break;
      this.#blocks.delete(key);
    }
    const known: KnownBlock = {
      id,
      header,
      weight,
      status: { id, height: header.height, weight },
      holders: new PeerSet(),
      state: 'wanted',
      block: undefined,
      compact: undefined,
    };
    this.#blocks.set(bytesKey(id), known);
    this.#last = known;
    return known;
  }

  /** Keeps a block as a whole, in place of the oldest ones. */
  keep(known: KnownBlock, block: RelayBlock, compact: CompactBlockMessage): void {
    this.drop(known);
    known.block = block;
    known.compact = compact;
    this.#kept.push(known);
    this.#keptBytes += block.bytes.length;
    while (
      this.#kept.length > SERVED_BLOCKS_MAX ||
      (this.#keptBytes > SERVED_BLOCK_BYTES_MAX && this.#kept.length > 1)
    ) {
      this.drop(this.#kept.shift() as KnownBlock);
    }
  }

  /** Keeps a block as a whole no longer, only who has it. */
  drop(known: KnownBlock): void {
    this.#keptBytes -= known.block?.bytes.length ?? 0;
    known.block = undefined;
    known.compact = undefined;
  }

  /** Forgets a block: it may be brought again. */
  forget(known: KnownBlock): void {
    this.drop(known);
    this.#blocks.delete(bytesKey(known.id));
    if (this.#last === known) this.#last = undefined;
  }

  /** Forgets what a peer has; its slot may be given to another one. */
  closeSlot(slot: number): void {
    for (const { holders } of this.#blocks.values()) holders.delete(slot);
  }
}

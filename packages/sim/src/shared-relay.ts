import { bytesKey } from '@calin/core/base/bytes-key.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { RelayBlock, SharedBlocks } from '@calin/core/p2p/relay/relay-block.ts';

/** Blocks that are remembered: no node puts an older one together any more. */
const BLOCKS_MAX = 1_024;

/** Blocks as relay has put them together, once for all nodes of a run. */
export class SharedRelayBlocks implements SharedBlocks {
  readonly #blocks = new Map<string, RelayBlock>();

  get(id: Hash): RelayBlock | undefined {
    return this.#blocks.get(bytesKey(id));
  }

  set(block: RelayBlock): void {
    this.#blocks.set(bytesKey(block.id), block);
    if (this.#blocks.size <= BLOCKS_MAX) return;
    for (const oldest of this.#blocks.keys()) {
      this.#blocks.delete(oldest);
      break;
    }
  }
}

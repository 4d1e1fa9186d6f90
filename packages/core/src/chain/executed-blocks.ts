import { bytesKey } from '../base/bytes-key.ts';
import type { Hash } from '../crypto/hash.ts';
import type { BlockResult } from '../ledger/block-execution.ts';

/** Blocks whose results are kept: votes ask for one at a time, and follow it with the next step. */
const RESULTS_MAX = 4;

/** Bytes of undo records and receipts that are kept. */
const RESULT_BYTES_MAX = 8_388_608;

/**
 * What blocks beside the best branch gave that were executed because somebody asked, so that one that is preferred soon
 * after is not executed again. The latest few; what is missing is executed again.
 */
export class ExecutedBlocks {
  readonly #results = new Map<string, BlockResult>();
  #bytes = 0;

  /** Numbers that stay bounded, for tests. */
  get counts(): { readonly results: number; readonly bytes: number } {
    return { results: this.#results.size, bytes: this.#bytes };
  }

  /** What a block gave, if that is kept. */
  get(id: Hash): BlockResult | undefined {
    return this.#results.size === 0 ? undefined : this.#results.get(bytesKey(id));
  }

  /** Keeps what a block gave; the ones that were kept first go. */
  set(id: Hash, result: BlockResult): void {
    this.delete(id);
    this.#results.set(bytesKey(id), result);
    this.#bytes += bytesOf(result);
    for (const [name, oldest] of this.#results) {
      if (this.#results.size <= RESULTS_MAX && this.#bytes <= RESULT_BYTES_MAX) break;
      this.#results.delete(name);
      this.#bytes -= bytesOf(oldest);
    }
  }

  delete(id: Hash): void {
    const known = this.get(id);
    if (known === undefined) return;
    this.#results.delete(bytesKey(id));
    this.#bytes -= bytesOf(known);
  }
}

function bytesOf({ undo, receipts }: BlockResult): number {
  return undo.length + receipts.length;
}

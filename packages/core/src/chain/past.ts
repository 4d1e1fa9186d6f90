import { equalBytes, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import { refuseLedger } from '../ledger/rules.ts';
import type { StoreBatch } from '../ports/store.ts';
import { scanBlock } from '../primitives/flat-block.ts';
import { encodedReceiptRoot, RECEIPT_BYTES } from '../primitives/receipt.ts';
import type { ChainParts } from './chain-parts.ts';
import { layout } from './layout.ts';
import { readHeaderOf, readIdAt } from './read-block.ts';
import { encodePruned } from './records.ts';
import { bodyFitsHeader } from './reorg.ts';
import { refuseData } from './rules.ts';

/** A block that is still to come. */
export interface PastBlock {
  readonly id: Hash;
  readonly height: number;
}

/**
 * Fills in the blocks behind the snapshot that a chain began with, from the newest to the oldest, so that what is there
 * has no gap: a restart goes on from the record of what is pruned. A block is good when it is the one that the header
 * names, its transactions are those of the header, and so are its receipts; it was final long ago, so nothing of it is
 * executed.
 */
export class ChainPast {
  readonly #parts: ChainParts;

  constructor(parts: ChainParts) {
    this.#parts = parts;
  }

  /** Blocks that are still to come. */
  get missing(): number {
    return this.#parts.isPastMissing ? this.#parts.pruned.blocks : 0;
  }

  /** The blocks that are wanted next, newest first. */
  next(countMax: number): readonly PastBlock[] {
    const blocks: PastBlock[] = [];
    for (let height = this.missing; height > 0 && blocks.length < countMax; height--) {
      const id = readIdAt(this.#parts.store, height);
      if (id === undefined) break;
      blocks.push({ id, height });
    }
    return blocks;
  }

  /**
   * Takes the block that is wanted next; the batch is committed before the next one.
   *
   * @returns `codec/…`, `block/tx-root-mismatch`, `block/receipt-root-mismatch` for what a stranger sent, `data/…` when
   *   this node's store is damaged
   */
  add(block: Uint8Array, receipts: Uint8Array): Result<StoreBatch> {
    const { store, chainId, kernel, pruned } = this.#parts;
    const height = this.missing;
    const id = readIdAt(store, height);
    if (id === undefined || height === 0) return refuseData('data/missing-block', { height });
    const header = readHeaderOf(store, id);
    if (!header.ok) return header;
    const scanned = scanBlock(block, chainId, kernel.hasher);
    if (!scanned.ok) return scanned;
    if (!equalBytes(scanned.value.id, id) || !bodyFitsHeader(scanned.value)) {
      return refuseLedger('block/tx-root-mismatch', { got: toHex(scanned.value.id), expected: toHex(id) });
    }
    const isWhole = receipts.length % RECEIPT_BYTES === 0;
    if (!isWhole || !equalBytes(encodedReceiptRoot(receipts, kernel.hasher), header.value.receiptRoot)) {
      return refuseLedger('block/receipt-root-mismatch', { height });
    }
    const next = { ...pruned, blocks: height - 1 };
    this.#parts.pruned = next;
    this.#parts.isPastMissing = next.blocks > 0;
    const puts: StoreBatch['puts'] = [
      [layout.block(id), block],
      [layout.receipts(id), receipts],
      [layout.pruned, encodePruned(next)],
    ];
    return ok({ puts, deletes: next.blocks === 0 ? [layout.join] : [] });
  }
}

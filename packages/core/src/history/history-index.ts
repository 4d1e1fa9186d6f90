import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import type { BlockIndex, StoreWrites } from '../ports/block-index.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';
import { FlatBlock } from '../primitives/flat-block.ts';
import { appendEntries, removeEntries } from './account-entries.ts';
import { historyLayout } from './layout.ts';
import {
  encodeEntries,
  encodeIndexed,
  encodeLocation,
  type IndexedRecord,
  PART_TXIDS,
  parseIndexed,
} from './records.ts';
import { storeOrder } from './store-order.ts';
import { touchedAddresses } from './touched-addresses.ts';

/** Transactions or addresses in a piece of {@link connectInPieces}: a few milliseconds. */
const PIECE_RECORDS = 1_000;

/**
 * Keeps where each transaction is and which transactions touched each address: those that pay it, and those its owner
 * agreed to. It needs no state, because a witness shows the lock of what it spends. The coins of the genesis block are
 * in no transaction, so they have no entry. A flat block gives the same records without objects of its transfers.
 *
 * @throws AssertionError when blocks come out of order, or what was written for a block is not there to be taken back
 */
export const historyIndex: BlockIndex = {
  connect(writes: StoreWrites, block: Block): void {
    const pieces = connectInPieces(writes, block);
    while (pieces.next().done !== true);
  },

  disconnect(writes: StoreWrites, block: Block): void {
    const { height, parent } = block.header;
    const indexed = readIndexed(writes);
    assert(indexed !== undefined && equalBytes(indexed.id, block.id), 'the history ends at another block');
    const txids = txidsOf(block);
    for (let i = 0; i < txids.length / 32; i++) {
      writes.delete(historyLayout.transaction(txids.subarray(32 * i, 32 * i + 32)));
    }
    for (let part = 0; part < partsOf(txids); part++) writes.delete(historyLayout.txids(height, part));
    for (const { address, places } of touchedAddresses(block)) {
      removeEntries(writes, address, encodeEntries(height, places));
    }
    if (height === 1) writes.delete(historyLayout.indexed);
    else writes.put(historyLayout.indexed, encodeIndexed({ id: parent, height: height - 1 }));
  },
};

/**
 * What the batches of a chain do for a history that is written in others, or switched off: nothing is added, but what
 * leaves the best branch leaves the history too. So the history always ends on the best branch, and can go on from
 * there, whatever happens to the node.
 */
export const trailingHistoryIndex: BlockIndex = {
  connect(): void {},

  disconnect(writes: StoreWrites, block: Block): void {
    const indexed = readIndexed(writes);
    if (indexed !== undefined && equalBytes(indexed.id, block.id)) historyIndex.disconnect(writes, block);
  },
};

/**
 * What connecting a block to the history writes, in pieces of about `pieceRecords` records, so that the caller can do
 * other work in between; nothing else may change the history meanwhile. The last piece says that the block is in it.
 *
 * @throws AssertionError when the block is not the next one
 */
export function* connectInPieces(
  writes: StoreWrites,
  block: Block,
  pieceRecords = PIECE_RECORDS,
): Generator<void, void, undefined> {
  const { height, parent } = block.header;
  const before = readIndexed(writes);
  assert((before?.height ?? 0) === height - 1, `block ${height} does not follow the history`);
  assert(before === undefined || equalBytes(before.id, parent), 'the history ends on another branch');
  const txids = txidsOf(block);
  const txidAt = (i: number): Uint8Array => txids.subarray(32 * i, 32 * i + 32);
  let records = 0;
  for (const position of storeOrder(txids.length / 32, txidAt)) {
    if (++records % pieceRecords === 0) yield;
    writes.put(historyLayout.transaction(txidAt(position)), encodeLocation({ height, position }));
  }
  for (let part = 0; part < partsOf(txids); part++) {
    const at = 32 * PART_TXIDS * part;
    writes.put(historyLayout.txids(height, part), txids.slice(at, at + 32 * PART_TXIDS));
  }
  // What finds the addresses of a large block takes as long as a piece.
  if (records >= pieceRecords) yield;
  for (const { address, places } of touchedAddresses(block)) {
    if (++records % pieceRecords === 0) yield;
    appendEntries(writes, address, encodeEntries(height, places));
  }
  writes.put(historyLayout.indexed, encodeIndexed({ id: block.id, height }));
}

/** {@link historyIndex} of the blocks up to a height: what there is of a history that was switched off. */
export function historyIndexUpTo(height: number): BlockIndex {
  return {
    connect(writes: StoreWrites, block: Block): void {
      if (block.header.height <= height) historyIndex.connect(writes, block);
    },
    disconnect: historyIndex.disconnect,
  };
}

/** The height of the last block in the history, 0 for none; all that there may be when it cannot be read. */
export function indexedHeight(store: ReadStore): number {
  const bytes = store.get(historyLayout.indexed);
  if (bytes === undefined) return 0;
  const indexed = parseIndexed(bytes);
  return indexed.ok ? indexed.value.height : Number.MAX_SAFE_INTEGER;
}

/** The last block in the history; undefined while that is genesis. */
export function readIndexed(store: ReadStore): IndexedRecord | undefined {
  const bytes = store.get(historyLayout.indexed);
  if (bytes === undefined) return undefined;
  const indexed = parseIndexed(bytes);
  assert(indexed.ok, 'the end of the history cannot be read');
  return indexed.value;
}

/** The ids of the transactions of a block, 32 bytes each. */
function txidsOf(block: Block): Uint8Array {
  if (block instanceof FlatBlock) return block.txids;
  const txids = new Uint8Array(32 * block.transactions.length);
  for (const [i, { txid }] of block.transactions.entries()) txids.set(txid, 32 * i);
  return txids;
}

/** Records `y` of a block. */
function partsOf(txids: Uint8Array): number {
  return Math.ceil(txids.length / (32 * PART_TXIDS));
}

import { assert } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import type { BlockIndex, StoreWrites } from '../ports/block-index.ts';
import type { ReadStore } from '../ports/store.ts';
import { type Address, addressOf } from '../primitives/address.ts';
import type { Block } from '../primitives/block.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { historyLayout } from './layout.ts';
import {
  type Direction,
  encodeCount,
  encodeEntry,
  encodeIndexed,
  encodeLocation,
  type IndexedRecord,
  parseCount,
  parseEntry,
  parseIndexed,
} from './records.ts';

/**
 * Keeps, in the batches of the chain, where each transaction is and which transactions touched each address: those
 * that pay it, and those its owner agreed to. It needs no state, because a witness shows the lock of what it spends.
 * The coins of the genesis block are in no transaction, so they have no entry.
 *
 * @throws AssertionError when blocks come out of order, or what was written for a block is not there to be taken back
 */
export const historyIndex: BlockIndex = {
  connect(writes: StoreWrites, block: Block): void {
    const { height, parent } = block.header;
    const before = readIndexed(writes);
    assert((before?.height ?? 0) === height - 1, `block ${height} does not follow the history`);
    assert(before === undefined || equalBytes(before.id, parent), 'the history ends on another branch');
    for (const [position, transaction] of block.transactions.entries()) {
      const { txid } = transaction;
      const location = encodeLocation({ blockId: block.id, height, position });
      writes.put(historyLayout.transaction(txid), location);
      for (const { address, direction } of touchedAddresses(transaction)) {
        const count = readCount(writes, address);
        writes.put(historyLayout.entry(address, count), encodeEntry({ txid, height, position, direction }));
        writes.put(historyLayout.count(address), encodeCount(count + 1));
      }
    }
    writes.put(historyLayout.indexed, encodeIndexed({ id: block.id, height }));
  },

  disconnect(writes: StoreWrites, block: Block): void {
    const indexed = readIndexed(writes);
    assert(indexed !== undefined && equalBytes(indexed.id, block.id), 'the history ends at another block');
    for (const transaction of block.transactions.toReversed()) {
      writes.delete(historyLayout.transaction(transaction.txid));
      for (const { address } of touchedAddresses(transaction)) popEntry(writes, address, transaction);
    }
    const { height, parent } = block.header;
    if (height === 1) writes.delete(historyLayout.indexed);
    else writes.put(historyLayout.indexed, encodeIndexed({ id: parent, height: height - 1 }));
  },
};

/**
 * Stands in for {@link historyIndex} while it is switched off: nothing is added, but what leaves the best branch leaves
 * the history too. So the history always ends on the best branch, and can go on from there.
 */
export const pausedHistoryIndex: BlockIndex = {
  connect(): void {},

  disconnect(writes: StoreWrites, block: Block): void {
    const indexed = readIndexed(writes);
    if (indexed !== undefined && equalBytes(indexed.id, block.id)) historyIndex.disconnect(writes, block);
  },
};

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

/** How many entries an address has. */
function readCount(store: ReadStore, address: Address): number {
  const bytes = store.get(historyLayout.count(address));
  if (bytes === undefined) return 0;
  const count = parseCount(bytes);
  assert(count.ok, `the number of entries of ${toHex(address)} cannot be read`);
  return count.value;
}

function popEntry(writes: StoreWrites, address: Address, { txid }: Transaction): void {
  const count = readCount(writes, address);
  const bytes = writes.get(historyLayout.entry(address, count - 1));
  const entry = bytes === undefined ? undefined : parseEntry(bytes);
  assert(
    entry?.ok === true && equalBytes(entry.value.txid, txid),
    'the last entry is of another transaction',
  );
  writes.delete(historyLayout.entry(address, count - 1));
  if (count === 1) writes.delete(historyLayout.count(address));
  else writes.put(historyLayout.count(address), encodeCount(count - 1));
}

interface Touched {
  readonly address: Address;
  readonly direction: Direction;
}

/** The addresses a transaction has to do with, each once. */
function touchedAddresses({ witnesses, outputs }: Transaction): readonly Touched[] {
  const touched = new Map<string, Touched>();
  for (const { lock } of witnesses) {
    const address = addressOf(lock);
    touched.set(bytesKey(address), { address, direction: 'out' });
  }
  for (const { address } of outputs) {
    const name = bytesKey(address);
    const agreed = (touched.get(name)?.direction ?? 'in') !== 'in';
    touched.set(name, { address, direction: agreed ? 'both' : 'in' });
  }
  return [...touched.values()];
}

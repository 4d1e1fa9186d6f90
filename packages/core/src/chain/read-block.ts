import { equalBytes, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import type { ReadStore } from '../ports/store.ts';
import { type Block, parseBlock, transactionRoot } from '../primitives/block.ts';
import { blockTransactionRoot, scanBlock } from '../primitives/flat-block.ts';
import { type Header, headerId, parseHeader } from '../primitives/header.ts';
import { parseReceipts, type Receipt, receiptRoot } from '../primitives/receipt.ts';
import { layout } from './layout.ts';
import { refuseData } from './rules.ts';

/** The id of the block of the best branch at a height; undefined above the head. */
export function readIdAt(store: ReadStore, height: number): Hash | undefined {
  const id = store.get(layout.height(height));
  return id?.length === 32 ? id : undefined;
}

/** The header of a stored block. Refuses by `data/missing-block`, or by `data/corrupt-block` when it has another id. */
export function readHeaderOf(store: ReadStore, id: Hash): Result<Header> {
  const bytes = store.get(layout.header(id));
  if (bytes === undefined) return refuseData('data/missing-block', { id: toHex(id), part: 'header' });
  const parsed = parseHeader(bytes);
  if (parsed.ok && equalBytes(headerId(parsed.value), id)) return parsed;
  return refuseData('data/corrupt-block', { id: toHex(id), part: 'header' });
}

/**
 * A stored block. Refuses by `data/missing-block`, or by `data/corrupt-block` when it does not have this id or its
 * transactions are not those of its header.
 */
export function readBlock(store: ReadStore, id: Hash, chainId: Hash): Result<Block> {
  const block = readUncheckedBlock(store, id, chainId);
  if (!block.ok || equalBytes(transactionRoot(block.value.transactions), block.value.header.txRoot))
    return block;
  return refuseData('data/corrupt-block', { id: toHex(id), part: 'transactions' });
}

/** The bytes of a stored block, unread. Refuses by `data/missing-block`. */
export function readBlockBytes(store: ReadStore, id: Hash): Result<Uint8Array> {
  const bytes = store.get(layout.block(id));
  return bytes === undefined ? refuseData('data/missing-block', { id: toHex(id), part: 'block' }) : ok(bytes);
}

/** {@link readBlock} for callers that execute the block, which compares the transactions with the header anyway. */
export function readUncheckedBlock(
  store: ReadStore,
  id: Hash,
  chainId: Hash,
  hasher?: BatchHasher,
): Result<Block> {
  const stored = readBlockBytes(store, id);
  if (!stored.ok) return stored;
  const bytes = stored.value;
  const parsed = hasher === undefined ? parseBlock(bytes, chainId) : scanBlock(bytes, chainId, hasher);
  if (parsed.ok && equalBytes(parsed.value.id, id)) return ok(parsed.value);
  return refuseData('data/corrupt-block', { id: toHex(id), part: 'block' });
}

/** {@link readBlock} without making the transactions into objects. */
export function readFlatBlock(store: ReadStore, id: Hash, chainId: Hash, hasher: BatchHasher): Result<Block> {
  const block = readUncheckedBlock(store, id, chainId, hasher);
  if (!block.ok || equalBytes(blockTransactionRoot(block.value), block.value.header.txRoot)) return block;
  return refuseData('data/corrupt-block', { id: toHex(id), part: 'transactions' });
}

/** The receipts of a block of the best branch, in the order of its transactions. Refuses like {@link readBlock}. */
export function readReceiptsOf(store: ReadStore, id: Hash): Result<readonly Receipt[]> {
  const header = readHeaderOf(store, id);
  if (!header.ok) return header;
  const bytes = store.get(layout.receipts(id));
  if (bytes === undefined) return refuseData('data/missing-block', { id: toHex(id), part: 'receipts' });
  const parsed = parseReceipts(bytes);
  if (parsed.ok && equalBytes(receiptRoot(parsed.value), header.value.receiptRoot)) return parsed;
  return refuseData('data/corrupt-block', { id: toHex(id), part: 'receipts' });
}

import { assert } from '@calin/core/base/assert.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import type { BatchHasher } from '@calin/core/crypto/batch-hash.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { BlockFacts } from '@calin/core/index/block-facts.ts';
import { decodeSupply, NATIVE_SUPPLY_KEY, type Supply } from '@calin/core/ledger/supply.ts';
import { scanBlock } from '@calin/core/primitives/flat-block.ts';
import { decodeReceipts } from '@calin/core/primitives/receipt.ts';
import { decodeChanges } from '@calin/core/state/changes.ts';
import { NAMESPACE } from '@calin/core/state/namespaces.ts';
import type { NextBlock } from './index-source.ts';

/**
 * Reads a block of the node's own store with what belongs to it.
 *
 * @throws AssertionError when it cannot be read
 */
export function readFacts(next: NextBlock, chainId: Hash, hasher: BatchHasher): BlockFacts {
  const block = scanBlock(next.block, chainId, hasher);
  assert(block.ok, 'a block of the best branch cannot be read');
  const receipts = decodeReceipts(next.receipts);
  return { block: block.value, receipts, weight: next.weight, supply: next.supply ?? supplyBefore(next) };
}

/** The supply before the next block, as the record that undoes it has it. */
function supplyBefore({ undoOfNext }: NextBlock): Supply | undefined {
  if (undoOfNext === undefined) return undefined;
  const { storage } = decodeChanges(undoOfNext);
  const found = storage.find(
    ({ namespace, key }) => namespace === NAMESPACE.supply && equalBytes(key, NATIVE_SUPPLY_KEY),
  );
  return found?.value === undefined ? undefined : decodeSupply(found.value);
}

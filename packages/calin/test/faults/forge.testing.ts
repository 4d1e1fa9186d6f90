import { assert } from '@calin/core/base/assert.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { batchTransactionRoot, createBlock } from '@calin/core/primitives/block.ts';
import type { FlatBlock } from '@calin/core/primitives/flat-block.ts';
import { headerId } from '@calin/core/primitives/header.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { authorityKey, signFast } from '../../bench/chain/keys.ts';
import type { FaultNode } from './fault-node.testing.ts';

/** What of a transfer's witness is spoiled. */
export type Spoilt = 'signature' | 'public key' | 'swapped';

/** Reads a block. */
export function scanned({ node }: FaultNode, bytes: Uint8Array): FlatBlock {
  const block = node.chain.scanBlock(bytes);
  assert(block.ok, 'a block of the test chain');
  return block.value;
}

/**
 * The block with the witnesses of some transfers spoiled under the old header: one bit of the signature or of the key,
 * or the signature of the next transfer in its place.
 */
export function forge(
  block: FlatBlock,
  positions: readonly number[],
  spoilt: Spoilt = 'signature',
  bit = 0,
): Uint8Array {
  const forged = Buffer.from(block.bytes);
  for (const position of positions) {
    const [signature, publicKey] = witnessOf(block, position);
    const start = block.offsets[position] as number;
    const at = forged.indexOf(spoilt === 'public key' ? publicKey : signature, start);
    assert(at > start && at < (block.offsets[position + 1] as number), 'the witness is in its transaction');
    if (spoilt === 'swapped') forged.set(witnessOf(block, position + 1)[0], at);
    else forged[at + (bit >>> 3)] = (forged[at + (bit >>> 3)] as number) ^ (1 << (bit & 7));
  }
  return new Uint8Array(forged);
}

/** The transactions of a block under a header of their own, sealed by the authority: nothing else is wrong. */
export function resealed(
  spec: ChainSpec,
  block: FlatBlock,
  { node }: FaultNode,
  parent = block.header.parent,
): Uint8Array {
  const { transactions } = block;
  const txRoot = batchTransactionRoot(transactions, node.chain.hasher);
  const header = { ...block.header, parent, txRoot, seal: new Uint8Array(0) };
  const key = authorityKey();
  // Authorities sign whatever comes before.
  const { message } = createConsensus(spec).production.sealRequest(
    header,
    key,
    block.header,
    new Uint8Array(0),
  );
  return createBlock({ ...header, seal: signFast(message, key) }, transactions).bytes;
}

/** The id of a block. */
export function idOf(block: FlatBlock): Uint8Array {
  return headerId(block.header);
}

function witnessOf(block: FlatBlock, position: number): [signature: Uint8Array, publicKey: Uint8Array] {
  const witness = block.transactions[position]?.witnesses[0];
  const signature = witness?.signatures[0];
  assert(witness?.lock.kind === 'key' && signature !== undefined, 'a transfer has one witness of a key');
  return [signature, witness.lock.publicKey];
}

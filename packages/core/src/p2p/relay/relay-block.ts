import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import { Writer } from '../../codec/writer.ts';
import type { BatchHasher } from '../../crypto/batch-hash.ts';
import type { Hash } from '../../crypto/hash.ts';
import { type Block, transactionLeaves } from '../../primitives/block.ts';
import { FlatBlock } from '../../primitives/flat-block.ts';
import { type Header, headerId, writeHeader } from '../../primitives/header.ts';
import type { CompactBlockMessage } from '../messages/blocks.ts';
import { SHORT_ID_BYTES } from '../messages/limits.ts';
import type { RelayHost } from './relay-host.ts';

/** A block in the form in which it is passed on. Its transactions are those its header commits to. */
export interface RelayBlock {
  readonly id: Hash;
  readonly header: Header;
  /** The whole block. */
  readonly bytes: Uint8Array;
  /** The bytes of each transaction. */
  readonly parts: readonly Uint8Array[];
  /** The leaves, 32 bytes each. */
  readonly leaves: Uint8Array;
}

/** What joining a block takes of the chain. */
export type JoiningChain = Pick<RelayHost['chain'], 'hasher' | 'sharedBlock'>;

/** The form of a block of the chain. */
export function relayBlockOf(block: Block, hasher: BatchHasher): RelayBlock {
  if (block instanceof FlatBlock) return flatForm(block);
  const { id, header, bytes, transactions } = block;
  const parts = transactions.map((transaction) => transaction.bytes);
  return { id, header, bytes, parts, leaves: transactionLeaves(transactions, hasher) };
}

const flatForms = new WeakMap<FlatBlock, RelayBlock>();

/** The form of a flat block, made once: in a simulation thousands of nodes hold the same. */
function flatForm(block: FlatBlock): RelayBlock {
  let form = flatForms.get(block);
  if (form === undefined) {
    const { id, header, bytes, offsets, leaves, count } = block;
    const parts = Array.from({ length: count }, (_, i) => bytes.subarray(offsets[i], offsets[i + 1]));
    form = { id, header, bytes, parts, leaves };
    flatForms.set(block, form);
  }
  return form;
}

/**
 * Joins a header with the transactions it commits to; undefined when they are others.
 *
 * @param leaves - of the transactions, 32 bytes each
 */
export function joinBlock(
  header: Header,
  { parts, leaves }: Pick<RelayBlock, 'parts' | 'leaves'>,
  chain: JoiningChain,
): RelayBlock | undefined {
  const id = headerId(header);
  // Who has come to the very leaves of a block that another node of this process has read holds that block.
  const same = chain.sharedBlock(id);
  if (same !== undefined && equalBytes(same.leaves, leaves)) return flatForm(same);
  if (!equalBytes(chain.hasher.merkleRoot(leaves, parts.length), header.txRoot)) return undefined;
  const writer = new Writer(1024 + parts.reduce((sum, { length }) => sum + length, header.seal.length));
  writeHeader(writer, header);
  writer.u32(parts.length);
  for (const part of parts) writer.bytes(part);
  return { id, header, bytes: writer.finish(), parts, leaves };
}

/**
 * The compact form of a block.
 *
 * @param prefilled - places of the transactions that go with it as they are, ascending
 */
export function compactBlockOf(
  { header, parts, leaves }: RelayBlock,
  prefilled: readonly number[],
): CompactBlockMessage {
  const shortIds = new Uint8Array(SHORT_ID_BYTES * (parts.length - prefilled.length));
  let [next, offset] = [0, 0];
  for (let i = 0; i < parts.length; i++) {
    if (prefilled[next] === i) {
      next += 1;
      continue;
    }
    for (let byte = 0; byte < SHORT_ID_BYTES; byte++) shortIds[offset++] = leaves[32 * i + byte] as number;
  }
  assert(next === prefilled.length, 'places of the block, ascending');
  return {
    kind: 'compact-block',
    header,
    prefilled: prefilled.map((index) => ({ index, bytes: parts[index] as Uint8Array })),
    shortIds,
  };
}

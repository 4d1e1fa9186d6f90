import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import { Writer } from '../../codec/writer.ts';
import type { BatchHasher } from '../../crypto/batch-hash.ts';
import type { Hash } from '../../crypto/hash.ts';
import { type Block, transactionLeaves } from '../../primitives/block.ts';
import { FlatBlock } from '../../primitives/flat-block.ts';
import { HEADER_BYTES_MIN, type Header, headerId, writeHeader } from '../../primitives/header.ts';
import type { JoinedTransactions } from '../../primitives/scan-transactions.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import type { CompactBlockMessage } from '../messages/blocks.ts';
import { SHORT_ID_BYTES } from '../messages/limits.ts';
import type { RelayHost } from './relay-host.ts';

/** A block in the form in which it is passed on. Its transactions are those its header commits to. */
export interface RelayBlock {
  readonly id: Hash;
  readonly header: Header;
  /** The whole block. */
  readonly bytes: Uint8Array;
  /** How many transactions it has. */
  readonly count: number;
  /** The leaves, 32 bytes each. */
  readonly leaves: Uint8Array;
  /** The block as the chain takes it quickest; undefined where it was not read, or its transactions are malformed. */
  readonly flat: FlatBlock | undefined;
  /** The bytes of the transaction at a place below {@link count}. */
  part(place: number): Uint8Array;
}

/** What joining a block takes of the chain. */
export type JoiningChain = Pick<RelayHost['chain'], 'hasher' | 'scanJoined' | 'sharedBlock'>;

/** The form of a block of the chain. */
export function relayBlockOf(block: Block, hasher: BatchHasher): RelayBlock {
  if (block instanceof FlatBlock) return flatForm(block);
  const { id, header, bytes, transactions } = block;
  const leaves = transactionLeaves(transactions, hasher);
  const part = (place: number) => (transactions[place] as Transaction).bytes;
  return { id, header, bytes, count: transactions.length, leaves, flat: undefined, part };
}

const flatForms = new WeakMap<FlatBlock, RelayBlock>();

/** The form of a flat block, made once: in a simulation thousands of nodes hold the same. */
function flatForm(flat: FlatBlock): RelayBlock {
  let form = flatForms.get(flat);
  if (form === undefined) {
    const { id, header, bytes, offsets, leaves, count } = flat;
    const part = (place: number) => bytes.subarray(offsets[place], offsets[place + 1]);
    form = { id, header, bytes, count, leaves, flat, part };
    flatForms.set(flat, form);
  }
  return form;
}

/** Joins a header with the transactions it commits to; undefined when they are others. */
export function joinBlock(
  header: Header,
  joined: JoinedTransactions,
  chain: JoiningChain,
): RelayBlock | undefined {
  const { parts, leaves } = joined;
  const id = headerId(header);
  // Who has come to the very leaves of a block that another node of this process has read holds that block.
  const same = chain.sharedBlock(id);
  if (same !== undefined && equalBytes(same.leaves, leaves)) return flatForm(same);
  if (!equalBytes(chain.hasher.merkleRoot(leaves, parts.length), header.txRoot)) return undefined;
  const bytes = joinBytes(header, parts);
  const flat = chain.scanJoined(bytes, joined);
  if (flat !== undefined) return flatForm(flat);
  // The producer has committed to what are no transactions: the chain will say so.
  const part = (place: number) => parts[place] as Uint8Array;
  return { id, header, bytes, count: parts.length, leaves, flat: undefined, part };
}

function joinBytes(header: Header, parts: readonly Uint8Array[]): Uint8Array {
  const head = new Writer(HEADER_BYTES_MIN + header.seal.length + 8);
  writeHeader(head, header);
  head.u32(parts.length);
  const start = head.finish();
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, start.length));
  bytes.set(start);
  let offset = start.length;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/**
 * The compact form of a block.
 *
 * @param prefilled - places of the transactions that go with it as they are, ascending
 */
export function compactBlockOf(
  { header, count, leaves, part }: RelayBlock,
  prefilled: readonly number[],
): CompactBlockMessage {
  const shortIds = new Uint8Array(SHORT_ID_BYTES * (count - prefilled.length));
  let [next, offset] = [0, 0];
  for (let i = 0; i < count; i++) {
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
    prefilled: prefilled.map((index) => ({ index, bytes: part(index) })),
    shortIds,
  };
}

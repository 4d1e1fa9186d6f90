import type { Reader } from '../../codec/reader.ts';
import type { Hash } from '../../crypto/hash.ts';
import { HEADER_BYTES_MIN, type Header, readHeader, writeHeader } from '../../primitives/header.ts';
import { BLOCK_BYTES_MAX, SEAL_BYTES_MAX, TRANSACTION_BYTES_MAX } from '../../primitives/limits.ts';
import { SPEND_BYTES_MIN } from '../../primitives/transaction.ts';
import {
  blobBytes,
  blobsBytes,
  headerBytes,
  indexesBytes,
  readBlob,
  readBlobs,
  readIndexes,
  writeBlob,
  writeBlobs,
  writeIndexes,
} from './fields.ts';
import { FRAME_BYTES_MAX, PREFILLED_BYTES_MAX, SHORT_ID_BYTES } from './limits.ts';
import type { MessageCodec } from './message-codec.ts';

/** Transactions that a block can have: all but the first spend a coin. */
export const BLOCK_TRANSACTIONS_MAX = 1 + Math.floor(BLOCK_BYTES_MAX / SPEND_BYTES_MIN);

/** Bytes of the longest header. */
const HEADER_BYTES_MAX = HEADER_BYTES_MIN + SEAL_BYTES_MAX;

/** A transaction that comes with a compact block. */
export interface PrefilledTransaction {
  /** Its place in the block. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

/**
 * A block whose transactions the receiver mostly has: its header, some transactions as they are, and for each other
 * one, in order, the first 8 bytes of its leaf.
 */
export interface CompactBlockMessage {
  readonly kind: 'compact-block';
  readonly header: Header;
  /** In the order of their places. */
  readonly prefilled: readonly PrefilledTransaction[];
  /** 8 bytes for each transaction that is not prefilled. */
  readonly shortIds: Uint8Array;
}

/** A new block, for a receiver that does not want compact ones, or not unasked. */
export interface HeaderAnnounceMessage {
  readonly kind: 'header-announce';
  readonly header: Header;
}

/** Asks for the compact form of a block that was announced by its header; answered by it, or not at all. */
export interface CompactRequestMessage {
  readonly kind: 'compact-request';
  readonly blockId: Hash;
}

/** Asks the receiver to send new compact blocks at once, or no longer. */
export interface PushModeMessage {
  readonly kind: 'push-mode';
  readonly isWanted: boolean;
}

/** Asks for transactions of a block that was announced. */
export interface BlockTxsRequestMessage {
  readonly kind: 'block-txs-request';
  readonly request: number;
  readonly blockId: Hash;
  /** Their places in the block, ascending; none asks for all transactions of the block. */
  readonly indexes: readonly number[];
}

/** Answers a {@link BlockTxsRequestMessage}: all that were asked for in their order, or none; a whole block at most. */
export interface BlockTxsMessage {
  readonly kind: 'block-txs';
  readonly request: number;
  readonly blockId: Hash;
  readonly transactions: readonly Uint8Array[];
}

/** {@link CompactBlockMessage}: header, prefilled u32 × (index u32, length u32, bytes), short ids u32 × 8. */
export const compactBlockCodec: MessageCodec<CompactBlockMessage> = {
  tag: 0x18,
  family: 'blocks',
  lane: 'urgent',
  bytesMax:
    1 +
    HEADER_BYTES_MAX +
    8 +
    PREFILLED_BYTES_MAX +
    (SHORT_ID_BYTES + SPEND_BYTES_MIN) * BLOCK_TRANSACTIONS_MAX,
  write(writer, { header, prefilled, shortIds }) {
    writeHeader(writer, header);
    writer.u32(prefilled.length);
    for (const { index, bytes } of prefilled) writeBlob(writer.u32(index), bytes);
    writer.u32(shortIds.length / SHORT_ID_BYTES).bytes(shortIds);
  },
  read: readCompactBlock,
  bytes: ({ header, prefilled, shortIds }) =>
    headerBytes(header) +
    prefilled.reduce((sum, { bytes }) => sum + 4 + blobBytes(bytes), 8) +
    shortIds.length,
};

function readCompactBlock(reader: Reader): CompactBlockMessage {
  const header = readHeader(reader);
  const prefilled: PrefilledTransaction[] = [];
  const count = reader.count(reader.u32(), BLOCK_TRANSACTIONS_MAX, 8);
  for (
    let i = 0, last = -1, bytesLeft = PREFILLED_BYTES_MAX;
    i < count && reader.failure === undefined;
    i++
  ) {
    const index = reader.u32();
    reader.canonical(index > last, 'prefilled transactions are not in the order of their places');
    const bytes = readBlob(reader, Math.min(bytesLeft, TRANSACTION_BYTES_MAX));
    bytesLeft -= bytes.length;
    prefilled.push({ index, bytes });
    last = index;
  }
  const shortCount = reader.count(reader.u32(), BLOCK_TRANSACTIONS_MAX - prefilled.length, SHORT_ID_BYTES);
  const shortIds = reader.take(SHORT_ID_BYTES * shortCount);
  const outside = (prefilled.at(-1)?.index ?? -1) >= prefilled.length + shortCount;
  if (outside) reader.fail('codec/limit', { field: 'prefilled index' });
  return { kind: 'compact-block', header, prefilled, shortIds };
}

/** {@link HeaderAnnounceMessage}: the header. */
export const headerAnnounceCodec: MessageCodec<HeaderAnnounceMessage> = {
  tag: 0x19,
  family: 'blocks',
  lane: 'urgent',
  bytesMax: 1 + HEADER_BYTES_MAX,
  write: (writer, { header }) => writeHeader(writer, header),
  read: (reader) => ({ kind: 'header-announce', header: readHeader(reader) }),
  bytes: ({ header }) => headerBytes(header),
};

/** {@link CompactRequestMessage}: block id 32. */
export const compactRequestCodec: MessageCodec<CompactRequestMessage> = {
  tag: 0x1c,
  family: 'blocks',
  lane: 'urgent',
  bytesMax: 33,
  write: (writer, { blockId }) => void writer.hash(blockId),
  read: (reader) => ({ kind: 'compact-request', blockId: reader.hash() }),
  bytes: () => 32,
};

/** {@link PushModeMessage}: u8, 1 or 0. */
export const pushModeCodec: MessageCodec<PushModeMessage> = {
  tag: 0x1d,
  family: 'blocks',
  lane: 'urgent',
  bytesMax: 2,
  write: (writer, { isWanted }) => void writer.u8(isWanted ? 1 : 0),
  read(reader) {
    const value = reader.u8();
    reader.canonical(value <= 1, 'a truth value other than 0 and 1');
    return { kind: 'push-mode', isWanted: value === 1 };
  },
  bytes: () => 1,
};

/** {@link BlockTxsRequestMessage}: request u32, block id 32, number u32, indexes u32 each. */
export const blockTxsRequestCodec: MessageCodec<BlockTxsRequestMessage> = {
  tag: 0x1a,
  family: 'blocks',
  lane: 'urgent',
  bytesMax: 1 + 4 + 32 + 4 + 4 * BLOCK_TRANSACTIONS_MAX,
  write: (writer, { request, blockId, indexes }) => writeIndexes(writer.u32(request).hash(blockId), indexes),
  read: (reader) => ({
    kind: 'block-txs-request',
    request: reader.u32(),
    blockId: reader.hash(),
    indexes: readIndexes(reader, BLOCK_TRANSACTIONS_MAX),
  }),
  bytes: ({ indexes }) => 36 + indexesBytes(indexes),
};

/** {@link BlockTxsMessage}: request u32, block id 32, number u32, each as length u32 and bytes. */
export const blockTxsCodec: MessageCodec<BlockTxsMessage> = {
  tag: 0x1b,
  family: 'blocks',
  lane: 'bulk',
  bytesMax: FRAME_BYTES_MAX,
  write: (writer, { request, blockId, transactions }) =>
    writeBlobs(writer.u32(request).hash(blockId), transactions),
  read: (reader) => ({
    kind: 'block-txs',
    request: reader.u32(),
    blockId: reader.hash(),
    transactions: readBlobs(reader, BLOCK_TRANSACTIONS_MAX, TRANSACTION_BYTES_MAX),
  }),
  bytes: ({ transactions }) => 36 + blobsBytes(transactions),
};

import type { Hash } from '../../crypto/hash.ts';
import { TRANSACTION_BYTES_MAX } from '../../primitives/limits.ts';
import { blobsBytes, hashesBytes, viewBlobs, viewHashes, writeBlobs, writeHashes } from './fields.ts';
import { BUNDLE_BYTES_MAX, TXIDS_MAX } from './limits.ts';
import type { MessageCodec } from './message-codec.ts';

/** The sender's pool holds these transactions, at most 1,000. What is read here, and below, are views of the frame. */
export interface TxAnnounceMessage {
  readonly kind: 'tx-announce';
  readonly txids: readonly Hash[];
}

/** Asks for transactions of the pool, at most 1,000. */
export interface TxRequestMessage {
  readonly kind: 'tx-request';
  readonly request: number;
  readonly txids: readonly Hash[];
}

/** Answers a {@link TxRequestMessage} by what is there, in the order of the request. */
export interface TransactionsMessage {
  readonly kind: 'transactions';
  readonly request: number;
  /** The bytes of each; in all 1 MiB and one transaction at most. */
  readonly transactions: readonly Uint8Array[];
}

/** {@link TxAnnounceMessage}: number u16, txids 32 each. */
export const txAnnounceCodec: MessageCodec<TxAnnounceMessage> = {
  tag: 0x10,
  family: 'announcements',
  lane: 'urgent',
  bytesMax: 1 + 2 + 32 * TXIDS_MAX,
  write: (writer, { txids }) => writeHashes(writer, txids),
  read: (reader) => ({ kind: 'tx-announce', txids: viewHashes(reader, TXIDS_MAX) }),
  bytes: ({ txids }) => hashesBytes(txids),
};

/** {@link TxRequestMessage}: request u32, number u16, txids 32 each. */
export const txRequestCodec: MessageCodec<TxRequestMessage> = {
  tag: 0x11,
  family: 'transactions',
  lane: 'urgent',
  bytesMax: 1 + 4 + 2 + 32 * TXIDS_MAX,
  write: (writer, { request, txids }) => writeHashes(writer.u32(request), txids),
  read: (reader) => ({ kind: 'tx-request', request: reader.u32(), txids: viewHashes(reader, TXIDS_MAX) }),
  bytes: ({ txids }) => 4 + hashesBytes(txids),
};

/** {@link TransactionsMessage}: request u32, number u32, each as length u32 and bytes. */
export const transactionsCodec: MessageCodec<TransactionsMessage> = {
  tag: 0x12,
  family: 'transactions',
  lane: 'bulk',
  bytesMax: 1 + 4 + 4 + 4 * TXIDS_MAX + BUNDLE_BYTES_MAX,
  write: (writer, { request, transactions }) => writeBlobs(writer.u32(request), transactions),
  read: (reader) => ({
    kind: 'transactions',
    request: reader.u32(),
    transactions: viewBlobs(reader, TXIDS_MAX, TRANSACTION_BYTES_MAX),
  }),
  bytes: ({ transactions }) => 4 + blobsBytes(transactions),
};

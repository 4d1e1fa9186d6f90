import { assert } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { Lane } from '../../ports/network.ts';
import { refuseP2p } from '../rules.ts';
import {
  type BlockTxsMessage,
  type BlockTxsRequestMessage,
  blockTxsCodec,
  blockTxsRequestCodec,
  type CompactBlockMessage,
  type CompactRequestMessage,
  compactBlockCodec,
  compactRequestCodec,
  type HeaderAnnounceMessage,
  headerAnnounceCodec,
  type PushModeMessage,
  pushModeCodec,
} from './blocks.ts';
import {
  type CertificateRequestMessage,
  type ConsensusMessage,
  certificateRequestCodec,
  consensusCodec,
  type VoteAnnounceMessage,
  type VoteRequestMessage,
  voteAnnounceCodec,
  voteRequestCodec,
} from './consensus.ts';
import {
  type ByeMessage,
  byeCodec,
  type HelloMessage,
  helloCodec,
  type PingMessage,
  type PongMessage,
  pingCodec,
  pongCodec,
  type StatusMessage,
  statusCodec,
} from './control.ts';
import type { MessageCodec, MessageFamily } from './message-codec.ts';
import {
  type PastBlocksRequestMessage,
  type PastHeadersMessage,
  type PastHeadersRequestMessage,
  type PastRecordMessage,
  pastBlocksRequestCodec,
  pastHeadersCodec,
  pastHeadersRequestCodec,
  pastRecordCodec,
} from './past.ts';
import { type PeersMessage, type PeersRequestMessage, peersCodec, peersRequestCodec } from './peers.ts';
import {
  type ChunkMessage,
  type ChunkRequestMessage,
  chunkCodec,
  chunkRequestCodec,
  type SnapshotOutlineMessage,
  type SnapshotRequestMessage,
  snapshotOutlineCodec,
  snapshotRequestCodec,
} from './snapshot.ts';
import {
  type BodiesMissingMessage,
  type BodiesRequestMessage,
  type BodyMessage,
  bodiesMissingCodec,
  bodiesRequestCodec,
  bodyCodec,
  type HeadersMessage,
  type HeadersRequestMessage,
  headersCodec,
  headersRequestCodec,
} from './sync.ts';
import {
  type TransactionsMessage,
  type TxAnnounceMessage,
  type TxRequestMessage,
  transactionsCodec,
  txAnnounceCodec,
  txRequestCodec,
} from './transactions.ts';

/** Everything nodes say to one another. @see docs/reference/network.md */
export type Message =
  | HelloMessage
  | StatusMessage
  | PingMessage
  | PongMessage
  | ByeMessage
  | PeersRequestMessage
  | PeersMessage
  | TxAnnounceMessage
  | TxRequestMessage
  | TransactionsMessage
  | CompactBlockMessage
  | HeaderAnnounceMessage
  | BlockTxsRequestMessage
  | BlockTxsMessage
  | CompactRequestMessage
  | PushModeMessage
  | HeadersRequestMessage
  | HeadersMessage
  | BodiesRequestMessage
  | BodyMessage
  | BodiesMissingMessage
  | SnapshotRequestMessage
  | SnapshotOutlineMessage
  | ChunkRequestMessage
  | ChunkMessage
  | PastHeadersRequestMessage
  | PastHeadersMessage
  | PastBlocksRequestMessage
  | PastRecordMessage
  | ConsensusMessage
  | CertificateRequestMessage
  | VoteAnnounceMessage
  | VoteRequestMessage;

/** The name of a message's kind. */
export type MessageKind = Message['kind'];

/** The message of a kind. */
export type MessageOf<K extends MessageKind> = Extract<Message, { readonly kind: K }>;

/** How each kind is written and read. */
const CODECS: { readonly [K in MessageKind]: MessageCodec<MessageOf<K>> } = {
  hello: helloCodec,
  status: statusCodec,
  ping: pingCodec,
  pong: pongCodec,
  bye: byeCodec,
  'peers-request': peersRequestCodec,
  peers: peersCodec,
  'tx-announce': txAnnounceCodec,
  'tx-request': txRequestCodec,
  transactions: transactionsCodec,
  'compact-block': compactBlockCodec,
  'header-announce': headerAnnounceCodec,
  'block-txs-request': blockTxsRequestCodec,
  'block-txs': blockTxsCodec,
  'compact-request': compactRequestCodec,
  'push-mode': pushModeCodec,
  'headers-request': headersRequestCodec,
  headers: headersCodec,
  'bodies-request': bodiesRequestCodec,
  body: bodyCodec,
  'bodies-missing': bodiesMissingCodec,
  'snapshot-request': snapshotRequestCodec,
  'snapshot-outline': snapshotOutlineCodec,
  'chunk-request': chunkRequestCodec,
  chunk: chunkCodec,
  'past-headers-request': pastHeadersRequestCodec,
  'past-headers': pastHeadersCodec,
  'past-blocks-request': pastBlocksRequestCodec,
  'past-record': pastRecordCodec,
  consensus: consensusCodec,
  'certificate-request': certificateRequestCodec,
  'vote-announce': voteAnnounceCodec,
  'vote-request': voteRequestCodec,
};

/** The kinds there are, in the order of their tags. */
export const MESSAGE_KINDS = Object.keys(CODECS) as readonly MessageKind[];

const BY_TAG = new Map(MESSAGE_KINDS.map((kind) => [CODECS[kind].tag, codecOf(kind)]));

const KIND_BY_TAG = new Map(MESSAGE_KINDS.map((kind) => [CODECS[kind].tag, kind]));

/**
 * The frame of a message: its tag, then its fields.
 *
 * @throws AssertionError when the message breaks a limit of the protocol, which is a bug of who made it
 */
export function encodeMessage(message: Message): Uint8Array {
  const codec = codecOf(message.kind);
  const length = 1 + codec.bytes(message);
  assert(length <= codec.bytesMax, `${length} bytes of ${message.kind}, at most ${codec.bytesMax}`);
  const writer = new Writer(length).u8(codec.tag);
  codec.write(writer, message);
  return writer.finish();
}

/**
 * Reads a stranger's frame. What it accepts is canonical: encoded again it gives the same bytes. Ids and transactions
 * of relay are views of the frame, which nobody may write any more; whoever keeps one for long copies it.
 *
 * @returns `p2p/unknown-kind`, `p2p/frame-too-large`, or what the codec refuses by `codec/…`
 */
export function parseMessage(bytes: Uint8Array): Result<Message> {
  const tag = bytes[0] ?? 0;
  const codec = BY_TAG.get(tag);
  if (codec === undefined) return refuseP2p('p2p/unknown-kind', { got: tag });
  if (bytes.length > codec.bytesMax) {
    return refuseP2p('p2p/frame-too-large', { got: bytes.length, expected: codec.bytesMax, tag });
  }
  const reader = new Reader(bytes, 1);
  return reader.finish(codec.read(reader));
}

/** Bytes of the frame of a message, without making it. */
export function messageBytes(message: Message): number {
  return 1 + codecOf(message.kind).bytes(message);
}

/** The kind that a frame says it is of, or undefined: nothing else of it has been looked at. */
export function kindOfFrame(bytes: Uint8Array): MessageKind | undefined {
  return KIND_BY_TAG.get(bytes[0] ?? 0);
}

/** How urgent messages of a kind are. */
export function laneOf(kind: MessageKind): Lane {
  return CODECS[kind].lane;
}

/** Whose budget messages of a kind are taken from. */
export function familyOf(kind: MessageKind): MessageFamily {
  return CODECS[kind].family;
}

/** The family of a frame by its tag; one without a known tag is `control`. */
export function familyOfFrame(bytes: Uint8Array): MessageFamily {
  return BY_TAG.get(bytes[0] ?? 0)?.family ?? 'control';
}

/** A codec as it is used for any message: it is only ever given messages of its kind. */
function codecOf(kind: MessageKind): MessageCodec<Message> {
  return CODECS[kind] as MessageCodec<Message>;
}

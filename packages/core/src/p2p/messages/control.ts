import type { Hash } from '../../crypto/hash.ts';
import type { PeerAddress } from '../../ports/network.ts';
import {
  addressesBytes,
  HEAD_STATUS_BYTES,
  type HeadStatus,
  readAddresses,
  readHeadStatus,
  readText,
  textBytes,
  writeAddresses,
  writeHeadStatus,
  writeText,
} from './fields.ts';
import { ADDRESS_CHARACTERS_MAX, LISTEN_ADDRESSES_MAX, NAME_CHARACTERS_MAX } from './limits.ts';
import type { MessageCodec } from './message-codec.ts';

/** The first message of both sides: who speaks, of which chain, and how far it is. */
export interface HelloMessage {
  readonly kind: 'hello';
  readonly protocol: number;
  /** The id of the genesis block. */
  readonly chainId: Hash;
  /** What the node offers: bits of `p2p/features.ts`. */
  readonly features: number;
  /** 8 bytes that a node draws once: one that gets its own has dialled itself. */
  readonly nonce: Uint8Array;
  readonly head: HeadStatus;
  readonly finalHeight: number;
  /** The sender's clock. */
  readonly timeMs: number;
  /** The sender's software, for people: printable ASCII, at most 64 characters. */
  readonly agent: string;
  /** Where the sender can be dialled. */
  readonly listen: readonly PeerAddress[];
}

/** The sender's head moved, and nothing else has told the receiver. */
export interface StatusMessage {
  readonly kind: 'status';
  readonly head: HeadStatus;
  readonly finalHeight: number;
}

/** Asks for a pong. */
export interface PingMessage {
  readonly kind: 'ping';
  /** u32 */
  readonly nonce: number;
}

/** Answers a ping by its nonce. */
export interface PongMessage {
  readonly kind: 'pong';
  readonly nonce: number;
}

/** The sender is about to close; says the rule that was broken, or nothing. */
export interface ByeMessage {
  readonly kind: 'bye';
  readonly rule: string;
}

/** Bytes of a hello's nonce. */
export const HELLO_NONCE_BYTES = 8;

const HELLO_BYTES_FIXED = 2 + 32 + 4 + HELLO_NONCE_BYTES + HEAD_STATUS_BYTES + 4 + 8;

/** {@link HelloMessage}: protocol u16, chainId 32, features u32, nonce 8, head, finalHeight u32, timeMs u64, texts. */
export const helloCodec: MessageCodec<HelloMessage> = {
  tag: 0x01,
  family: 'control',
  lane: 'urgent',
  bytesMax:
    1 + HELLO_BYTES_FIXED + 2 + NAME_CHARACTERS_MAX + 1 + LISTEN_ADDRESSES_MAX * (2 + ADDRESS_CHARACTERS_MAX),
  write(writer, message) {
    writer.u16(message.protocol).hash(message.chainId).u32(message.features).bytes(message.nonce);
    writeHeadStatus(writer, message.head);
    writer.u32(message.finalHeight).u53(message.timeMs);
    writeText(writer, message.agent);
    writeAddresses(writer, message.listen);
  },
  read: (reader) => ({
    kind: 'hello',
    protocol: reader.u16(),
    chainId: reader.hash(),
    features: reader.u32(),
    nonce: reader.take(HELLO_NONCE_BYTES),
    head: readHeadStatus(reader),
    finalHeight: reader.u32(),
    timeMs: reader.u53(),
    agent: readText(reader, NAME_CHARACTERS_MAX),
    listen: readAddresses(reader, LISTEN_ADDRESSES_MAX),
  }),
  bytes: ({ agent, listen }) => HELLO_BYTES_FIXED + textBytes(agent) + addressesBytes(listen),
};

/** {@link StatusMessage}: head, finalHeight u32. */
export const statusCodec: MessageCodec<StatusMessage> = {
  tag: 0x02,
  family: 'control',
  lane: 'urgent',
  bytesMax: 1 + HEAD_STATUS_BYTES + 4,
  write(writer, { head, finalHeight }) {
    writeHeadStatus(writer, head);
    writer.u32(finalHeight);
  },
  read: (reader) => ({ kind: 'status', head: readHeadStatus(reader), finalHeight: reader.u32() }),
  bytes: () => HEAD_STATUS_BYTES + 4,
};

/** {@link PingMessage}: nonce u32. */
export const pingCodec: MessageCodec<PingMessage> = {
  tag: 0x03,
  family: 'control',
  lane: 'urgent',
  bytesMax: 5,
  write: (writer, { nonce }) => void writer.u32(nonce),
  read: (reader) => ({ kind: 'ping', nonce: reader.u32() }),
  bytes: () => 4,
};

/** {@link PongMessage}: nonce u32. */
export const pongCodec: MessageCodec<PongMessage> = {
  tag: 0x04,
  family: 'control',
  lane: 'urgent',
  bytesMax: 5,
  write: (writer, { nonce }) => void writer.u32(nonce),
  read: (reader) => ({ kind: 'pong', nonce: reader.u32() }),
  bytes: () => 4,
};

/** {@link ByeMessage}: the rule's id as a text. */
export const byeCodec: MessageCodec<ByeMessage> = {
  tag: 0x05,
  family: 'control',
  lane: 'urgent',
  bytesMax: 1 + 2 + NAME_CHARACTERS_MAX,
  write: (writer, { rule }) => writeText(writer, rule),
  read: (reader) => ({ kind: 'bye', rule: readText(reader, NAME_CHARACTERS_MAX) }),
  bytes: ({ rule }) => textBytes(rule),
};

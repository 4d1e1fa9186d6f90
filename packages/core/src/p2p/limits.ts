import type { MessageFamily } from './messages/message-codec.ts';

/** What a peer has a budget for: each family of messages, and headers of blocks whose parents are not here. */
export type BudgetName = MessageFamily | 'strays';

/** What a peer may send of one family: a bucket that fills at a rate and is never fuller than its burst. */
export interface Budget {
  readonly messagesPerSecond: number;
  readonly messagesBurst: number;
  readonly bytesPerSecond: number;
  readonly bytesBurst: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * What each peer may send. An honest node stays far below: the rates are several times what a full network needs, so
 * that only floods meet them. Bodies and chunks come only when asked for, so their budget is what a fast link carries.
 * Announcements are 16,384 ids a second, and eight times what a node remembers of its own at once. Strays are counted
 * and not weighed; a header that follows the last one of its peer is none, so that a node which is behind counts one
 * for each branch that it is told of block by block.
 */
export const BUDGETS: Readonly<Record<BudgetName, Budget>> = {
  control: { messagesPerSecond: 10, messagesBurst: 40, bytesPerSecond: 16 * KIB, bytesBurst: 64 * KIB },
  peers: { messagesPerSecond: 1, messagesBurst: 10, bytesPerSecond: 8 * KIB, bytesBurst: 128 * KIB },
  announcements: {
    messagesPerSecond: 50,
    messagesBurst: 400,
    bytesPerSecond: 512 * KIB,
    bytesBurst: 4 * MIB,
  },
  transactions: {
    messagesPerSecond: 100,
    messagesBurst: 400,
    bytesPerSecond: 16 * MIB,
    bytesBurst: 32 * MIB,
  },
  blocks: { messagesPerSecond: 50, messagesBurst: 200, bytesPerSecond: 16 * MIB, bytesBurst: 96 * MIB },
  strays: { messagesPerSecond: 2, messagesBurst: 64, bytesPerSecond: MIB, bytesBurst: MIB },
  headers: { messagesPerSecond: 20, messagesBurst: 100, bytesPerSecond: 16 * MIB, bytesBurst: 32 * MIB },
  bodies: {
    messagesPerSecond: 2_000,
    messagesBurst: 4_000,
    bytesPerSecond: 256 * MIB,
    bytesBurst: 512 * MIB,
  },
  snapshot: {
    messagesPerSecond: 2_000,
    messagesBurst: 4_000,
    bytesPerSecond: 256 * MIB,
    bytesBurst: 512 * MIB,
  },
  consensus: { messagesPerSecond: 500, messagesBurst: 4_000, bytesPerSecond: 4 * MIB, bytesBurst: 16 * MIB },
};

/** After this time without a link every budget is full again: the slowest is that of strays. */
export const BUDGETS_KEPT_MS = 60_000;

/** Budgets of peers that have left, by peer and by machine; those who left first go first. */
export const BUDGETS_KEPT_MAX = 1_024;

/** How long a new connection may stay without a hello. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * How often each silent peer is pinged: one from which nothing else came since the last round. PING_INTERVAL of Bitcoin
 * Core (net_processing.cpp); transports look after links.
 */
export const PING_INTERVAL_MS = 120_000;

/** Every so many rounds all peers are pinged, to see again how long a round trip takes. */
export const PING_ALL_ROUNDS = 5;

/** How long a pong may take: several round trips behind a full link. */
export const PING_TIMEOUT_MS = 20_000;

/** How often a peer is told where the head is, at most. */
export const STATUS_INTERVAL_MS = 1_000;

/** How often a peer that seems to be elsewhere is told again: what was said before may have been lost. */
export const STATUS_REPEAT_MS = 30_000;

/** Connections at a time, inbound and outbound; parts of the protocol keep far fewer. */
export const CONNECTIONS_MAX = 256;

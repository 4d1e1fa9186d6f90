import { REQUEST_BYTES_MAX, SUBSCRIPTIONS_MAX } from '@calin/core/rpc/limits.ts';

/** What the server takes from strangers before it refuses. Sizes are in bytes. */
export interface ServerLimits {
  /** One HTTP body, and one WebSocket message. A batch of the largest transactions fits. */
  readonly bodyBytesMax: number;
  /** All HTTP bodies that are being received, together. */
  readonly bodiesBytesMax: number;
  /** Open sockets, of both kinds. */
  readonly connectionsMax: number;
  /** For the head of a request, from its first byte or from the opening of the socket. */
  readonly headersTimeoutMs: number;
  /** For a whole request, so that a body that drips in ends. */
  readonly requestTimeoutMs: number;
  /** How often the two timeouts are looked at. */
  readonly checkIntervalMs: number;
  /** For the next request on an open socket. */
  readonly keepAliveMs: number;
  /** A socket on which nothing moves, as when nobody reads an answer. */
  readonly idleTimeoutMs: number;
  readonly webSocketsMax: number;
  /** What all WebSockets together have received, work on and wait to send; who holds most is dropped beyond it. */
  readonly socketsBytesMax: number;
  /** What waits to be sent on one WebSocket; who reads more slowly is dropped. */
  readonly bufferedBytesMax: number;
  /** Messages of one WebSocket that are being answered; the next ones stay in the socket. */
  readonly messagesPendingMax: number;
  readonly subscriptionsMax: number;
  /** How often a WebSocket must show that it lives. */
  readonly pingIntervalMs: number;
  /** How long a closing connection may take for its goodbye. */
  readonly closeGraceMs: number;
}

const MIB = 2 ** 20;

/**
 * The limits of a node. At their worst, all together, they hold some 350 MiB of what strangers send and do not read:
 * the WebSockets, the HTTP bodies, and some KiB for each of the 2,048 sockets. A thousand subscribers fit.
 */
export const LIMITS: ServerLimits = {
  bodyBytesMax: REQUEST_BYTES_MAX,
  bodiesBytesMax: 64 * MIB,
  connectionsMax: 2048,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  checkIntervalMs: 1000,
  keepAliveMs: 10_000,
  idleTimeoutMs: 120_000,
  webSocketsMax: 1536,
  socketsBytesMax: 256 * MIB,
  bufferedBytesMax: 8 * MIB,
  messagesPendingMax: 32,
  subscriptionsMax: SUBSCRIPTIONS_MAX,
  pingIntervalMs: 30_000,
  closeGraceMs: 2000,
};

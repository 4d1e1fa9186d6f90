import type { Refusal, Result } from '../base/result.ts';
import type { ChainUpdate } from '../chain/chain-update.ts';
import type { Hash } from '../crypto/hash.ts';
import type { PooledTransactions, SubmitVerdict } from '../node/events.ts';
import type { NetworkEvent, PeerId } from '../ports/network.ts';
import type { Header } from '../primitives/header.ts';
import type { P2pHost } from './host.ts';
import type { Message } from './messages/message.ts';
import type { Connection, Peer, PeerTable } from './peer.ts';

/** News of the transport that concerns no ready peer. */
export type TransportEvent = Extract<NetworkEvent, { kind: 'dial-failed' | 'discovered' | 'listening' }>;

/** What every part of the protocol is given. */
export interface PartDependencies {
  readonly host: P2pHost;
  /** The peers that are ready. */
  readonly peers: PeerTable;
  /** Holds a refusal against a peer, connected or not; bans it when that was too much. */
  punish(peer: PeerId, refusal: Refusal): void;
  /** Tells every part that a peer has shown a header whose parent this node does not know. */
  parentMissing(peer: Peer, header: Header): void;
  /** Says bye and closes; without a refusal it was nobody's fault. */
  disconnect(peer: PeerId, refusal?: Refusal): void;
}

/**
 * One part of the protocol: relay, sync, peers. It is told what happens and acts through its host; it never calls
 * another part. Everything may be left out.
 */
export interface P2pPart {
  /**
   * Handles a message of a peer that is ready. It is given those of its kinds, which P2p chooses, and takes no notice
   * of others. A refusal is held against the peer.
   */
  handle?(peer: Peer, message: Message, nowMs: number): Result<undefined>;
  start?(nowMs: number): void;
  /** The node is stopping: save what is to be kept. */
  stop?(nowMs: number): void;
  /** Refuses a connection before anything is said: it is closed. */
  admit?(connection: Connection, nowMs: number): Result<undefined>;
  transport?(event: TransportEvent, nowMs: number): void;
  /** The peer has said hello. */
  peerReady?(peer: Peer, nowMs: number): void;
  /** A connection is gone; `peer` is undefined when it never said hello. */
  peerGone?(connection: Connection, peer: Peer | undefined, nowMs: number): void;
  /** The peer says that its head moved: {@link Peer.head} is new. */
  headClaimed?(peer: Peer, nowMs: number): void;
  /** The peer has shown a header whose parent this node does not know. */
  parentMissing?(peer: Peer, header: Header, nowMs: number): void;
  /** A time that was asked for by `wake` has come. */
  tick?(nowMs: number): void;
  /** The node's best branch changed; `isOwn` for a block that this node made. */
  headMoved?(update: ChainUpdate, isOwn: boolean, nowMs: number): void;
  /** Transactions are new in the pool; `from` is undefined when no peer sent them. */
  transactionsAdded?(added: PooledTransactions, from: PeerId | undefined, nowMs: number): void;
  /** The verdict on a block that was handed over by `importBlock`. */
  blockDone?(id: Hash, from: PeerId, result: Result<undefined>, nowMs: number): void;
  /** The verdicts on transactions that were handed over by `submit`, in their order. */
  transactionsDone?(from: PeerId, verdicts: readonly SubmitVerdict[], nowMs: number): void;
}

import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { ChainUpdate } from '../../chain/chain-update.ts';
import type { P2pHost } from '../host.ts';
import type { Message } from '../messages/message.ts';
import type { P2pPart, PartDependencies } from '../part.ts';
import type { Connection, Peer } from '../peer.ts';
import { refuseP2p } from '../rules.ts';
import { SNAPSHOT_LIMITS, type SnapshotLimits } from './limits.ts';
import { PastDownload } from './past-download.ts';
import { type JoinProgress, SnapshotJoin } from './snapshot-join.ts';
import type { SnapshotParts } from './snapshot-parts.ts';
import { SnapshotServer } from './snapshot-server.ts';

/** Choices of a node for snapshots. */
export interface SnapshotOptions {
  /** Whether a chain that has no blocks begins with a snapshot, where there is one. */
  readonly isWanted?: boolean;
  /** Other limits than {@link SNAPSHOT_LIMITS}. */
  readonly limits?: Partial<SnapshotLimits>;
}

/** What this part works with. */
export interface SnapshotDependencies extends Pick<PartDependencies, 'peers' | 'punish'> {
  readonly host: SnapshotParts['host'] & Pick<P2pHost, 'wake' | 'begin'>;
}

/** How far a node has come, for people. */
export interface SnapshotProgress extends JoinProgress {
  /** Blocks behind the snapshot that are still to come. */
  readonly pastMissing: number;
}

/**
 * Lets a chain begin at the state of a final block, fetches the blocks behind it afterwards, and gives others what they
 * need for the same. @see docs/reference/network.md
 */
export class Snapshot implements P2pPart {
  readonly #deps: SnapshotDependencies;
  readonly #isWanted: boolean;
  readonly #parts: SnapshotParts;
  readonly #join: SnapshotJoin;
  readonly #past: PastDownload;
  readonly #server: SnapshotServer;
  #requests = 0;
  /** The wake that was asked for last. */
  #wakeMs = Number.POSITIVE_INFINITY;

  constructor({ isWanted = false, limits }: SnapshotOptions, dependencies: SnapshotDependencies) {
    this.#deps = dependencies;
    this.#isWanted = isWanted;
    const { host, peers, punish } = dependencies;
    const all = { ...SNAPSHOT_LIMITS, ...limits };
    this.#parts = {
      limits: all,
      host,
      peers,
      punish,
      liars: new Set(),
      nextRequest: () => {
        this.#requests = (this.#requests + 1) % 0x1_0000_0000;
        return this.#requests;
      },
      stray: (kind, request) => {
        const wasSent = request > 0 && request <= this.#requests;
        return wasSent ? OK : refuseP2p('p2p/snapshot-unasked', { kind, request });
      },
    };
    this.#join = new SnapshotJoin(this.#parts, { begun: (update: ChainUpdate) => host.begin(update) });
    this.#past = new PastDownload(this.#parts);
    this.#server = new SnapshotServer(all, host);
  }

  /** True while the chain waits for a snapshot: no block is to be taken meanwhile. */
  get isJoining(): boolean {
    return this.#join.isActive;
  }

  get progress(): SnapshotProgress {
    return { ...this.#join.progress, pastMissing: this.#deps.host.chain.past.missing };
  }

  start(nowMs: number): void {
    this.#join.start(this.#isWanted);
    this.#advance(nowMs);
  }

  handle(peer: Peer, message: Message, nowMs: number): Result<undefined> {
    const result = this.#handle(peer, message, nowMs);
    this.#advance(nowMs);
    return result;
  }

  tick(nowMs: number): void {
    // Most wakes are those of other parts.
    if (nowMs < this.#wakeMs) return;
    this.#wakeMs = Number.POSITIVE_INFINITY;
    this.#advance(nowMs);
  }

  peerReady(_peer: Peer, nowMs: number): void {
    this.#advance(nowMs);
  }

  headClaimed(_peer: Peer, nowMs: number): void {
    this.#advance(nowMs);
  }

  peerGone({ id }: Connection, _peer: Peer | undefined, nowMs: number): void {
    this.#server.peerGone(id);
    this.#join.peerGone(id);
    this.#past.peerGone(id);
    this.#parts.liars.delete(id);
    this.#advance(nowMs);
  }

  #handle(peer: Peer, message: Message, nowMs: number): Result<undefined> {
    switch (message.kind) {
      case 'snapshot-request':
      case 'chunk-request':
      case 'past-headers-request':
      case 'past-blocks-request':
        return this.#server.ask(peer.id, message);
      case 'past-headers':
      case 'snapshot-outline':
      case 'chunk':
        return this.#join.handle(peer, message, nowMs);
      case 'past-record':
        return this.#past.record(peer, message, nowMs);
      default:
        return OK;
    }
  }

  /** Does what there is to do, and asks to be woken when there will be more. */
  #advance(nowMs: number): void {
    const wasJoining = this.isJoining;
    const joinMs = this.#join.advance(nowMs);
    const pastMs = this.isJoining ? Number.POSITIVE_INFINITY : this.#past.advance(nowMs);
    const serverMs = this.#server.advance(nowMs);
    // Whoever waited for the end of the join is woken by it.
    const endMs = wasJoining && !this.isJoining ? nowMs : Number.POSITIVE_INFINITY;
    const atMs = Math.min(joinMs, pastMs, serverMs, endMs);
    if (atMs >= this.#wakeMs) return;
    this.#wakeMs = atMs;
    this.#deps.host.wake(atMs);
  }
}

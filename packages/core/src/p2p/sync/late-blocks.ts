import type { PeerId } from '../../ports/network.ts';
import { refuseP2p } from '../rules.ts';
import { chooseSource, hasSource } from './choose-source.ts';
import type { Download, Downloads } from './downloads.ts';
import type { PendingHeader } from './header-tree.ts';
import { dropBranch, type SyncParts } from './sync-parts.ts';
import type { SyncPeer } from './sync-peer.ts';

/** How long a peer is asked for no blocks after it did not answer in time, doubled each time in a row. */
const LAPSE_PAUSE_MS = 5_000;

/** The longest time a peer is asked for no blocks. */
export const PAUSE_MS_MAX = 60_000;

/** Peers that are asked for the same late block at a time. */
const ASKED_MAX = 3;

/**
 * Sees to blocks that do not come: asks another peer for the one that everything waits for, gives up on peers that send
 * nothing, and on a branch whose next block nobody has.
 */
export class LateBlocks {
  readonly #parts: SyncParts;
  readonly #downloads: Downloads;
  readonly #send: (peer: SyncPeer, entry: PendingHeader, nowMs: number) => void;
  /** The block that everything waits for, and since when, or since another peer was asked for it. */
  #stalled: { readonly key: string; sinceMs: number } | undefined;
  /** Since when there is nobody to ask for the next block. */
  #starvedSinceMs: number | undefined;

  /** @param send - asks a peer for a block, also when it was asked of another one */
  constructor(
    parts: SyncParts,
    downloads: Downloads,
    send: (peer: SyncPeer, entry: PendingHeader, nowMs: number) => void,
  ) {
    this.#parts = parts;
    this.#downloads = downloads;
    this.#send = send;
  }

  /** @param blockBytes - that a block is expected to have */
  check(nowMs: number, blockBytes: number): void {
    this.#checkLapsed(nowMs, blockBytes);
    this.#checkStalled(nowMs, blockBytes);
    this.#checkStarved(nowMs);
  }

  /** When there is something to check again, if nothing happens before. */
  againMs(nowMs: number, blockBytes: number): number {
    // What was done since may have begun or ended a wait.
    this.#noteStalled(nowMs);
    this.#noteStarved(nowMs);
    const { limits, peers } = this.#parts;
    let soonest = Math.min(
      (this.#stalled?.sinceMs ?? Infinity) + limits.stallMs,
      (this.#starvedSinceMs ?? Infinity) + limits.starveMs,
    );
    const isWaiting = this.#downloads.path.length > 0;
    for (const peer of peers.values()) {
      soonest = Math.min(soonest, peer.deadlineMs(blockBytes, limits));
      if (isWaiting && peer.pausedUntilMs > nowMs) soonest = Math.min(soonest, peer.pausedUntilMs);
    }
    return soonest;
  }

  /** Gives up on what peers were asked for that sent nothing for too long, and on them after several times. */
  #checkLapsed(nowMs: number, blockBytes: number): void {
    const { limits, peers, punish, disconnect } = this.#parts;
    for (const peer of peers.values()) {
      if (nowMs < peer.deadlineMs(blockBytes, limits)) continue;
      const { error } = refuseP2p('p2p/bodies-late', { waiting: peer.waiting });
      peer.lapse();
      peer.pausedUntilMs = nowMs + Math.min(PAUSE_MS_MAX, LAPSE_PAUSE_MS * 2 ** (peer.lapses - 1));
      this.#downloads.unaskAll(peer.id);
      punish(peer.id, error);
      if (peer.lapses >= limits.failuresMax) disconnect(peer.id, error);
    }
  }

  /** Asks another peer too when all that is here waits for one block. */
  #checkStalled(nowMs: number, blockBytes: number): void {
    const { limits, peers } = this.#parts;
    const download = this.#noteStalled(nowMs);
    if (download === undefined || this.#stalled === undefined) return;
    if (nowMs < this.#stalled.sinceMs + limits.stallMs) return;
    this.#stalled.sinceMs = nowMs;
    if (download.askedOf.length >= ASKED_MAX) return;
    const rooms = new Map([...peers.values()].map((peer) => [peer, 1]));
    const source = chooseSource(download, { peers, rooms, plans: new Map(), nowMs, blockBytes });
    if (source !== undefined) this.#replace(download, source, nowMs);
  }

  /** The block that everything waits for, if it was asked for. */
  #noteStalled(nowMs: number): Download | undefined {
    const download = this.#downloads.firstMissing;
    if (download?.phase !== 'asked' || this.#downloads.importing.blocks > 0) {
      this.#stalled = undefined;
      return undefined;
    }
    const { key } = download.entry;
    if (this.#stalled?.key !== key) this.#stalled = { key, sinceMs: nowMs };
    return download;
  }

  /** Asks another peer for a late block; for all that the late ones were to send, when it is one that has kept up. */
  #replace(download: Download, source: SyncPeer, nowMs: number): void {
    const { limits, peers } = this.#parts;
    const late: readonly PeerId[] = [...download.askedOf];
    const hasKeptUp = source.slowUntilMs <= nowMs;
    for (const id of late) peers.get(id)?.stalled(nowMs + limits.slowPeerMs);
    this.#send(source, download.entry, nowMs);
    // What they send all the same is welcome.
    if (hasKeptUp) for (const id of late) this.#downloads.unaskAll(id);
  }

  /** Gives up on a branch whose next block nobody has. */
  #checkStarved(nowMs: number): void {
    const download = this.#noteStarved(nowMs);
    if (download === undefined || this.#starvedSinceMs === undefined) return;
    if (nowMs < this.#starvedSinceMs + this.#parts.limits.starveMs) return;
    this.#starvedSinceMs = undefined;
    const { height, key } = download.entry;
    this.#parts.host.log('warn', 'nobody gives the next block of a better branch', { height });
    dropBranch(this.#parts, key, nowMs);
  }

  /** The next block, if nobody can be asked for it. */
  #noteStarved(nowMs: number): Download | undefined {
    const { peers } = this.#parts;
    const download = this.#downloads.firstMissing;
    const isStarved = download?.phase === 'wanted' && peers.size > 0 && !hasSource(download, peers, nowMs);
    if (!isStarved) {
      this.#starvedSinceMs = undefined;
      return undefined;
    }
    this.#starvedSinceMs ??= nowMs;
    return download;
  }
}

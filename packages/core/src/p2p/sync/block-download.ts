import { bytesKey } from '../../base/bytes-key.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PeerId } from '../../ports/network.ts';
import { encodeHeader } from '../../primitives/header.ts';
import { BODIES_MAX } from '../messages/limits.ts';
import type { BodiesMissingMessage, BodyMessage } from '../messages/sync.ts';
import { refuseP2p } from '../rules.ts';
import { chooseSource } from './choose-source.ts';
import { type Download, Downloads } from './downloads.ts';
import type { PendingHeader } from './header-tree.ts';
import { LateBlocks, PAUSE_MS_MAX } from './late-blocks.ts';
import { dropBranch, type SyncParts, wantedTip } from './sync-parts.ts';
import type { SyncPeer } from './sync-peer.ts';

/** Bytes that a block is taken to have before one has come. */
const FIRST_ESTIMATE = 262_144;

/** How much of a smaller block's size counts towards the estimate; a larger one counts half. */
const SHRINK_SHARE = 0.1;

/** How long the node is left alone when it said that it is busy. */
const BUSY_MS = 20;

/** How long a peer is asked for no blocks when it had none of those before, doubled each time in a row. */
const MISS_PAUSE_MS = 1_000;

/**
 * Gets the blocks of the best branch that headers have shown, from all peers that have them, and feeds them to the node
 * in order. What is in flight and what is here is bounded in bytes.
 */
export class BlockDownload {
  readonly #parts: SyncParts;
  readonly #downloads = new Downloads();
  /** Bytes that the next block is expected to have. */
  #blockBytes = FIRST_ESTIMATE;
  #busyUntilMs = 0;
  /** The key of a block that has to be here, however light its branch: votes have said so. */
  #wanted: string | undefined;
  readonly #late: LateBlocks;

  constructor(parts: SyncParts) {
    this.#parts = parts;
    const send = (peer: SyncPeer, entry: PendingHeader, nowMs: number) => this.#send(peer, [entry], nowMs);
    this.#late = new LateBlocks(parts, this.#downloads, send);
  }

  /** Blocks that are known by their headers, and are still to be imported. */
  get missing(): number {
    return this.#downloads.path.length;
  }

  /** Bytes of the blocks that are here, and that are expected from peers. */
  get bytes(): { readonly here: number; readonly expected: number } {
    return { here: this.#downloads.bytes, expected: this.#downloads.asked * this.#blockBytes };
  }

  /** Does what can be done now; when there will be more to do, if nothing happens before. */
  advance(nowMs: number): number {
    this.#late.check(nowMs, this.#blockBytes);
    this.#follow(nowMs);
    this.#ask(nowMs);
    this.#feed(nowMs);
    const busyMs = nowMs < this.#busyUntilMs ? this.#busyUntilMs : Number.POSITIVE_INFINITY;
    return Math.min(busyMs, this.#late.againMs(nowMs, this.#blockBytes));
  }

  /** Takes a block that a peer sent. */
  body(peer: SyncPeer, { request, id, bytes }: BodyMessage, nowMs: number): Result<undefined> {
    const entry = peer.answered(request, bytesKey(id));
    if (entry === undefined) return refuseP2p('p2p/body-unasked');
    peer.received(bytes.length, nowMs);
    const download = this.#downloads.find(entry.key);
    // Another peer was quicker, or its branch is of no interest any more.
    if (download === undefined || download.bytes !== undefined) return OK;
    if (!startsWith(bytes, encodeHeader(entry.header))) {
      download.missingAt.push(peer.id);
      this.#downloads.unask(download, peer.id);
      return refuseP2p('p2p/body-wrong', { height: entry.height });
    }
    this.#learn(bytes.length);
    this.#downloads.hold(download, bytes, peer.id);
    this.#downloads.shrink(this.#parts.limits.bodyBytesMax);
    return OK;
  }

  /** Takes a peer's word that it has not got some blocks. */
  bodiesMissing(peer: SyncPeer, { request, ids }: BodiesMissingMessage, nowMs: number): Result<undefined> {
    for (const id of ids) {
      const entry = peer.answered(request, bytesKey(id));
      if (entry === undefined) return refuseP2p('p2p/body-unasked');
      const download = this.#downloads.find(entry.key);
      if (download !== undefined) this.#downloads.unask(download, peer.id);
    }
    peer.progressMs = nowMs;
    peer.pausedUntilMs = nowMs + Math.min(PAUSE_MS_MAX, MISS_PAUSE_MS * 2 ** peer.misses);
    peer.misses += 1;
    return OK;
  }

  /** Takes the node's verdict on a block. */
  blockDone(id: Hash, from: PeerId, result: Result<undefined>, nowMs: number): void {
    const key = bytesKey(id);
    if (result.ok) return this.settle(key);
    const download = this.#downloads.find(key);
    if (download?.phase === 'importing' && download.from === from) {
      this.#refused(download, from, result.error, nowMs);
    }
  }

  /** Follows the branch of this block, once headers have shown it, in place of the best one until it is here. */
  want(id: Hash): void {
    this.#wanted = bytesKey(id);
  }

  /** Notes that a block is in the chain. */
  settle(key: string): void {
    if (key === this.#wanted) this.#wanted = undefined;
    // What came is not lost, whatever becomes of other branches.
    for (const peer of this.#parts.peers.values()) if (peer.tipKey === key) peer.tipKey = undefined;
    this.#parts.tree.settle(key);
    this.#downloads.settle(key);
  }

  /** Notes that a peer is gone. */
  peerGone(id: PeerId): void {
    this.#downloads.unaskAll(id);
  }

  /** Turns to the branch whose blocks are wanted. */
  #follow(nowMs: number): void {
    const { tree, host } = this.#parts;
    const { chain } = host;
    for (let next = this.#downloads.path[0]; next !== undefined; next = this.#downloads.path[0]) {
      if (chain.node(next.id) === undefined) break;
      this.settle(next.key);
    }
    // A branch may have lost its ground: the chain went on where it cannot follow.
    for (let tries = tree.count; tries >= 0; tries--) {
      const wanted = this.#wanted === undefined ? undefined : tree.find(this.#wanted);
      const tip = wanted ?? wantedTip(this.#parts);
      if (tip === undefined) return this.#downloads.path.length > 0 ? this.#downloads.follow([]) : undefined;
      if (tip.key !== this.#downloads.tip?.key) this.#downloads.follow(tree.branch(tip));
      const [first] = this.#downloads.path;
      if (first === undefined || chain.node(first.header.parent) !== undefined) return;
      dropBranch(this.#parts, first.key, nowMs);
    }
  }

  /** Asks peers for blocks, as far as bytes and peers allow. */
  #ask(nowMs: number): void {
    const { limits, peers } = this.#parts;
    if (this.missing === 0) return;
    const rooms = new Map<SyncPeer, number>();
    for (const peer of peers.values()) rooms.set(peer, peer.room(this.#blockBytes, limits));
    const plans = new Map<SyncPeer, PendingHeader[]>();
    let bytesLeft = limits.bodyBytesMax - this.#downloads.bytes - this.#downloads.asked * this.#blockBytes;
    let passed = 0;
    this.#downloads.forEachWanted(limits.windowBlocksMax, (download) => {
      const { entry } = download;
      // The next block is asked for whatever is here: without it nothing of that can go.
      if (bytesLeft < this.#blockBytes && entry !== this.#downloads.path[0]) return 'stop';
      const source = chooseSource(download, { peers, rooms, plans, nowMs, blockBytes: this.#blockBytes });
      if (source === undefined) {
        passed += 1;
        return passed < BODIES_MAX ? 'go on' : 'stop';
      }
      const plan = plans.get(source);
      if (plan === undefined) plans.set(source, [entry]);
      else plan.push(entry);
      bytesLeft -= this.#blockBytes;
      return 'go on';
    });
    for (const [peer, entries] of plans) this.#send(peer, entries, nowMs);
  }

  #send(peer: SyncPeer, entries: readonly PendingHeader[], nowMs: number): void {
    for (let start = 0; start < entries.length; start += BODIES_MAX) {
      const some = entries.slice(start, start + BODIES_MAX);
      const request = this.#parts.nextRequest();
      peer.ask(request, some, nowMs);
      for (const entry of some) this.#downloads.ask(this.#downloads.of(entry), peer.id, nowMs);
      const ids = some.map(({ id }) => id);
      this.#parts.host.send(peer.id, { kind: 'bodies-request', request, ids });
    }
  }

  /** Hands blocks to the node in their order; a few ahead, so that their signatures are checked meanwhile. */
  #feed(nowMs: number): void {
    if (nowMs < this.#busyUntilMs) return;
    const { feedBlocksMax, feedBytesMax } = this.#parts.limits;
    const { chain, voting } = this.#parts.host;
    const heightMax = chain.final.height + (voting?.aheadBlocksMax ?? Number.POSITIVE_INFINITY);
    for (const entry of this.#downloads.path.slice(0, feedBlocksMax)) {
      // It goes on when votes have made more blocks final.
      if (entry.height > heightMax) return;
      const download = this.#downloads.find(entry.key);
      if (download?.phase === 'importing') continue;
      if (download?.phase !== 'held' || download.from === undefined) return;
      const { blocks, bytes } = this.#downloads.importing;
      const isTooMuch = bytes + (download.bytes?.length ?? 0) > feedBytesMax;
      if (blocks >= feedBlocksMax || (blocks > 0 && isTooMuch)) return;
      this.#parts.host.importBlock({ id: entry.id, bytes: this.#downloads.feed(download) }, download.from);
    }
  }

  #refused(download: Download, from: PeerId, refusal: Refusal, nowMs: number): void {
    const { rule } = refusal;
    if (rule.startsWith('node/')) {
      this.#busyUntilMs = nowMs + BUSY_MS;
      return this.#downloads.unfeed(download);
    }
    // The block before it was refused; it is fed again after that one.
    if (rule === 'chain/parent-unknown') return this.#downloads.unfeed(download);
    if (isFaultOfBody(rule)) {
      download.missingAt.push(from);
      this.#downloads.refuse(download);
      return this.#parts.punish(from, refuseP2p('p2p/body-wrong', { rule }).error);
    }
    const { entry } = download;
    const { height } = entry;
    this.#parts.host.log('warn', 'a block of a better branch was refused', { height, rule });
    this.#downloads.unfeed(download);
    dropBranch(this.#parts, entry.key, nowMs);
    if (refusal.retry || rule.startsWith('data/')) return;
    // A node has what it calls its best branch executed, so whoever gave the block or its header there is at fault.
    this.#parts.punish(from, refusal);
    if (entry.source !== from) this.#parts.punish(entry.source, refusal);
  }

  #learn(bytes: number): void {
    const share = bytes > this.#blockBytes ? 0.5 : SHRINK_SHARE;
    this.#blockBytes = Math.max(1, Math.ceil(this.#blockBytes + share * (bytes - this.#blockBytes)));
  }
}

/** True for refusals that say nothing about the block with this id: what came with the header was something else. */
function isFaultOfBody(rule: string): boolean {
  return rule.startsWith('codec/') || rule === 'block/tx-root-mismatch';
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  if (bytes.length < start.length) return false;
  for (let i = 0; i < start.length; i++) if (bytes[i] !== start[i]) return false;
  return true;
}

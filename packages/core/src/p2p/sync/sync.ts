import { bytesKey } from '../../base/bytes-key.ts';
import { OK, type Result } from '../../base/result.ts';
import type { ChainUpdate } from '../../chain/chain-update.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PeerId } from '../../ports/network.ts';
import { type Header, headerId } from '../../primitives/header.ts';
import { FEATURES } from '../features.ts';
import type { P2pHost } from '../host.ts';
import type { Message } from '../messages/message.ts';
import type { P2pPart, PartDependencies } from '../part.ts';
import type { Connection, Peer } from '../peer.ts';
import { BlockDownload } from './block-download.ts';
import { BlockServer } from './block-server.ts';
import { CATCH_UP, CatchUp, type CatchUpOptions, KNOWN_READY_MS } from './catch-up.ts';
import { HeaderSync } from './header-sync.ts';
import { HeaderTree } from './header-tree.ts';
import { SERVE_LIMITS, type ServeLimits, SYNC_LIMITS, type SyncLimits } from './limits.ts';
import type { SyncParts } from './sync-parts.ts';
import { SyncPeer } from './sync-peer.ts';

/** How often syncing that is held looks whether it still is. */
const HELD_CHECK_MS = 200;

/** Choices of a node for its syncing. */
export interface SyncOptions {
  /** Other choices than {@link CATCH_UP}. */
  readonly catchUp?: Partial<CatchUpOptions>;
  /** Other limits than {@link SYNC_LIMITS}. */
  readonly limits?: Partial<SyncLimits>;
  /** Other limits than {@link SERVE_LIMITS}. */
  readonly serve?: Partial<ServeLimits>;
}

/** What syncing works with. */
export interface SyncDependencies extends Pick<PartDependencies, 'punish' | 'disconnect'> {
  readonly host: SyncParts['host'] & Pick<P2pHost, 'wake' | 'caughtUp' | 'aloneTooLong'>;
  /** True while nothing is to be fetched, because the chain is about to begin with a snapshot. */
  isHeld?(): boolean;
  /** True when the node has been among others before: it knows where some of them are. */
  knowsOthers?(): boolean;
}

/** How far a node has come, for people. */
export interface SyncProgress {
  readonly isCaughtUp: boolean;
  /** Blocks of the best branch that headers have shown and that are still to be imported. */
  readonly missing: number;
  /** Headers that are kept ahead of their blocks, those of other branches included. */
  readonly pendingHeaders: number;
  /** Bytes of blocks that are here and wait, and that were asked for. */
  readonly heldBytes: number;
  readonly expectedBytes: number;
}

/**
 * Brings the node's chain to the best one of its network, and gives others what they need for the same: headers first
 * from one peer, then blocks from all that have them, fed to the node in order. Everything a stranger can make it keep
 * is bounded. @see docs/reference/network.md
 */
export class Sync implements P2pPart {
  readonly #deps: SyncDependencies;
  readonly #peers = new Map<PeerId, SyncPeer>();
  readonly #parts: SyncParts;
  readonly #headers: HeaderSync;
  readonly #blocks: BlockDownload;
  readonly #server: BlockServer;
  readonly #catchUpOptions: CatchUpOptions;
  #catchUp: CatchUp | undefined;
  #requests = 0;
  /** The wake that was asked for last. */
  #wakeMs = Number.POSITIVE_INFINITY;
  #finalHeight = 0;

  constructor({ catchUp, limits, serve }: SyncOptions, dependencies: SyncDependencies) {
    this.#deps = dependencies;
    this.#catchUpOptions = { ...CATCH_UP, ...catchUp };
    const { host, punish, disconnect } = dependencies;
    const all = { ...SYNC_LIMITS, ...limits };
    const { chain } = host;
    this.#parts = {
      limits: all,
      host,
      tree: new HeaderTree(all, (a, b) => chain.compareHeads(a, b)),
      peers: this.#peers,
      nextRequest: () => {
        this.#requests = (this.#requests + 1) % 0x1_0000_0000;
        return this.#requests;
      },
      punish,
      disconnect,
    };
    this.#headers = new HeaderSync(this.#parts);
    this.#blocks = new BlockDownload(this.#parts);
    this.#server = new BlockServer({ ...SERVE_LIMITS, ...serve }, host);
  }

  /** True when there is no better branch that is known of. */
  get isCaughtUp(): boolean {
    return this.#catchUp?.isCaughtUp ?? false;
  }

  get progress(): SyncProgress {
    const { here, expected } = this.#blocks.bytes;
    return {
      isCaughtUp: this.isCaughtUp,
      missing: this.#blocks.missing,
      pendingHeaders: this.#parts.tree.count,
      heldBytes: here,
      expectedBytes: expected,
    };
  }

  start(nowMs: number): void {
    const knownReadyMs = this.#deps.knowsOthers?.() === true ? KNOWN_READY_MS : 0;
    const aloneReadyMs = Math.max(this.#catchUpOptions.aloneReadyMs, knownReadyMs);
    this.#catchUp = new CatchUp({ ...this.#catchUpOptions, aloneReadyMs }, nowMs);
    this.#advance(nowMs);
  }

  handle({ id }: Peer, message: Message, nowMs: number): Result<undefined> {
    switch (message.kind) {
      case 'headers-request':
      case 'bodies-request':
        return this.#then(this.#server.ask(id, message), nowMs);
      case 'headers':
        return this.#with(id, nowMs, (peer) => this.#headers.headers(peer, message, nowMs));
      case 'body':
        return this.#with(id, nowMs, (peer) => this.#blocks.body(peer, message, nowMs));
      case 'bodies-missing':
        return this.#with(id, nowMs, (peer) => this.#blocks.bodiesMissing(peer, message, nowMs));
      default:
        return OK;
    }
  }

  tick(nowMs: number): void {
    // Most wakes are those of other parts.
    if (nowMs < this.#wakeMs) return;
    this.#wakeMs = Number.POSITIVE_INFINITY;
    this.#advance(nowMs);
  }

  peerReady(peer: Peer, nowMs: number): void {
    const source = new SyncPeer(peer.id, {
      hasAllBlocks: (peer.hello.features & FEATURES.blocks) !== 0,
      isOutbound: peer.direction === 'outbound',
    });
    source.claims(peer.head, nowMs);
    this.#peers.set(peer.id, source);
    this.#advance(nowMs);
  }

  peerGone({ id }: Connection, _peer: Peer | undefined, nowMs: number): void {
    const source = this.#peers.get(id);
    if (source === undefined) return;
    this.#peers.delete(id);
    this.#headers.peerGone(source);
    this.#blocks.peerGone(id);
    this.#server.peerGone(id);
    this.#advance(nowMs);
  }

  headClaimed(peer: Peer, nowMs: number): void {
    this.#peers.get(peer.id)?.claims(peer.head, this.#relayMs(peer.head.height, nowMs));
    this.#advance(nowMs);
  }

  /** A block has to come here, however light its branch is: votes have said so. */
  want(id: Hash): void {
    this.#blocks.want(id);
  }

  parentMissing(peer: Peer, header: Header, nowMs: number): void {
    const { height } = header;
    this.#peers.get(peer.id)?.claims({ id: headerId(header), height, weight: undefined }, nowMs);
    this.#advance(nowMs);
  }

  headMoved(update: ChainUpdate, _isOwn: boolean, nowMs: number): void {
    for (const { id } of update.added) this.#blocks.settle(bytesKey(id));
    const { final } = this.#deps.host.chain;
    if (final.height > this.#finalHeight) {
      this.#finalHeight = final.height;
      // The path leads on from the head; only what stands beside it can be behind.
      if (this.#parts.tree.count > this.#blocks.missing) {
        this.#parts.tree.drop(({ height }) => height <= final.height);
      }
    }
    this.#advance(nowMs);
  }

  blockDone(id: Hash, from: PeerId, result: Result<undefined>, nowMs: number): void {
    this.#blocks.blockDone(id, from, result, nowMs);
    this.#advance(nowMs);
  }

  #with(id: PeerId, nowMs: number, handle: (peer: SyncPeer) => Result<undefined>): Result<undefined> {
    const peer = this.#peers.get(id);
    return this.#then(peer === undefined ? { ok: true, value: undefined } : handle(peer), nowMs);
  }

  #then(result: Result<undefined>, nowMs: number): Result<undefined> {
    this.#advance(nowMs);
    return result;
  }

  /** When a head is looked into: a new one close to the own one is likely to come by relay. */
  #relayMs(height: number, nowMs: number): number {
    const { relayBlocksMax, relayGraceMs } = this.#parts.limits;
    const isNear = height <= this.#deps.host.chain.head.height + relayBlocksMax;
    return isNear && this.#catchUp?.isCaughtUp === true ? nowMs + relayGraceMs : nowMs;
  }

  /** Does what there is to do, and asks to be woken when there will be more. */
  #advance(nowMs: number): void {
    const isHeld = this.#deps.isHeld?.() ?? false;
    const blocksMs = isHeld ? Number.POSITIVE_INFINITY : this.#blocks.advance(nowMs);
    const headersMs = isHeld ? Number.POSITIVE_INFINITY : this.#headers.advance(nowMs, this.#blocks.missing);
    const serverMs = this.#server.advance(nowMs);
    this.#judge(nowMs, isHeld);
    const alone = this.#catchUp?.againMs(this.#peers.size, nowMs) ?? Number.POSITIVE_INFINITY;
    const heldMs = isHeld ? nowMs + HELD_CHECK_MS : Number.POSITIVE_INFINITY;
    const atMs = Math.min(blocksMs, headersMs, serverMs, alone, heldMs);
    if (atMs >= this.#wakeMs) return;
    this.#wakeMs = atMs;
    this.#deps.host.wake(atMs);
  }

  #judge(nowMs: number, isHeld: boolean): void {
    const isChecking = isHeld || (!this.isCaughtUp && this.#headers.isChecking(nowMs));
    const situation = { peers: this.#peers.size, missing: this.#blocks.missing, isChecking };
    const event = this.#catchUp?.judge(situation, nowMs);
    if (event === undefined) return;
    const { host } = this.#deps;
    const { height } = host.chain.head;
    if (event === 'alone-too-long') {
      host.log('error', 'no other node for too long', { height });
      return host.aloneTooLong();
    }
    host.log('info', event === 'caught-up' ? 'caught up' : 'fell behind', {
      height,
      missing: situation.missing,
    });
    host.caughtUp(event === 'caught-up');
  }
}

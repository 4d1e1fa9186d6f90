import type { Result } from '../../base/result.ts';
import type { ChainUpdate } from '../../chain/chain-update.ts';
import type { CheckpointProgress } from '../../chain/load-checkpoint.ts';
import type { PeerId } from '../../ports/network.ts';
import type { MessageOf } from '../messages/message.ts';
import type { Peer } from '../peer.ts';
import { JoinChunks } from './join-chunks.ts';
import { JoinHeaders } from './join-headers.ts';
import { JoinOutline } from './join-outline.ts';
import type { SnapshotParts } from './snapshot-parts.ts';

/** Where a join is. */
type JoinStage = 'look' | 'headers' | 'outline' | 'chunks' | 'trim' | 'load' | 'tidy' | 'done';

/** How far a join is, for people. */
export interface JoinProgress {
  readonly stage: JoinStage;
  /** The last header, and the height of the snapshot. */
  readonly headers: number;
  readonly height: number | undefined;
  readonly chunks: number;
  readonly missing: number;
}

/** What a join ends by. */
export interface JoinEnd {
  /** The chain has begun with a snapshot. */
  begun(update: ChainUpdate): void;
}

/**
 * Begins a chain at the state of a final block: looks for a chain that is long enough, takes its headers, then the
 * outline of a snapshot that one of them proves, then its chunks from everybody, and loads them. When there is no such
 * chain, or it cannot be done, the node goes on block by block.
 */
export class SnapshotJoin {
  readonly #parts: SnapshotParts;
  readonly #end: JoinEnd;
  readonly #headers: JoinHeaders;
  readonly #outline: JoinOutline;
  readonly #chunks: JoinChunks;
  #stage: JoinStage = 'done';
  /** When the search for a long chain ends; undefined while there is no peer. */
  #lookUntilMs: number | undefined;
  /** How far it was at most, and when it got there. */
  #furthest = { height: 0, chunks: 0, progressMs: 0 };
  #loading: Generator<CheckpointProgress, Result<ChainUpdate>, undefined> | undefined;
  #tidying: ReturnType<SnapshotParts['host']['chain']['join']['abandon']> | undefined;

  constructor(parts: SnapshotParts, end: JoinEnd) {
    this.#parts = parts;
    this.#end = end;
    this.#headers = new JoinHeaders(parts);
    this.#outline = new JoinOutline(parts);
    this.#chunks = new JoinChunks(parts, this.#outline);
  }

  /** True until the chain has begun, or the node goes on block by block. */
  get isActive(): boolean {
    return this.#stage !== 'done';
  }

  get progress(): JoinProgress {
    const { join } = this.#parts.host.chain;
    const { height, chunks = 0, missing = 0 } = join.snapshot ?? {};
    return { stage: this.#stage, headers: join.tip.height, height, chunks, missing };
  }

  /** Begins, if the chain has no blocks and a snapshot is wanted; else takes back what an earlier start has left. */
  start(isWanted: boolean): void {
    const { join } = this.#parts.host.chain;
    if (!join.isPossible) return;
    if (isWanted) this.#stage = 'look';
    else if (join.tip.height > 0) this.#clear();
  }

  /** Takes what the join has asked for; see {@link P2pPart.handle}. */
  handle(
    peer: Peer,
    message: MessageOf<'past-headers' | 'snapshot-outline' | 'chunk'>,
    nowMs: number,
  ): Result<undefined> {
    const isOpen = this.#stage === 'headers' || this.#stage === 'outline' || this.#stage === 'chunks';
    if (!isOpen) return this.#parts.stray(message.kind, message.request);
    switch (message.kind) {
      case 'past-headers':
        return this.#headers.headers(peer, message, nowMs);
      case 'snapshot-outline':
        return this.#outline.outline(peer, message, nowMs);
      case 'chunk':
        return this.#chunks.chunk(peer, message);
    }
  }

  peerGone(peer: PeerId): void {
    this.#headers.peerGone(peer);
    this.#outline.peerGone(peer);
    this.#chunks.peerGone(peer);
  }

  /** Does what there is to do in this step; when to go on. */
  advance(nowMs: number): number {
    if (this.#stage === 'done') return Number.POSITIVE_INFINITY;
    const stuckMs = this.#watch(nowMs);
    if (nowMs >= stuckMs) return this.#giveUp('no peer helps any further', nowMs);
    return Math.min(stuckMs, this.#step(nowMs));
  }

  /** When it is to be given up, if nothing new comes before: nobody may hold the node up for ever. */
  #watch(nowMs: number): number {
    const { peers, limits, host } = this.#parts;
    const isWaiting = this.#stage === 'headers' || this.#stage === 'outline' || this.#stage === 'chunks';
    const { tip, snapshot } = host.chain.join;
    const { height, chunks, progressMs } = this.#furthest;
    const done = snapshot === undefined ? 0 : snapshot.chunks - snapshot.missing;
    if (!isWaiting || peers.size === 0 || tip.height > height || done > chunks) {
      this.#furthest = {
        height: Math.max(height, tip.height),
        chunks: Math.max(chunks, done),
        progressMs: nowMs,
      };
    }
    return isWaiting && peers.size > 0
      ? Math.max(progressMs, this.#furthest.progressMs) + limits.stuckMs
      : Number.POSITIVE_INFINITY;
  }

  #step(nowMs: number): number {
    switch (this.#stage) {
      case 'look':
        return this.#look(nowMs);
      case 'headers':
        return this.#takeHeaders(nowMs);
      case 'outline':
        return this.#takeOutline(nowMs);
      case 'chunks':
        return this.#takeChunks(nowMs);
      case 'trim':
        return this.#trim(nowMs);
      case 'load':
        return this.#load(nowMs);
      case 'tidy':
        return this.#tidy(nowMs);
      default:
        return Number.POSITIVE_INFINITY;
    }
  }

  #look(nowMs: number): number {
    const { peers, limits } = this.#parts;
    const isLong = [...peers.values()].some(({ head }) => head.height >= limits.blocksMin);
    if (isLong) return this.#enter('headers', nowMs);
    if (peers.size === 0) this.#lookUntilMs = undefined;
    else this.#lookUntilMs ??= nowMs + limits.lookMs;
    const untilMs = this.#lookUntilMs ?? Number.POSITIVE_INFINITY;
    return nowMs >= untilMs ? this.#giveUp('no peer has a long chain', nowMs) : untilMs;
  }

  #takeHeaders(nowMs: number): number {
    const lateMs = this.#headers.advance(nowMs);
    if (!this.#headers.isDone) return lateMs;
    const { tip, snapshot } = this.#parts.host.chain.join;
    if (tip.height < this.#parts.limits.blocksMin) return this.#giveUp('no peer has a long chain', nowMs);
    const isTaken = snapshot !== undefined;
    return this.#enter(isTaken ? 'chunks' : 'outline', nowMs);
  }

  #takeOutline(nowMs: number): number {
    // What is final is told by the headers, so they have to keep up.
    const headersMs = this.#headers.advance(nowMs);
    if (this.#parts.host.chain.join.snapshot === undefined) {
      return Math.min(headersMs, this.#outline.advance(nowMs));
    }
    return this.#enter('chunks', nowMs);
  }

  #takeChunks(nowMs: number): number {
    const { host, limits } = this.#parts;
    const { join } = host.chain;
    const { snapshot } = join;
    if (snapshot === undefined) return this.#enter('outline', nowMs);
    if (snapshot.missing === 0 && join.finalHeight >= snapshot.height) return this.#enter('trim', nowMs);
    const headersMs = this.#headers.advance(nowMs);
    const chunksMs = this.#chunks.advance(nowMs);
    if (chunksMs !== undefined) return Math.min(headersMs, chunksMs);
    host.log('warn', 'nobody has this snapshot any more', { height: snapshot.height });
    host.commit(join.dropOutline());
    this.#enter('outline', nowMs);
    return nowMs + limits.retryMs;
  }

  /** Drops the headers above the snapshot, whose blocks come by the usual way. */
  #trim(nowMs: number): number {
    const { host } = this.#parts;
    const { join } = host.chain;
    const batch = join.dropHeaders(join.snapshot?.height ?? 0);
    if (batch === undefined) return this.#enter('load', nowMs);
    host.commit(batch);
    return nowMs;
  }

  /** One chunk in a step. */
  #load(nowMs: number): number {
    const { host } = this.#parts;
    this.#loading ??= host.chain.join.finish();
    const step = this.#loading.next();
    if (step.done !== true) return nowMs;
    this.#loading = undefined;
    if (!step.value.ok) {
      const { rule, evidence } = step.value.error;
      host.log('error', 'the snapshot cannot be loaded', { rule, ...evidence });
      return this.#giveUp(rule, nowMs);
    }
    this.#stage = 'done';
    host.log('info', 'the chain begins with a snapshot', { height: host.chain.head.height });
    this.#end.begun(step.value.value);
    return nowMs;
  }

  #giveUp(why: string, nowMs: number): number {
    this.#parts.host.log('info', 'no snapshot: the chain is taken block by block', { why });
    this.#clear();
    return nowMs;
  }

  #clear(): void {
    this.#headers.stop();
    this.#tidying = this.#parts.host.chain.join.abandon();
    this.#stage = 'tidy';
  }

  #tidy(nowMs: number): number {
    const batch = this.#tidying?.next();
    if (batch === undefined || batch.done === true) this.#stage = 'done';
    else this.#parts.host.commit(batch.value);
    return nowMs;
  }

  #enter(stage: JoinStage, nowMs: number): number {
    if (stage === 'chunks') this.#chunks.start();
    if (stage === 'trim') this.#headers.stop();
    this.#stage = stage;
    return nowMs;
  }
}

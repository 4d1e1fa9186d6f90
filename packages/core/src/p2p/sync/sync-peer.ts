import { bytesKey } from '../../base/bytes-key.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PeerId } from '../../ports/network.ts';
import type { PendingHeader } from './header-tree.ts';
import type { SyncLimits } from './limits.ts';

/** What a peer says of its head, until its headers have shown it or have not. */
export interface Claim {
  readonly id: Hash;
  readonly key: string;
  readonly height: number;
  /** Undefined when only a header was shown, which says nothing of the branch before it. */
  readonly weight: bigint | undefined;
  /** It is not looked into before. */
  readonly notBeforeMs: number;
}

/** A request for headers that is not answered. */
export interface HeadersRequest {
  readonly request: number;
  readonly sinceMs: number;
  readonly limit: number;
  /** Keys of the ids in the locator. */
  readonly locator: ReadonlySet<string>;
  /** What it was to look into. */
  readonly claim: Claim;
}

/** A request for blocks that have not all come. */
interface BodiesRequest {
  readonly entries: Map<string, PendingHeader>;
  /** True when it was given up. */
  isLapsed: boolean;
}

/** Requests for bodies of one peer that are remembered, so that what comes late is not taken for unasked. */
const BODY_REQUESTS_MAX = 256;

/** How much of a new measurement of a peer's rate counts, and the shortest time that one takes. */
const RATE_SHARE = 0.5;
const RATE_SPAN_MS = 200;

/** Blocks that a peer is asked for at a time before its rate is known: one that was chosen, and any other one. */
const FIRST_BLOCKS_OUTBOUND = 8;
const FIRST_BLOCKS_INBOUND = 2;

/** What this node knows of a peer as a source of headers and blocks. */
export class SyncPeer {
  readonly id: PeerId;
  /** By its own word; a node that has pruned need not know the way from genesis. */
  readonly hasAllBlocks: boolean;
  /** True when this node has chosen it: strangers can only make the other connections many. */
  readonly isOutbound: boolean;
  claim: Claim | undefined;
  /** The height up to which it is believed to have blocks. */
  height = 0;
  /** The last header it gave, as a map key. */
  tipKey: string | undefined;
  headersRequest: HeadersRequest | undefined;
  /** The number of a request that was given up; its answer may still come. */
  lateRequest: number | undefined;
  /** Times in a row that it did not answer for headers in time, and that its answers led nowhere. */
  headersLapses = 0;
  fruitless = 0;
  /** Until then it is asked for no headers, as those it gave led nowhere. */
  deferredUntilMs = 0;
  /** The block that has to be in the chain before its next headers can be checked. */
  waitsFor: PendingHeader | undefined;
  /** Until then it is asked for no blocks. */
  pausedUntilMs = 0;
  /** Until then it is asked for blocks only when nobody else can be. */
  slowUntilMs = 0;
  /** Times in a row that it had none of what it was asked for, and that it did not answer in time. */
  misses = 0;
  lapses = 0;
  /** Blocks that it was asked for and has not sent, by request; the oldest first. Most are never asked for any. */
  #requests: Map<number, BodiesRequest> | undefined;
  #waiting = 0;
  /** When its last block came, or when it was asked after it had nothing to do. */
  progressMs = 0;
  #bytesPerMs: number | undefined;
  #spanBytes = 0;
  #spanStartMs = 0;

  constructor(id: PeerId, { hasAllBlocks, isOutbound }: Pick<SyncPeer, 'hasAllBlocks' | 'isOutbound'>) {
    this.id = id;
    this.hasAllBlocks = hasAllBlocks;
    this.isOutbound = isOutbound;
  }

  /** Blocks it has been asked for and that are still to come. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Sets what the peer says of its head. */
  claims(
    head: { readonly id: Hash; readonly height: number; readonly weight: bigint | undefined },
    notBeforeMs: number,
  ): void {
    const key = bytesKey(head.id);
    if (this.claim?.key === key && this.claim.weight !== undefined) return;
    this.claim = { ...head, key, notBeforeMs };
    this.height = Math.max(this.height, head.height);
  }

  /** How many more blocks it can be asked for now, when one takes so many bytes. */
  room(blockBytes: number, limits: SyncLimits): number {
    const most = this.#blocksMax(blockBytes, limits);
    // Half of them at a time: one request for many blocks rather than one for each that came.
    return this.#waiting * 2 <= most ? most - this.#waiting : 0;
  }

  /** Milliseconds after which a block asked for now would be here, by what is known. */
  estimateMs(blockBytes: number, more: number): number {
    return ((this.#waiting + more + 1) * blockBytes) / (this.#bytesPerMs ?? 1_024);
  }

  /** Notes a request. */
  ask(request: number, entries: readonly PendingHeader[], nowMs: number): void {
    if (this.#waiting === 0) {
      this.progressMs = nowMs;
      this.#spanStartMs = nowMs;
      this.#spanBytes = 0;
    }
    const byKey = new Map(entries.map((entry) => [entry.key, entry]));
    this.#requests ??= new Map();
    this.#requests.set(request, { entries: byKey, isLapsed: false });
    this.#waiting += entries.length;
    // Blocks that are waited for are fewer, so the oldest request is one that was given up.
    const [oldest] = this.#requests.keys();
    if (this.#requests.size > BODY_REQUESTS_MAX && oldest !== undefined) this.#requests.delete(oldest);
  }

  /** Notes that a block of a request came, or will not; the entry, or undefined when it was not asked for. */
  answered(request: number, key: string): PendingHeader | undefined {
    const asked = this.#requests?.get(request);
    const entry = asked?.entries.get(key);
    if (asked === undefined || entry === undefined) return undefined;
    asked.entries.delete(key);
    if (!asked.isLapsed) this.#waiting -= 1;
    if (asked.entries.size === 0) this.#requests?.delete(request);
    return entry;
  }

  /** Notes that a block of so many bytes came. */
  received(bytes: number, nowMs: number): void {
    this.misses = 0;
    this.lapses = 0;
    this.progressMs = nowMs;
    this.#spanBytes += bytes;
    const spanMs = nowMs - this.#spanStartMs;
    if (spanMs < RATE_SPAN_MS) return;
    const rate = this.#spanBytes / spanMs;
    this.#bytesPerMs =
      this.#bytesPerMs === undefined ? rate : this.#bytesPerMs + RATE_SHARE * (rate - this.#bytesPerMs);
    this.#spanBytes = 0;
    this.#spanStartMs = nowMs;
  }

  /** Notes that it held up the download. */
  stalled(untilMs: number): void {
    this.slowUntilMs = untilMs;
    if (this.#bytesPerMs !== undefined) this.#bytesPerMs /= 2;
  }

  /** When it will have failed, unless something comes before; Infinity while nothing is to come. */
  deadlineMs(blockBytes: number, { bodyTimeoutMs, bodyRateMin }: SyncLimits): number {
    return this.#waiting === 0 ? Infinity : this.progressMs + bodyTimeoutMs + blockBytes / bodyRateMin;
  }

  /** Gives up on everything it was asked for; what comes all the same is still known as asked for. */
  lapse(): void {
    for (const asked of this.#requests?.values() ?? []) asked.isLapsed = true;
    this.#waiting = 0;
    this.lapses += 1;
  }

  #blocksMax(blockBytes: number, limits: SyncLimits): number {
    const most = Math.min(limits.peerBlocksMax, Math.max(1, Math.floor(limits.peerBytesMax / blockBytes)));
    if (this.#bytesPerMs === undefined)
      return Math.min(this.isOutbound ? FIRST_BLOCKS_OUTBOUND : FIRST_BLOCKS_INBOUND, most);
    const wanted = Math.floor((this.#bytesPerMs * limits.peerWindowMs) / blockBytes);
    return Math.max(2, Math.min(wanted, most));
  }
}

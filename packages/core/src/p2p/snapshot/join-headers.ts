import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { PeerId } from '../../ports/network.ts';
import { PAST_HEADERS_MAX } from '../messages/limits.ts';
import type { MessageOf } from '../messages/message.ts';
import type { Peer } from '../peer.ts';
import { refuseP2p } from '../rules.ts';
import { Requests } from './requests.ts';
import type { SnapshotParts } from './snapshot-parts.ts';

/** Headers that are given up at first when a peer is on another branch; twice as many each further time. */
const STEP_BACK = 16;

/** Headers between two lines of the log. */
const REPORT_HEADERS = 10_000;

/** How often a peer may have no more headers before its claim is held to be a lie. */
const RAN_OUT_MAX = 3;

/**
 * Takes the headers of the peer that claims the heaviest branch, from genesis to its head. The claim has to be made
 * good: whoever runs out of headers before is left, and the next one is followed.
 */
export class JoinHeaders {
  readonly #parts: SnapshotParts;
  readonly #asked: Requests<{ readonly height: number }>;
  #askedMs = 0;
  #stepBack = STEP_BACK;
  /** How often each peer had no more headers, and yet claimed more weight. */
  readonly #ranOutBy = new Map<PeerId, number>();

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
    this.#asked = new Requests(parts.limits.headersTimeoutMs);
  }

  /** True when no peer claims a heavier branch than that of the headers here. */
  get isDone(): boolean {
    const { chain } = this.#parts.host;
    const source = this.#source();
    return source !== undefined && chain.join.tip.weight >= source.head.weight;
  }

  /** Asks for more where there is more; when to look again. */
  advance(nowMs: number): number {
    this.#asked.takeLate(nowMs);
    const source = this.#source();
    const { host, limits, nextRequest } = this.#parts;
    // Blocks that are relayed are no claims, so now and then it is asked whether there is more than was claimed.
    const isDue = !this.isDone || nowMs >= this.#askedMs + limits.retryMs;
    if (source !== undefined && this.#asked.count === 0 && isDue && !host.isBehind) {
      this.#askedMs = nowMs;
      const request = nextRequest();
      const height = host.chain.join.tip.height + 1;
      this.#asked.add({ request, peer: source.id, askedMs: nowMs, what: { height } });
      const limit = PAST_HEADERS_MAX;
      host.send(source.id, { kind: 'past-headers-request', request, height, limit });
    }
    return Math.min(this.#asked.lateMs, nowMs + limits.retryMs);
  }

  /** Takes an answer. Refuses what was not asked, and headers that no chain has. */
  headers(peer: Peer, { request, headers }: MessageOf<'past-headers'>, nowMs: number): Result<undefined> {
    const asked = this.#asked.find(peer.id, request);
    if (asked === undefined) return this.#parts.stray('past-headers', request);
    this.#asked.done(asked);
    const { host, liars } = this.#parts;
    const { join } = host.chain;
    if (asked.what.height !== join.tip.height + 1) return OK;
    if (headers.length === 0) return this.#ranOut(peer);
    const { batch, checked } = join.addHeaders(headers, nowMs);
    if (batch.puts.length > 0) host.commit(batch);
    if (checked.ok) {
      this.#stepBack = STEP_BACK;
      this.#report(headers.length);
      return OK;
    }
    // The clock decides what is too far ahead; a little later it is not.
    if (checked.error.rule === 'chain/time-too-far' || checked.error.rule === 'chain/time-early') return OK;
    if (checked.error.rule === 'chain/parent-unknown' && batch.puts.length === 0 && join.tip.height > 0) {
      this.#goBack();
      return OK;
    }
    liars.add(peer.id);
    return checked;
  }

  /** Takes no answers any more. */
  stop(): void {
    this.#asked.clear();
  }

  peerGone(peer: PeerId): void {
    this.#asked.peerGone(peer);
    this.#ranOutBy.delete(peer);
  }

  /** Says how far it is, now and then. */
  #report(added: number): void {
    const { host } = this.#parts;
    const { height } = host.chain.join.tip;
    const step = Math.floor(height / REPORT_HEADERS);
    if (step > Math.floor((height - added) / REPORT_HEADERS)) host.log('info', 'headers', { height });
  }

  /** A peer has no header after the tip, and yet claims more weight. */
  #ranOut(peer: Peer): Result<undefined> {
    const { join } = this.#parts.host.chain;
    if (join.tip.weight >= peer.head.weight) return OK;
    const times = (this.#ranOutBy.get(peer.id) ?? 0) + 1;
    this.#ranOutBy.set(peer.id, times);
    // It may have moved to a heavier branch that is shorter, or that it has told nobody of yet.
    if (times <= RAN_OUT_MAX) {
      this.#goBack();
      return OK;
    }
    this.#parts.liars.add(peer.id);
    return refuseP2p('p2p/head-unproved', { height: peer.head.height });
  }

  /** The source is on another branch: gives up headers until one is met that it has too. */
  #goBack(): void {
    const { host } = this.#parts;
    const { join } = host.chain;
    const batch = join.dropHeaders(Math.max(0, join.tip.height - this.#stepBack));
    if (batch !== undefined) host.commit(batch);
    this.#stepBack = Math.min(2 * this.#stepBack, 4_096);
  }

  /** The peer with the heaviest claim that is not known to be false. */
  #source(): Peer | undefined {
    const { peers, limits, liars } = this.#parts;
    let best: Peer | undefined;
    for (const peer of peers.values()) {
      if (liars.has(peer.id) || this.#asked.failuresOf(peer.id) >= limits.failuresMax) continue;
      if (best === undefined || peer.head.weight > best.head.weight) best = peer;
    }
    return best;
  }
}

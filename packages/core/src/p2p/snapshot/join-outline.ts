import { concatBytes } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { PeerId } from '../../ports/network.ts';
import type { MessageOf } from '../messages/message.ts';
import type { Peer } from '../peer.ts';
import { refuseP2p } from '../rules.ts';
import { Requests } from './requests.ts';
import type { SnapshotParts } from './snapshot-parts.ts';

/** Parts of an outline: more than the longest one has. */
const PARTS_MAX = 16;

/** Peers that are asked at a time: the next one when the one before is slow. */
const ASKED_MAX = 3;

/** The parts of one outline that have come. */
interface Parts {
  /** How many there are, as the first that came says. */
  count: number | undefined;
  readonly bytes: Map<number, Uint8Array>;
}

/** Takes the outline of a snapshot from one peer after the other, until one gives a true one of a final block. */
export class JoinOutline {
  readonly #parts: SnapshotParts;
  readonly #asked: Requests<Parts>;
  /** Peers that had none when they were asked, and until when they are not asked again. */
  readonly #without = new Map<PeerId, number>();
  /** When somebody was asked last. */
  #askedMs = 0;
  /** Who gave the outline that was taken. */
  giver: PeerId | undefined;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
    this.#asked = new Requests(parts.limits.outlineTimeoutMs);
  }

  /** Asks somebody; when to look again. */
  advance(nowMs: number): number {
    const { limits, host, nextRequest } = this.#parts;
    for (const { peer } of this.#asked.takeLate(nowMs)) this.#without.set(peer, nowMs + limits.retryMs);
    const slowMs = this.#askedMs + limits.outlineSlowMs;
    if (this.#asked.count >= ASKED_MAX) return this.#asked.lateMs;
    if (this.#asked.count > 0 && nowMs < slowMs) return slowMs;
    const peer = this.#next(nowMs);
    if (peer === undefined) return nowMs + limits.retryMs;
    this.#askedMs = nowMs;
    const request = nextRequest();
    this.#asked.add({ request, peer: peer.id, askedMs: nowMs, what: { count: undefined, bytes: new Map() } });
    host.send(peer.id, { kind: 'snapshot-request', request });
    return nowMs + limits.outlineSlowMs;
  }

  /** Takes a part of an answer. */
  outline(peer: Peer, message: MessageOf<'snapshot-outline'>, nowMs: number): Result<undefined> {
    const { request, part, parts, bytes } = message;
    const asked = this.#asked.find(peer.id, request);
    if (asked === undefined) return this.#parts.stray('snapshot-outline', request);
    const came = asked.what;
    came.count ??= parts;
    if (parts !== came.count || parts > PARTS_MAX || (parts > 0 && part >= parts)) {
      return refuseP2p('p2p/snapshot-unasked', { kind: 'snapshot-outline', part, parts });
    }
    if (parts > 0) came.bytes.set(part, bytes);
    if (came.bytes.size < parts) return OK;
    this.#asked.done(asked);
    this.#without.set(peer.id, nowMs + this.#parts.limits.retryMs);
    const ordered = Array.from({ length: parts }, (_, i) => came.bytes.get(i) ?? new Uint8Array(0));
    return parts === 0 ? OK : this.#take(peer, concatBytes(...ordered));
  }

  /** The outline that was taken is false, as a chunk has shown. */
  blame(refusal: Extract<Result<undefined>, { ok: false }>): void {
    if (this.giver === undefined) return;
    this.#parts.liars.add(this.giver);
    this.#parts.punish(this.giver, refusal.error);
    this.giver = undefined;
  }

  peerGone(peer: PeerId): void {
    this.#asked.peerGone(peer);
    this.#without.delete(peer);
  }

  #take(peer: Peer, bytes: Uint8Array): Result<undefined> {
    const { host, liars } = this.#parts;
    // Another peer was quicker.
    if (host.chain.join.snapshot !== undefined) return OK;
    const taken = host.chain.join.takeOutline(bytes);
    if (taken.ok) {
      host.commit(taken.value);
      this.giver = peer.id;
      const { height = 0, chunks = 0 } = host.chain.join.snapshot ?? {};
      host.log('info', 'snapshot found', { height, chunks, peer: peer.id });
      return OK;
    }
    // The peer may know of more final blocks than this node, or follow another branch that is as good.
    if (taken.error.rule === 'chain/snapshot-not-final') return OK;
    liars.add(peer.id);
    return taken;
  }

  /** Any peer that may have one. */
  #next(nowMs: number): Peer | undefined {
    const { peers, liars, host, limits } = this.#parts;
    const possible = [...peers.values()].filter(
      ({ id }) =>
        !liars.has(id) &&
        (this.#without.get(id) ?? 0) <= nowMs &&
        this.#asked.countOf(id) === 0 &&
        this.#asked.failuresOf(id) < limits.failuresMax,
    );
    return possible.length === 0 ? undefined : possible[host.random.below(possible.length)];
  }
}

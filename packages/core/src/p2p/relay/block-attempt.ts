import type { CompactBlockMessage } from '../messages/blocks.ts';
import { BLOCK_ANSWER_TIMEOUT_MS, BLOCK_REQUESTS_MAX, MISSING_SLOW_MS, WHOLE_SLOW_MS } from './limits.ts';
import { PeerSet } from './peer-set.ts';
import type { RecentTransactions } from './recent-transactions.ts';
import { Reconstruction } from './reconstruction.ts';
import type { RelayPeer } from './relay-peer.ts';

/** Asks one peer for transactions of a block. */
export interface BlockRequest {
  readonly number: number;
  readonly peer: RelayPeer;
  /** None for all. */
  readonly places: readonly number[];
  /** An answer that comes later is not taken. */
  readonly deadlineMs: number;
}

/** One description of a block, and what is done to complete it. */
export class BlockAttempt {
  readonly reconstruction: Reconstruction;
  /** The peers that gave this description. */
  readonly authors = new PeerSet();
  /** The peers that were asked for what is missing. */
  readonly tried = new PeerSet();
  /** When another peer is asked too, or what was asked is given up. */
  nextMs = Number.POSITIVE_INFINITY;
  /** What was asked and has not been answered, oldest first. */
  #requests: BlockRequest[] = [];

  constructor(message: CompactBlockMessage, recent: RecentTransactions) {
    this.reconstruction = new Reconstruction(message, recent);
  }

  /** True when one more peer may be asked. */
  get hasRoom(): boolean {
    return this.#requests.length < BLOCK_REQUESTS_MAX;
  }

  /** When the last answer may come; undefined when none is waited for. */
  get lastMs(): number | undefined {
    return this.#requests.at(-1)?.deadlineMs;
  }

  /** What the next peer is asked for: what the ones before were asked for, or what is missing. */
  get places(): readonly number[] {
    // Nothing is missing, and yet it is not the block: some transactions must be others.
    if (this.reconstruction.isComplete) return [];
    return this.#requests.at(-1)?.places ?? this.reconstruction.missing();
  }

  /** Notes that a peer is asked. */
  asks(number: number, peer: RelayPeer, places: readonly number[], nowMs: number): void {
    this.tried.add(peer.slot);
    this.#requests.push({ number, peer, places, deadlineMs: nowMs + BLOCK_ANSWER_TIMEOUT_MS });
    this.nextMs = nowMs + (places.length === 0 ? WHOLE_SLOW_MS : MISSING_SLOW_MS);
  }

  /** Takes the request out that a peer answers. */
  answered(number: number, peer: RelayPeer): BlockRequest | undefined {
    const request = this.#requests.find((one) => one.number === number && one.peer === peer);
    if (request !== undefined) this.#requests = this.#requests.filter((one) => one !== request);
    return request;
  }

  /** Takes the requests out whose answers do not come any more. */
  expire(nowMs: number): void {
    this.#requests = this.#requests.filter(({ deadlineMs }) => deadlineMs > nowMs);
  }

  /** Forgets a peer; true when it was to answer. */
  removePeer(peer: RelayPeer): boolean {
    this.authors.delete(peer.slot);
    this.tried.delete(peer.slot);
    const before = this.#requests.length;
    this.#requests = this.#requests.filter((one) => one.peer !== peer);
    return this.#requests.length < before;
  }
}

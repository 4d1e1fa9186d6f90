import type { Random } from '../../base/random.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { PeerAddress, PeerId } from '../../ports/network.ts';
import type { P2pHost } from '../host.ts';
import { PEERS_MAX } from '../messages/limits.ts';
import { refuseP2p } from '../rules.ts';
import type { AddressBook, AddressSource } from './address-book.ts';
import {
  ADDRESS_ANSWER_INTERVAL_MS,
  ADDRESS_ANSWER_TIMEOUT_MS,
  ADDRESS_REPEAT_MS,
  ADDRESS_REQUEST_INTERVAL_MS,
  SAMPLE_MS,
} from './limits.ts';
import type { PlaceKind } from './network-place.ts';

/** A part of the book as it is given to all who ask for a while. */
interface Sample {
  readonly addresses: readonly PeerAddress[];
  readonly bookSize: number;
  readonly madeMs: number;
}

/** What is going on with one peer. */
interface Exchanged {
  readonly isOutbound: boolean;
  askedMs: number;
  answeredMs: number;
  /** True from our request to its answer. */
  isAwaited: boolean;
}

const NEVER = Number.NEGATIVE_INFINITY;

/** What the exchange needs. */
export interface ExchangeDeps {
  readonly book: AddressBook;
  readonly random: Random;
  readonly host: Pick<P2pHost, 'send'>;
}

/**
 * Tells others of addresses when they ask, and asks those that this node has chosen itself: who connects to us could
 * else fill the book by waiting to be asked.
 */
export class Exchange {
  readonly #deps: ExchangeDeps;
  readonly #peers = new Map<PeerId, Exchanged>();
  readonly #samples = new Map<PlaceKind, Sample>();
  #askMs = 0;

  constructor(deps: ExchangeDeps) {
    this.#deps = deps;
  }

  /** Peers that are kept in mind: those that are ready. */
  get size(): number {
    return this.#peers.size;
  }

  /** A peer is ready; one that we have chosen is asked at once. */
  ready(peer: PeerId, isOutbound: boolean, nowMs: number): void {
    this.#peers.set(peer, { isOutbound, askedMs: NEVER, answeredMs: NEVER, isAwaited: false });
    if (isOutbound) this.#ask(peer, nowMs);
  }

  /** A peer is gone. */
  gone(peer: PeerId): void {
    this.#peers.delete(peer);
  }

  /** A peer asks: it gets a part of the book, the same as all others, and nothing when it asks again too soon. */
  requested(peer: PeerId, place: PlaceKind, nowMs: number): Result<undefined> {
    const exchanged = this.#peers.get(peer);
    if (exchanged === undefined || isWithin(exchanged.answeredMs, ADDRESS_ANSWER_INTERVAL_MS, nowMs))
      return OK;
    exchanged.answeredMs = nowMs;
    this.#deps.host.send(peer, { kind: 'peers', addresses: this.#sample(place, nowMs) });
    return OK;
  }

  /** A peer answers: what it tells goes into the book. Refuses by `p2p/peers-unexpected` what nobody has asked for. */
  answered(
    peer: PeerId,
    addresses: readonly PeerAddress[],
    source: AddressSource,
    nowMs: number,
  ): Result<undefined> {
    const exchanged = this.#peers.get(peer);
    const isAwaited =
      exchanged?.isAwaited === true && isWithin(exchanged.askedMs, ADDRESS_ANSWER_TIMEOUT_MS, nowMs);
    if (!isAwaited) return refuseP2p('p2p/peers-unexpected', { got: addresses.length });
    exchanged.isAwaited = false;
    for (const address of addresses) this.#deps.book.add(address, source, nowMs);
    return OK;
  }

  /** Asks one of the chosen peers now and then; returns when next. */
  tick(nowMs: number): number {
    const waitsMs = this.#askMs - nowMs;
    if (waitsMs > 0 && waitsMs <= 2 * ADDRESS_REQUEST_INTERVAL_MS) return this.#askMs;
    this.#askMs =
      nowMs + ADDRESS_REQUEST_INTERVAL_MS / 2 + this.#deps.random.below(ADDRESS_REQUEST_INTERVAL_MS);
    const rested = [...this.#peers].filter(
      ([, { isOutbound, askedMs }]) => isOutbound && !isWithin(askedMs, ADDRESS_REPEAT_MS, nowMs),
    );
    const [peer] = this.#deps.random.pick(rested) ?? [];
    if (peer !== undefined) this.#ask(peer, nowMs);
    return this.#askMs;
  }

  #ask(peer: PeerId, nowMs: number): void {
    const exchanged = this.#peers.get(peer);
    if (exchanged === undefined) return;
    exchanged.askedMs = nowMs;
    exchanged.isAwaited = true;
    this.#deps.host.send(peer, { kind: 'peers-request' });
  }

  #sample(place: PlaceKind, nowMs: number): readonly PeerAddress[] {
    const known = this.#samples.get(place);
    const { book } = this.#deps;
    // A book from which not even one message can be filled has nothing to hide yet, and its news matter.
    const isOld = known === undefined || !isWithin(known.madeMs, SAMPLE_MS, nowMs);
    const isShort = known !== undefined && known.addresses.length < PEERS_MAX && known.bookSize !== book.size;
    if (known !== undefined && !isOld && !isShort) return known.addresses;
    const addresses = book.sample(PEERS_MAX, place, nowMs);
    this.#samples.set(place, { addresses, bookSize: book.size, madeMs: nowMs });
    return addresses;
  }
}

/** True for so long after a time; a clock that was set back does not make it longer. */
function isWithin(sinceMs: number, spanMs: number, nowMs: number): boolean {
  return nowMs >= sinceMs && nowMs - sinceMs < spanMs;
}

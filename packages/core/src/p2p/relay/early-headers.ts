import { equalBytes } from '../../base/bytes.ts';
import { type Header, headerId } from '../../primitives/header.ts';
import { EARLY_PER_PEER_MAX } from './limits.ts';
import type { RelayPeer } from './relay-peer.ts';

/** A header that a peer has shown before its time. */
interface EarlyHeader {
  readonly peer: RelayPeer;
  readonly header: Header;
  /** When it can be checked. */
  readonly atMs: number;
}

/**
 * Headers whose time has not come by this node's clock, so that blocks of producers whose clocks are fast come late and
 * are not lost. Nothing of them has been checked: each peer fills its own few places, and nobody else's.
 */
export class EarlyHeaders {
  #waiting: EarlyHeader[] = [];

  /** How many wait. */
  get count(): number {
    return this.#waiting.length;
  }

  /** Keeps a header until its time has come; false when the peer has as many already, or this one. */
  add(peer: RelayPeer, header: Header, atMs: number): boolean {
    const own = this.#waiting.filter((one) => one.peer === peer);
    if (own.length >= EARLY_PER_PEER_MAX) return false;
    const id = headerId(header);
    if (own.some((one) => equalBytes(headerId(one.header), id))) return false;
    this.#waiting.push({ peer, header, atMs });
    return true;
  }

  /** Takes out those whose time has come, in the order in which they came. */
  due(nowMs: number): readonly EarlyHeader[] {
    if (this.#waiting.length === 0) return [];
    const due = this.#waiting.filter(({ atMs }) => atMs <= nowMs);
    if (due.length > 0) this.#waiting = this.#waiting.filter(({ atMs }) => atMs > nowMs);
    return due;
  }

  /** Forgets what a peer that is gone has shown. */
  removePeer(peer: RelayPeer): void {
    this.#waiting = this.#waiting.filter((one) => one.peer !== peer);
  }
}

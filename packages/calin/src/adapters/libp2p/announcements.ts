import type { Libp2p, PeerInfo } from '@libp2p/interface';
import {
  ADDRESSES_PER_PEER_MAX,
  BOOTSTRAP_INTERVAL_MS,
  OWN_ADDRESSES_MAX,
  TELL_AGAIN_MS,
  TOLD_ADDRESSES_MAX,
} from './limits.ts';
import { formatPeerAddress } from './peer-address.ts';

/** Who hears of addresses. */
export interface AddressEvents {
  /** @param isOwners - true for one of the list to begin with */
  discovered(address: string, isOwners: boolean): void;
  listening(addresses: readonly string[]): void;
}

/** Tells which addresses there are: of others, each not too often, and this node's own when they change. */
export class Announcements {
  readonly #bootstrap: readonly string[];
  readonly #events: AddressEvents;
  /** When each address was told last; discovery finds the same peers again and again. */
  readonly #toldMs = new Map<string, number>();
  #own: readonly string[] = [];
  #bootstrapMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  constructor(options: { readonly bootstrap: readonly string[] }, events: AddressEvents) {
    this.#bootstrap = options.bootstrap;
    this.#events = events;
  }

  /** This node's addresses. */
  get own(): readonly string[] {
    return this.#own;
  }

  /** Addresses that are remembered as told. */
  get size(): number {
    return this.#toldMs.size;
  }

  /** Tells this node's addresses if they have changed. */
  tellOwn(node: Pick<Libp2p, 'getMultiaddrs' | 'peerId'>): void {
    const peer = node.peerId.toString();
    const all = node.getMultiaddrs().flatMap((address) => formatPeerAddress(address, peer) ?? []);
    const own = all.slice(0, OWN_ADDRESSES_MAX);
    if (this.#isStopped || own.join() === this.#own.join()) return;
    this.#own = own;
    this.#events.listening(own);
  }

  /** Tells the addresses of a peer that was found. */
  tellPeer({ id, multiaddrs }: PeerInfo): void {
    for (const multiaddr of multiaddrs.slice(0, ADDRESSES_PER_PEER_MAX)) {
      const address = formatPeerAddress(multiaddr, id.toString());
      if (this.#isStopped || address === undefined || !this.#isNews(address, performance.now())) continue;
      this.#events.discovered(address, false);
    }
  }

  /** Tells the list to begin with, again after a while. */
  tellBootstrap(nowMs: number): void {
    if (this.#isStopped || nowMs - this.#bootstrapMs < BOOTSTRAP_INTERVAL_MS) return;
    this.#bootstrapMs = nowMs;
    for (const address of this.#bootstrap) this.#events.discovered(address, true);
  }

  /** Tells nothing any more. */
  stop(): void {
    this.#isStopped = true;
  }

  #isNews(address: string, nowMs: number): boolean {
    const toldMs = this.#toldMs.get(address);
    if (toldMs !== undefined && nowMs - toldMs < TELL_AGAIN_MS) return false;
    this.#toldMs.delete(address);
    this.#toldMs.set(address, nowMs);
    // The order of a map is that of insertion: the first was told longest ago.
    for (const oldest of this.#toldMs.keys()) {
      if (this.#toldMs.size <= TOLD_ADDRESSES_MAX) break;
      this.#toldMs.delete(oldest);
    }
    return true;
  }
}

import { assert } from '../../base/assert.ts';
import type { PeerId } from '../../ports/network.ts';
import type { Peer } from '../peer.ts';
import { RELAY_PEERS_MAX } from './limits.ts';
import { RelayPeer } from './relay-peer.ts';

/** The peers that relay works with, by id and by slot. */
export class RelayPeers {
  readonly #byId = new Map<PeerId, RelayPeer>();
  readonly #slots: (RelayPeer | undefined)[] = [];

  get count(): number {
    return this.#byId.size;
  }

  get(id: PeerId): RelayPeer | undefined {
    return this.#byId.get(id);
  }

  /** The peer of a slot, if it is taken. */
  at(slot: number): RelayPeer | undefined {
    return this.#slots[slot];
  }

  all(): Iterable<RelayPeer> {
    return this.#byId.values();
  }

  /** Gives a peer the lowest free slot; undefined when there is none. */
  add(peer: Peer): RelayPeer | undefined {
    assert(!this.#byId.has(peer.id), 'a peer comes once');
    let slot = this.#slots.indexOf(undefined);
    if (slot < 0) slot = this.#slots.length;
    if (slot >= RELAY_PEERS_MAX) return undefined;
    const added = new RelayPeer(peer, slot);
    this.#slots[slot] = added;
    this.#byId.set(peer.id, added);
    return added;
  }

  remove(peer: RelayPeer): void {
    assert(this.#slots[peer.slot] === peer, 'a peer that is there');
    this.#slots[peer.slot] = undefined;
    this.#byId.delete(peer.peer.id);
  }
}

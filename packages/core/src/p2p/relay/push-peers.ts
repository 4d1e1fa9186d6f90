import { PUSH_PEERS_MAX } from './limits.ts';
import type { RelayHost } from './relay-host.ts';
import type { RelayPeer } from './relay-peer.ts';

/**
 * The few peers that send this node large compact blocks unasked, those that were first of late; others send headers.
 * One of them stays a peer that this node has dialled, so that strangers cannot take all places by being fast.
 *
 * @see BIP 152, "high-bandwidth mode"
 */
export class PushPeers {
  readonly #send: RelayHost['send'];
  /** The most useful last. */
  #chosen: RelayPeer[] = [];

  constructor(host: Pick<RelayHost, 'send'>) {
    this.#send = (peer, message) => host.send(peer, message);
  }

  addPeer(peer: RelayPeer): void {
    if (peer.isOutbound && this.#chosen.length < PUSH_PEERS_MAX) this.#choose(peer);
  }

  removePeer(peer: RelayPeer): void {
    this.#chosen = this.#chosen.filter((one) => one !== peer);
  }

  /** A peer was the first to bring a block. */
  delivered(peer: RelayPeer): void {
    if (this.#chosen.includes(peer)) {
      this.#chosen = [...this.#chosen.filter((one) => one !== peer), peer];
      return;
    }
    if (this.#chosen.length >= PUSH_PEERS_MAX) {
      const outbound = this.#chosen.filter((one) => one.isOutbound);
      const leaving = this.#chosen.find(
        (one) => peer.isOutbound || one !== outbound[0] || outbound.length > 1,
      );
      if (leaving === undefined) return;
      this.removePeer(leaving);
      this.#send(leaving.peer.id, { kind: 'push-mode', isWanted: false });
    }
    this.#choose(peer);
  }

  #choose(peer: RelayPeer): void {
    this.#chosen.push(peer);
    this.#send(peer.peer.id, { kind: 'push-mode', isWanted: true });
  }
}

import type { Result } from '../base/result.ts';
import { OK } from '../base/result.ts';
import type { PeerId } from '../ports/network.ts';
import { PING_INTERVAL_MS, PING_TIMEOUT_MS } from './limits.ts';
import type { PingMessage, PongMessage } from './messages/control.ts';
import type { Handlers, P2pPart, PartDependencies } from './part.ts';
import type { Connection, Peer } from './peer.ts';
import { refuseP2p } from './rules.ts';

/** A ping under way, or the time of the next one. */
interface Pinging {
  readonly sent: { readonly nonce: number; readonly atMs: number } | undefined;
  readonly dueMs: number;
}

/** Finds out which peers are still there, and how long a round trip to each takes. */
export class Ping implements P2pPart {
  readonly handlers: Handlers = {
    ping: (peer, message) => this.#answer(peer, message),
    pong: (peer, message, nowMs) => this.#answered(peer, message, nowMs),
  };
  readonly #deps: Pick<PartDependencies, 'host' | 'peers' | 'disconnect'>;
  /** One entry for each peer that is ready. */
  readonly #pinging = new Map<PeerId, Pinging>();

  constructor(dependencies: Pick<PartDependencies, 'host' | 'peers' | 'disconnect'>) {
    this.#deps = dependencies;
  }

  peerReady(peer: Peer, nowMs: number): void {
    this.#ping(peer.id, nowMs);
  }

  peerGone({ id }: Connection): void {
    this.#pinging.delete(id);
  }

  tick(nowMs: number): void {
    for (const [id, { sent, dueMs }] of this.#pinging) {
      if (dueMs > nowMs) continue;
      if (sent === undefined) this.#ping(id, nowMs);
      else this.#deps.disconnect(id, refuseP2p('p2p/ping-timeout', { waitedMs: nowMs - sent.atMs }).error);
    }
  }

  #ping(id: PeerId, nowMs: number): void {
    const nonce = this.#deps.host.random.u32();
    this.#deps.host.send(id, { kind: 'ping', nonce });
    this.#expect(id, { sent: { nonce, atMs: nowMs }, dueMs: nowMs + PING_TIMEOUT_MS });
  }

  #answer(peer: Peer, { nonce }: PingMessage): Result<undefined> {
    this.#deps.host.send(peer.id, { kind: 'pong', nonce });
    return OK;
  }

  #answered(peer: Peer, { nonce }: PongMessage, nowMs: number): Result<undefined> {
    const sent = this.#pinging.get(peer.id)?.sent;
    if (sent?.nonce !== nonce) return refuseP2p('p2p/pong-unexpected', { got: nonce });
    const tripMs = Math.max(0, nowMs - sent.atMs);
    peer.latencyMs = Math.min(tripMs, peer.latencyMs ?? tripMs);
    this.#expect(peer.id, { sent: undefined, dueMs: sent.atMs + PING_INTERVAL_MS });
    return OK;
  }

  #expect(id: PeerId, pinging: Pinging): void {
    this.#pinging.set(id, pinging);
    this.#deps.host.wake(pinging.dueMs);
  }
}

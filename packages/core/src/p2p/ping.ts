import type { Result } from '../base/result.ts';
import { OK } from '../base/result.ts';
import type { PeerId } from '../ports/network.ts';
import { PING_ALL_ROUNDS, PING_INTERVAL_MS, PING_TIMEOUT_MS } from './limits.ts';
import type { PingMessage, PongMessage } from './messages/control.ts';
import type { Message } from './messages/message.ts';
import type { P2pPart, PartDependencies } from './part.ts';
import type { Connection, Peer } from './peer.ts';
import { refuseP2p } from './rules.ts';

/** A ping under way. */
interface SentPing {
  readonly nonce: number;
  readonly atMs: number;
}

/**
 * Finds out which peers are still there, and how long a round trip to each takes. Peers are pinged in one round, so
 * that it takes the node two moments and not two for each peer; those that speak anyway only in some rounds.
 */
export class Ping implements P2pPart {
  readonly #deps: Pick<PartDependencies, 'host' | 'peers' | 'disconnect'>;
  /** At most one for each peer that is ready. */
  readonly #sent = new Map<PeerId, SentPing>();
  #roundMs = 0;
  #rounds = 0;
  /** No ping under way is too late before this. */
  #lateMs = Number.POSITIVE_INFINITY;

  constructor(dependencies: Pick<PartDependencies, 'host' | 'peers' | 'disconnect'>) {
    this.#deps = dependencies;
  }

  start(nowMs: number): void {
    this.#beginRound(nowMs);
  }

  handle(peer: Peer, message: Message, nowMs: number): Result<undefined> {
    if (message.kind === 'ping') return this.#answer(peer, message);
    return message.kind === 'pong' ? this.#answered(peer, message, nowMs) : OK;
  }

  peerReady(peer: Peer, nowMs: number): void {
    this.#ping(peer.id, nowMs);
  }

  peerGone({ id }: Connection): void {
    this.#sent.delete(id);
  }

  tick(nowMs: number): void {
    if (nowMs >= this.#lateMs) this.#endLate(nowMs);
    // A clock that was set back does not put the next round off.
    if (nowMs >= this.#roundMs || this.#roundMs - nowMs > PING_INTERVAL_MS) this.#beginRound(nowMs);
  }

  #beginRound(nowMs: number): void {
    const isForAll = this.#rounds % PING_ALL_ROUNDS === 0;
    this.#rounds += 1;
    for (const peer of this.#deps.peers.values()) {
      if ((isForAll || peer.isHeard !== true) && !this.#sent.has(peer.id)) this.#ping(peer.id, nowMs);
      peer.isHeard = false;
    }
    this.#roundMs = nowMs + PING_INTERVAL_MS;
    this.#deps.host.wake(this.#roundMs);
  }

  #ping(id: PeerId, nowMs: number): void {
    const nonce = this.#deps.host.random.u32();
    this.#deps.host.send(id, { kind: 'ping', nonce });
    this.#sent.set(id, { nonce, atMs: nowMs });
    this.#lateMs = Math.min(this.#lateMs, nowMs + PING_TIMEOUT_MS);
    this.#deps.host.wake(nowMs + PING_TIMEOUT_MS);
  }

  /** Gives up peers whose pong is too late. */
  #endLate(nowMs: number): void {
    this.#lateMs = Number.POSITIVE_INFINITY;
    for (const [id, { atMs }] of this.#sent) {
      const waitedMs = nowMs - atMs;
      if (waitedMs < PING_TIMEOUT_MS) this.#lateMs = Math.min(this.#lateMs, atMs + PING_TIMEOUT_MS);
      else this.#deps.disconnect(id, refuseP2p('p2p/ping-timeout', { waitedMs }).error);
    }
  }

  #answer(peer: Peer, { nonce }: PingMessage): Result<undefined> {
    this.#deps.host.send(peer.id, { kind: 'pong', nonce });
    return OK;
  }

  #answered(peer: Peer, { nonce }: PongMessage, nowMs: number): Result<undefined> {
    const sent = this.#sent.get(peer.id);
    if (sent?.nonce !== nonce) return refuseP2p('p2p/pong-unexpected', { got: nonce });
    const tripMs = Math.max(0, nowMs - sent.atMs);
    peer.latencyMs = Math.min(tripMs, peer.latencyMs ?? tripMs);
    this.#sent.delete(peer.id);
    return OK;
  }
}

import { CLOSES_MAX, UNWELCOME_MS, UNWELCOME_PEERS_MAX } from './limits.ts';

interface Closed {
  times: number;
  lastMs: number;
}

/**
 * Peers that come back as often as they are closed. They are turned away as soon as they have proved their name, which
 * spares most of what a connection costs, until they have kept quiet for a while. The protocol has the say about bans;
 * this is only how a ban is made cheap.
 */
export class UnwelcomePeers {
  readonly #closed = new Map<string, Closed>();

  /** How many peers are remembered. */
  get size(): number {
    return this.#closed.size;
  }

  /** This node has closed a peer. */
  closed(peer: string, nowMs: number): void {
    const before = this.#closed.get(peer);
    const isRecent = before !== undefined && nowMs - before.lastMs < UNWELCOME_MS;
    this.#closed.delete(peer);
    this.#closed.set(peer, { times: isRecent ? before.times + 1 : 1, lastMs: nowMs });
    // The order of a map is that of insertion: the first was closed longest ago.
    for (const oldest of this.#closed.keys()) {
      if (this.#closed.size <= UNWELCOME_PEERS_MAX) break;
      this.#closed.delete(oldest);
    }
  }

  /** True for a peer that is turned away now, which counts like a close. */
  isTurnedAway(peer: string, nowMs: number): boolean {
    const found = this.#closed.get(peer);
    if (found === undefined || found.times < CLOSES_MAX || nowMs - found.lastMs >= UNWELCOME_MS) return false;
    this.closed(peer, nowMs);
    return true;
  }

  /** This node wants the peer itself. */
  forgive(peer: string): void {
    this.#closed.delete(peer);
  }
}

import { OK, type Result } from '../../base/result.ts';
import type { PeerId } from '../../ports/network.ts';
import type { P2pHost } from '../host.ts';
import type { Peer, PeerTable } from '../peer.ts';
import { PAST_AGAIN_MS, PAST_ASKED_MAX, PAST_PAUSE_MS, PAST_WAIT_MS } from './limits.ts';

/** The certificates of epochs gone by that a node lacks. */
export interface PastSource {
  /** The height of a block whose certificate is missing; undefined while none is known to be. */
  readonly missing: number | undefined;
  /** True when it has not looked everywhere yet. */
  readonly isBehind: boolean;
  /** Goes on without the one that is missing. */
  skip(): void;
  /** Looks everywhere again, if something was skipped. */
  again(): void;
  /** Takes the missing one: true when these bytes are it. Refuses what does not hold. */
  take(bytes: Uint8Array): Result<boolean>;
}

/** What asking for certificates of the past needs. */
export interface PastAskingDependencies {
  readonly host: Pick<P2pHost, 'send' | 'wake'>;
  readonly peers: PeerTable;
  readonly past: PastSource;
}

/**
 * Asks peers for the certificates of the past that are missing here: one at a time, one peer after the other. Nothing
 * waits for them but light clients.
 */
export class PastAsking {
  readonly #deps: PastAskingDependencies;
  #nextMs = 0;
  #againMs = 0;
  /** What was asked for last, whom, and who was asked for it before. */
  #height: number | undefined;
  #asked: readonly PeerId[] = [];

  constructor(dependencies: PastAskingDependencies) {
    this.#deps = dependencies;
  }

  /** Asks for the next one, if it is time to. */
  look(nowMs: number): void {
    const { past } = this.#deps;
    if (nowMs < this.#nextMs) return;
    if (this.#againMs > 0 && nowMs >= this.#againMs) {
      this.#againMs = 0;
      past.again();
    }
    const { missing } = past;
    if (missing === undefined) {
      if (past.isBehind) this.#wait(nowMs, PAST_PAUSE_MS);
      return;
    }
    if (missing !== this.#height) [this.#height, this.#asked] = [missing, []];
    this.#ask(missing, nowMs);
  }

  /** Takes what a peer says if it is what it was asked for; what is wrong with it is to be held against the peer. */
  take(peer: PeerId, bytes: Uint8Array, nowMs: number): Result<undefined> {
    const { past } = this.#deps;
    if (this.#asked.at(-1) !== peer) return OK;
    const taken = past.take(bytes);
    if (!taken.ok) return taken;
    if (!taken.value) return OK;
    [this.#height, this.#asked] = [undefined, []];
    this.#wait(nowMs, PAST_PAUSE_MS);
    return OK;
  }

  #ask(height: number, nowMs: number): void {
    const { host, peers, past } = this.#deps;
    const ahead = [...peers.values()].filter((peer) => hasFinal(peer, height));
    if (ahead.length === 0) return;
    const peer = ahead.find(({ id }) => !this.#asked.includes(id));
    if (peer !== undefined && this.#asked.length < PAST_ASKED_MAX) {
      this.#asked = [...this.#asked, peer.id];
      host.send(peer.id, { kind: 'certificate-request', height });
      return this.#wait(nowMs, PAST_WAIT_MS);
    }
    past.skip();
    if (this.#againMs === 0) {
      this.#againMs = nowMs + PAST_AGAIN_MS;
      host.wake(this.#againMs);
    }
    this.#wait(nowMs, PAST_PAUSE_MS);
  }

  #wait(nowMs: number, waitMs: number): void {
    this.#nextMs = nowMs + waitMs;
    this.#deps.host.wake(this.#nextMs);
  }
}

/** What a peer said of its last final block may be old; its head says enough, too. */
function hasFinal({ finalHeight, head }: Peer, height: number): boolean {
  return Math.max(finalHeight, head.height) >= height;
}

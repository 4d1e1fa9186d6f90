/** When a node takes itself for caught up. */
export interface CatchUpOptions {
  /** Peers it wants to have heard before; with fewer it waits {@link CatchUpOptions.aloneReadyMs}. */
  readonly peersMin: number;
  /** How long it waits for these peers. 0 for a network that begins with this node. */
  readonly aloneReadyMs: number;
  /** Blocks it is behind at which it stops making its own. */
  readonly behindBlocks: number;
  /** How long it may be without any peer before it ends; undefined for ever. */
  readonly aloneEndMs: number | undefined;
}

/**
 * A node that a network may begin with: it does not wait for anybody. Whoever joins a network that is there already
 * wants to hear of its head first. Behind: a node two dozen blocks back would only make blocks that nobody keeps.
 */
export const CATCH_UP: CatchUpOptions = {
  peersMin: 1,
  aloneReadyMs: 0,
  behindBlocks: 24,
  aloneEndMs: undefined,
};

/**
 * How long a node that knows other nodes waits for the first of them at least: what happened while it was off decides
 * where its next block belongs. Dialling takes a second or two, and an address that is dead ten.
 */
export const KNOWN_READY_MS = 10_000;

/** What is known of the blocks this node has not got. */
export interface SyncSituation {
  readonly peers: number;
  /** Blocks of a better branch that headers have shown. */
  readonly missing: number;
  /** A peer says that it has a better head, and nothing speaks against it so far. */
  readonly isChecking: boolean;
}

/** What follows from it. */
export type CatchUpEvent = 'caught-up' | 'fell-behind' | 'alone-too-long';

/** Says when a node has caught up with its network, when it has fallen behind, and when it has been alone too long. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #startMs: number;
  #aloneSinceMs: number | undefined;
  #isCaughtUp = false;

  constructor(options: CatchUpOptions, nowMs: number) {
    this.#options = options;
    this.#startMs = nowMs;
  }

  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  /** What the situation means, if that is something new. */
  judge(situation: SyncSituation, nowMs: number): CatchUpEvent | undefined {
    const { aloneEndMs, behindBlocks } = this.#options;
    this.#aloneSinceMs = situation.peers > 0 ? undefined : (this.#aloneSinceMs ?? nowMs);
    if (aloneEndMs !== undefined && nowMs - (this.#aloneSinceMs ?? nowMs) >= aloneEndMs)
      return 'alone-too-long';
    if (this.#isCaughtUp) {
      if (situation.missing < behindBlocks) return undefined;
      this.#isCaughtUp = false;
      return 'fell-behind';
    }
    if (situation.missing > 0 || situation.isChecking || !this.#hasHeardEnough(situation.peers, nowMs))
      return undefined;
    this.#isCaughtUp = true;
    return 'caught-up';
  }

  /** When the passing of time alone may mean something new; later than `nowMs`, for which {@link judge} has spoken. */
  againMs(peers: number, nowMs: number): number {
    const { peersMin, aloneReadyMs, aloneEndMs } = this.#options;
    const readyMs = this.#isCaughtUp || peers >= peersMin ? Infinity : this.#startMs + aloneReadyMs;
    const sinceMs = this.#aloneSinceMs;
    const endMs = aloneEndMs === undefined || sinceMs === undefined ? Infinity : sinceMs + aloneEndMs;
    return Math.min(readyMs > nowMs ? readyMs : Infinity, endMs > nowMs ? endMs : Infinity);
  }

  #hasHeardEnough(peers: number, nowMs: number): boolean {
    return peers >= this.#options.peersMin || nowMs - this.#startMs >= this.#options.aloneReadyMs;
  }
}

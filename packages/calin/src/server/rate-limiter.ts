/** What a caller has left. */
export interface RateState {
  readonly allowed: boolean;
  /** Calls that may be made at once. */
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the limit is there again in full. */
  readonly resetSeconds: number;
  /** Seconds until the call that was refused may be made; 0 when it was not. */
  readonly retrySeconds: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Callers that are remembered; the one that was quiet for longest is forgotten for a new one. */
const CALLERS_MAX = 16_384;

/**
 * Counts what callers do, each in a bucket that fills again at a steady rate (the "token bucket" of RFC 2697 and many
 * others). Its memory is bounded: an unknown number of callers shares {@link CALLERS_MAX} buckets.
 */
export class RateLimiter {
  readonly #nowMs: () => number;
  readonly #burstSeconds: number;
  readonly #buckets = new Map<string, Bucket>();

  /**
   * @param nowMs - a clock that only goes on
   * @param burstSeconds - calls of so many seconds may be made at once
   */
  constructor(nowMs: () => number, burstSeconds: number) {
    this.#nowMs = nowMs;
    this.#burstSeconds = burstSeconds;
  }

  /**
   * Takes `cost` calls from the bucket of a caller, or none when it has too few.
   *
   * @param perSecond - how many calls come back each second; above 0
   */
  take(caller: string, perSecond: number, cost: number): RateState {
    const nowMs = this.#nowMs();
    const limit = Math.max(1, Math.ceil(perSecond * this.#burstSeconds));
    const known = this.#buckets.get(caller);
    const filled = known === undefined ? limit : known.tokens + ((nowMs - known.atMs) / 1000) * perSecond;
    const before = Math.min(limit, filled);
    // What is larger than any bucket is paid by a full one, or it could never be.
    const price = Math.min(cost, limit);
    const allowed = before >= price;
    const tokens = allowed ? before - price : before;
    this.#buckets.delete(caller);
    this.#buckets.set(caller, { tokens, atMs: nowMs });
    if (this.#buckets.size > CALLERS_MAX) this.#forgetOldest();
    return {
      allowed,
      limit,
      remaining: Math.floor(tokens),
      resetSeconds: Math.ceil((limit - tokens) / perSecond),
      retrySeconds: allowed ? 0 : Math.max(1, Math.ceil((price - tokens) / perSecond)),
    };
  }

  #forgetOldest(): void {
    for (const caller of this.#buckets.keys()) {
      this.#buckets.delete(caller);
      return;
    }
  }
}

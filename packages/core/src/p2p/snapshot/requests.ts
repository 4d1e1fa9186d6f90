import type { PeerId } from '../../ports/network.ts';

/** Something that was asked of a peer. */
export interface Asked<T> {
  readonly request: number;
  readonly peer: PeerId;
  readonly askedMs: number;
  readonly what: T;
}

/** Requests that wait for their answers, each of one peer, and how often each peer has failed in a row. */
export class Requests<T> {
  readonly #timeoutMs: number;
  readonly #asked = new Map<number, Asked<T>>();
  readonly #failures = new Map<PeerId, number>();

  /** @param timeoutMs - how long an answer may take */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get count(): number {
    return this.#asked.size;
  }

  countOf(peer: PeerId): number {
    let count = 0;
    for (const asked of this.#asked.values()) if (asked.peer === peer) count++;
    return count;
  }

  /** Answers in a row that a peer owes. */
  failuresOf(peer: PeerId): number {
    return this.#failures.get(peer) ?? 0;
  }

  add(asked: Asked<T>): void {
    this.#asked.set(asked.request, asked);
  }

  /** What a peer answers; undefined when it was not asked. */
  find(peer: PeerId, request: number): Asked<T> | undefined {
    const asked = this.#asked.get(request);
    return asked?.peer === peer ? asked : undefined;
  }

  /** Ends a request that has its answer. */
  done(asked: Asked<T>): void {
    this.#asked.delete(asked.request);
    this.#failures.delete(asked.peer);
  }

  /** Ends a request whose answer is of no use. */
  failed(asked: Asked<T>): void {
    this.#asked.delete(asked.request);
    this.#failures.set(asked.peer, this.failuresOf(asked.peer) + 1);
  }

  /** Takes out what has waited too long. */
  takeLate(nowMs: number): readonly Asked<T>[] {
    const late = [...this.#asked.values()].filter(({ askedMs }) => nowMs - askedMs >= this.#timeoutMs);
    for (const asked of late) this.failed(asked);
    return late;
  }

  /** When the next one is late. */
  get lateMs(): number {
    let lateMs = Number.POSITIVE_INFINITY;
    for (const { askedMs } of this.#asked.values()) lateMs = Math.min(lateMs, askedMs + this.#timeoutMs);
    return lateMs;
  }

  /** Forgets a peer that is gone, and gives back what it was asked. */
  peerGone(peer: PeerId): readonly Asked<T>[] {
    const lost = [...this.#asked.values()].filter((asked) => asked.peer === peer);
    for (const { request } of lost) this.#asked.delete(request);
    this.#failures.delete(peer);
    return lost;
  }

  clear(): void {
    this.#asked.clear();
    this.#failures.clear();
  }
}

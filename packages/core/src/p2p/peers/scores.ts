import { POINT_MS } from './limits.ts';

interface Score {
  readonly points: number;
  readonly atMs: number;
}

/**
 * Points of misbehaviour by peer or machine. They outlive the connection, so leaving and coming back clears nothing,
 * and fade by one each {@link POINT_MS}.
 */
export class Scores {
  readonly #entriesMax: number;
  readonly #scores = new Map<string, Score>();

  constructor({ entriesMax }: { readonly entriesMax: number }) {
    this.#entriesMax = entriesMax;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#scores.size;
  }

  /** The points of `key` now; 0 for one that is not remembered. */
  of(key: string, nowMs: number): number {
    const score = this.#scores.get(key);
    // A clock that was set back forgives nothing, and adds nothing.
    return score === undefined ? 0 : faded(score, nowMs);
  }

  /** Adds points and returns the sum. */
  add(key: string, points: number, nowMs: number): number {
    const sum = this.of(key, nowMs) + points;
    if (points === 0) return sum;
    this.#scores.set(key, { points: sum, atMs: nowMs });
    if (this.#scores.size > this.#entriesMax) this.#shrink(nowMs);
    return sum;
  }

  /** Forgives everything. */
  forget(key: string): void {
    this.#scores.delete(key);
  }

  /** Leaves the worse half: who floods the table with new names does not wash an old one clean. */
  #shrink(nowMs: number): void {
    const worst = [...this.#scores]
      .filter(([, score]) => faded(score, nowMs) > 0)
      .toSorted(([, a], [, b]) => faded(b, nowMs) - faded(a, nowMs));
    this.#scores.clear();
    for (const [key, score] of worst.slice(0, Math.ceil(this.#entriesMax / 2))) this.#scores.set(key, score);
  }
}

function faded({ points, atMs }: Score, nowMs: number): number {
  return Math.max(0, points - Math.max(0, nowMs - atMs) / POINT_MS);
}

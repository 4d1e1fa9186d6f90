/**
 * The outcome of checking something a stranger may have written: a value, or the rule that was broken.
 * Invalid input is returned, never thrown; a thrown error is always a bug (see {@link ./assert.ts}).
 */
export type Result<T, E = Refusal> = { readonly ok: true; readonly value: T } | Failure<E>;

/** The failing half of a {@link Result}. */
export interface Failure<E = Refusal> {
  readonly ok: false;
  readonly error: E;
}

/** Facts that show why a rule was broken; `got` and `expected` where two values differ. */
export type Evidence = Readonly<Record<string, string | number | boolean | null>>;

/** A broken rule, with everything the edge needs to answer, count, ban or retry without deriving it again. */
export interface Refusal {
  /** Stable id such as `tx/coin-missing`; listed in docs/reference/rules.md. */
  readonly rule: string;
  /** One sentence for a person: what is wrong. */
  readonly message: string;
  /** One sentence: what to do about it. */
  readonly help: string;
  readonly evidence: Evidence;
  /** Points (0 to 100) added to the score of a peer that sent this; 100 bans at once. */
  readonly banPoints: number;
  /** True when the same input may be accepted later (a missing parent, a full pool). */
  readonly retry: boolean;
}

/** Wraps a value as a success. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** The success without a value, shared to spare an allocation on hot paths. */
export const OK: { readonly ok: true; readonly value: undefined } = { ok: true, value: undefined };

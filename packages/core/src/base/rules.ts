import type { Evidence, Failure } from './result.ts';

/** One rule of the protocol as it is documented. */
export interface Rule {
  /** What is wrong, as a full sentence. */
  readonly message: string;
  /** What the sender or the user should do. */
  readonly help: string;
  /** See {@link Refusal.banPoints}; 0 when left out. */
  readonly banPoints?: number;
  /** See {@link Refusal.retry}; false when left out. */
  readonly retry?: boolean;
}

/** A folder's rules: call it to make a refusal, read `rules` to list them. */
export interface Refuser<Id extends string> {
  (rule: Id, evidence?: Evidence): Failure;
  readonly rules: Readonly<Record<Id, Rule>>;
}

/**
 * Declares the rules of one folder and returns the function that refuses by them.
 *
 * @example
 * const refuse = defineRules({ 'tx/expired': { message: 'The transaction has expired.', help: 'Sign it again.' } });
 * return refuse('tx/expired', { got: 12, expected: 10 });
 */
export function defineRules<const Id extends string>(rules: Record<Id, Rule>): Refuser<Id> {
  const refuse = (id: Id, evidence: Evidence = {}): Failure => {
    const { message, help, banPoints = 0, retry = false } = rules[id];
    return { ok: false, error: { rule: id, message, help, evidence, banPoints, retry } };
  };
  return Object.assign(refuse, { rules });
}

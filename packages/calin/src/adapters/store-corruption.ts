import type { Evidence, Refusal, Result } from '@calin/core/base/result.ts';
import { refuseAdapter } from '../rules.ts';

/**
 * Thrown by a read that meets damage on disk. Core never catches it: the edge stops the node, because a node that
 * goes on without a value that it had written would serve a wrong state.
 */
export class StoreCorruption extends Error {
  override readonly name = 'StoreCorruption';
  /** The same as a refusal, with the key in the evidence. */
  readonly refusal: Refusal;

  constructor(evidence: Evidence) {
    const { error } = refuseAdapter('store/damaged', evidence);
    super(`${error.message} ${JSON.stringify(evidence)} ${error.help}`);
    this.refusal = error;
  }
}

/**
 * What is wrong with a store that threw while it was read.
 *
 * @throws whatever else was thrown, which is a mistake of the program
 */
export function refusalOfDamage(error: unknown): Result<never> {
  if (error instanceof StoreCorruption) return { ok: false, error: error.refusal };
  throw error;
}

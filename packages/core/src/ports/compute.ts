import type { SignatureCheck } from '../crypto/signature.ts';

/** Heavy work, done elsewhere: workers on a real machine, inline in a simulator. */
export interface Compute {
  /** Checks a batch by ZIP-215 and calls back with one verdict each, in order. */
  checkSignatures(checks: readonly SignatureCheck[], done: (valid: readonly boolean[]) => void): void;
}

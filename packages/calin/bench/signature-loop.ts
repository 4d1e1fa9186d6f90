import { assert } from '@calin/core/base/assert.ts';
import type { SignatureCheck } from '@calin/core/crypto/signature.ts';
import { verifySignatureFast } from '../src/adapters/signatures.ts';

/** Signatures between two looks at the clock. */
const STEP = 32;

/** Checks signatures for a while on this thread; how many it checked per second. */
export function measureRate(checks: readonly SignatureCheck[], durationMs: number): number {
  assert(checks.length > 0, 'a rate needs signatures');
  const startMs = performance.now();
  let checked = 0;
  let passedMs = 0;
  while (passedMs < durationMs) {
    for (let i = 0; i < STEP; i++, checked++) {
      const check = checks[checked % checks.length] as SignatureCheck;
      assert(verifySignatureFast(check), 'a signature of the benchmark is invalid');
    }
    passedMs = performance.now() - startMs;
  }
  return (checked * 1000) / passedMs;
}

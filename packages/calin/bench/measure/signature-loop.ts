import { assert } from '@calin/core/base/assert.ts';
import type { SignatureCheck } from '@calin/core/crypto/signature.ts';
import { verifySignatureFast } from '../../src/adapters/signatures.ts';
import { createKey, OWNERS, signFast } from '../chain/keys.ts';

/** Signatures between two looks at the clock. */
const STEP = 32;

/** As many different signatures over messages of 32 bytes, each by a key of its own, as a block of transfers has. */
export function sampleChecks(): readonly SignatureCheck[] {
  return Array.from({ length: OWNERS }, (_, n) => {
    const key = createKey(n);
    const message = Uint8Array.from(key.address);
    return { publicKey: key.publicKey, message, signature: signFast(message, key) };
  });
}

/** What checking signatures takes. */
export interface SignatureSpeed {
  readonly perSecond: number;
  /** Microseconds of processor time of one. */
  readonly cpuUs: number;
}

/** Checks signatures for a while on this thread. */
export function measureSignatures(checks: readonly SignatureCheck[], durationMs: number): SignatureSpeed {
  assert(checks.length > 0, 'a rate needs signatures');
  const startMs = performance.now();
  const cpu = process.threadCpuUsage();
  let checked = 0;
  let passedMs = 0;
  while (passedMs < durationMs) {
    for (let i = 0; i < STEP; i++, checked++) {
      const check = checks[checked % checks.length] as SignatureCheck;
      assert(verifySignatureFast(check), 'a signature of the benchmark is invalid');
    }
    passedMs = performance.now() - startMs;
  }
  const { user, system } = process.threadCpuUsage(cpu);
  return { perSecond: (checked * 1000) / passedMs, cpuUs: (user + system) / checked };
}

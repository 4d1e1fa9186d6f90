import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TARGET_MAX } from '@calin/core/consensus/pow/compact-target.ts';
import { searchNonce } from '@calin/core/consensus/pow/search-nonce.ts';
import { hashNumber, workHash } from '@calin/core/consensus/pow/work.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import fc from 'fast-check';
import { createKernelNonceSearch } from './kernel-nonce-search.ts';

describe('the search for a nonce in the kernel', () => {
  const search = createKernelNonceSearch();

  it('finds what its twin finds, after as many attempts', () => {
    const inputs = [
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.bigInt({ min: 1n, max: 2_000n }),
      fc.oneof(fc.integer({ min: 0, max: 1 << 30 }), fc.integer({ min: 2 ** 52, max: 2 ** 53 - 5_000 })),
      fc.integer({ min: 1, max: 500 }),
    ] as const;
    fc.assert(
      fc.property(...inputs, (message, difficulty, first, quads) => {
        const target = TARGET_MAX / difficulty;
        assert.deepEqual(
          search(message, target, first, 4 * quads),
          searchNonce(message, target, first, 4 * quads),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('compares all 256 bits: the very hash is good as a target, one less is not', () => {
    for (let i = 0; i < 40; i++) {
      const message = hash('seal', Uint8Array.of(i));
      const nonce = Uint8Array.of(i, 0, 0, 0, 0, 0, 0, 0);
      const exact = hashNumber(workHash(message, nonce));
      assert.equal(search(message, exact, i, 4).attempts, searchNonce(message, exact, i, 4).attempts);
      assert.notEqual(search(message, exact, i, 4).nonce, undefined);
      assert.deepEqual(search(message, exact - 1n, i, 4), searchNonce(message, exact - 1n, i, 4));
    }
  });

  it('finds nothing under a target that no hash meets', () => {
    assert.deepEqual(search(new Uint8Array(32), 1n, 0, 40_000), { attempts: 40_000, nonce: undefined });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Amount } from '../../base/amount.ts';
import { toHex } from '../../base/bytes.ts';
import { seededRandom } from '../../base/fuzz.testing.ts';
import type { Result } from '../../base/result.ts';
import { domainKey, keyedHash, ZERO_HASH } from '../../crypto/hash.ts';
import { publicKeyOf, verifySignature } from '../../crypto/signature.ts';
import { keyAddress } from '../../primitives/address.ts';
import { type Header, sealHash } from '../../primitives/header.ts';
import { NO_VALIDATORS } from '../../primitives/validator-set.ts';
import { encodeCompact, parseCompact, TARGET_MAX } from './compact-target.ts';
import { createPow } from './create-pow.ts';
import { searchNonce } from './search-nonce.ts';
import { encodeWorkSeal, expectedHashes, hashNumber, readWorkSeal, workHash } from './work.ts';

const START_MS = 1_700_000_000_000;
const spec = { kind: 'pow', initialDifficulty: 64, blockMs: 10_000, halfLifeMs: 3_600_000 } as const;
const pow = createPow(spec, START_MS);
const publicKey = publicKeyOf(new Uint8Array(32).fill(1));
const identity = { publicKey, address: keyAddress(publicKey) };

const genesis: Header = {
  version: 1,
  height: 0,
  parent: ZERO_HASH,
  timeMs: START_MS,
  producer: ZERO_HASH,
  txRoot: ZERO_HASH,
  receiptRoot: ZERO_HASH,
  stateRoot: ZERO_HASH,
  gasUsed: 0,
  baseFee: 1 as Amount,
  seal: new Uint8Array(0),
};

const CONTEXT = { verify: verifySignature, validators: NO_VALIDATORS };

/** The block after `parent`, with the work that is asked for. */
function mined(parent: Header, timeMs: number): Header {
  const bare = { ...genesis, height: parent.height + 1, timeMs, producer: identity.address };
  const request = pow.sealRequest(bare, identity, parent, new Uint8Array(0));
  assert(request.kind === 'work');
  const { nonce } = searchNonce(request.message, parseCompact(request.bits) as bigint, 0, 1_000_000);
  assert(nonce !== undefined);
  return { ...bare, seal: encodeWorkSeal({ bits: request.bits, nonce }) };
}

function ruleOf(result: Result<undefined>): string {
  return result.ok ? 'ok' : result.error.rule;
}

function difficulty(header: Header): number {
  return Number(pow.weight(header));
}

describe('proof of work', () => {
  const block = mined(genesis, START_MS + 10_000);

  it('takes a block whose hash is small enough, whoever made it', () => {
    assert.equal(ruleOf(pow.verifyHeader(block, genesis, CONTEXT)), 'ok');
    assert.equal(ruleOf(pow.verifyHeader(block, genesis, { ...CONTEXT, verify: () => false })), 'ok');
  });

  it('hashes the header without its seal, and the nonce, under a key of its own', () => {
    const { nonce } = readWorkSeal(block.seal);
    const message = Uint8Array.of(...sealHash(block), ...nonce);
    assert.deepEqual(workHash(sealHash(block), nonce), keyedHash(domainKey('work'), message));
  });

  it('names the rule that was broken', () => {
    const { bits, nonce } = readWorkSeal(block.seal);
    const easier = encodeCompact(TARGET_MAX);
    const cases: readonly [Header, string][] = [
      [{ ...block, timeMs: START_MS }, 'consensus/time-not-later'],
      [{ ...block, gasUsed: 1 }, 'consensus/work-missing'],
      [{ ...block, seal: encodeWorkSeal({ bits, nonce: nonce.toReversed() }) }, 'consensus/work-missing'],
      [{ ...block, seal: encodeWorkSeal({ bits: easier, nonce }) }, 'consensus/target-wrong'],
      [{ ...block, seal: encodeWorkSeal({ bits: 0, nonce }) }, 'consensus/target-wrong'],
      [{ ...block, seal: block.seal.slice(1) }, 'consensus/seal-size'],
      [{ ...block, seal: Uint8Array.of(...block.seal, 0) }, 'consensus/seal-size'],
    ];
    for (const [bad, rule] of cases) assert.equal(ruleOf(pow.verifyHeader(bad, genesis, CONTEXT)), rule);
  });

  it('asks the first block for the initial difficulty', () => {
    assert.equal(difficulty(block), 64);
    for (const initialDifficulty of [1, 2, 3, 1_000, 123_456_789, Number.MAX_SAFE_INTEGER]) {
      const other = createPow({ ...spec, initialDifficulty }, START_MS);
      const request = other.sealRequest(block, identity, genesis, new Uint8Array(0));
      assert(request.kind === 'work');
      const hashes = Number(expectedHashes(parseCompact(request.bits) as bigint));
      assert.ok(Math.abs(hashes / initialDifficulty - 1) < 2 ** -15, `${hashes} for ${initialDifficulty}`);
    }
  });

  it('halves the work of a chain that is late by a half-life, and doubles it for one that is early', () => {
    const late = { ...block, timeMs: START_MS + 10_000 + 3_600_000 };
    assert.equal(difficulty(mined(late, late.timeMs + 1)), 32);
    const early = { ...block, height: 361, timeMs: START_MS + 10_000 };
    assert.equal(difficulty(mined(early, early.timeMs + 1)), 128);
  });

  it('brings blocks back to their spacing when the hash rate changes', () => {
    const random = seededRandom(5);
    const long = createPow({ ...spec, initialDifficulty: 10_000_000 }, START_MS);
    let parent = genesis;
    /** Mines with so many hashes a second, by chance alone, without looking for nonces. */
    const spacings = (blocks: number, hashesPerSecond: number): number => {
      const from = parent.timeMs;
      for (let i = 0; i < blocks; i++) {
        const bare = { ...genesis, height: parent.height + 1, timeMs: parent.timeMs + 1 };
        const request = long.sealRequest(bare, identity, parent, new Uint8Array(0));
        assert(request.kind === 'work');
        const hashes = Number(expectedHashes(parseCompact(request.bits) as bigint));
        const luck = -Math.log((random.below(1_000_000) + 1) / 1_000_001);
        const timeMs = parent.timeMs + 1 + Math.round((luck * hashes * 1000) / hashesPerSecond);
        parent = { ...bare, timeMs };
      }
      return (parent.timeMs - from) / blocks;
    };
    for (const hashesPerSecond of [1_000_000, 3_000_000, 500_000]) {
      spacings(1_500, hashesPerSecond);
      const meanMs = spacings(3_000, hashesPerSecond);
      assert.ok(Math.abs(meanMs / 10_000 - 1) < 0.08, `${meanMs} ms at ${hashesPerSecond}`);
    }
  });

  it('compares hashes as numbers of 256 bits, first byte first', () => {
    const bytes = Uint8Array.from({ length: 32 }, (_, i) => 255 - 7 * i);
    assert.equal(hashNumber(bytes), BigInt(`0x${toHex(bytes)}`));
  });
});

describe('the search for a nonce', () => {
  const message = new Uint8Array(32).fill(7);

  it('finds the first good one and counts its attempts', () => {
    const target = TARGET_MAX / 100n;
    const found = searchNonce(message, target, 5, 10_000);
    assert(found.nonce !== undefined);
    assert.equal(new DataView(found.nonce.buffer).getBigUint64(0, true), BigInt(5 + found.attempts - 1));
    assert.ok(hashNumber(workHash(message, found.nonce)) <= target);
    assert.equal(searchNonce(message, target, 5, found.attempts - 1).nonce, undefined);
  });

  it('takes as many attempts as the target says, on average', () => {
    let attempts = 0;
    for (let i = 0; i < 400; i++) {
      attempts += searchNonce(
        Uint8Array.from(message, (byte) => byte + i),
        TARGET_MAX / 50n,
        i * 1_000,
        10_000,
      ).attempts;
    }
    assert.ok(Math.abs(attempts / 400 / 50 - 1) < 0.15, `${attempts / 400}`);
  });
});

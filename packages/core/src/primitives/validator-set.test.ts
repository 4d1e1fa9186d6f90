import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { arbitraryValidatorSet } from './arbitrary.testing.ts';
import { VALIDATORS_MAX } from './limits.ts';
import {
  decodeValidatorSet,
  encodeValidatorSet,
  epochOfHeight,
  epochStart,
  honestWeight,
  parseValidatorSet,
  quorumWeight,
  sortValidators,
  totalWeight,
  type Validator,
  type ValidatorSet,
  validatorIndex,
} from './validator-set.ts';

const ZEROS = new Uint8Array(32);

function setOf(...weights: number[]): ValidatorSet {
  return { epoch: 7, members: weights.map((weight, i) => member(i, weight)), seed: ZEROS };
}

/** The member at a position; keys ascend with it. */
function member(i: number, weight: number): Validator {
  const publicKey = new Uint8Array(32);
  publicKey[0] = i >>> 8;
  publicKey[1] = i & 0xff;
  return { publicKey, weight };
}

function ruleOf(bytes: Uint8Array): string {
  const parsed = parseValidatorSet(bytes);
  return parsed.ok ? 'ok' : parsed.error.rule;
}

describe('the encoding of validator sets', () => {
  it('has 40 bytes and 40 for each member', () => {
    assert.equal(encodeValidatorSet(setOf(1)).length, 80);
    const largest = setOf(...Array.from({ length: VALIDATORS_MAX }, (_, i) => i + 1));
    const bytes = encodeValidatorSet(largest);
    assert.equal(bytes.length, 40 + 40 * VALIDATORS_MAX);
    assert.deepEqual(decodeValidatorSet(bytes), largest);
  });

  it('refuses no member and more than 1,024', () => {
    const bytes = encodeValidatorSet(setOf(...Array.from({ length: VALIDATORS_MAX }, () => 1)));
    const more = new Uint8Array(bytes.length + 40);
    more.set(bytes);
    more.set([1, 4], 4);
    assert.equal(ruleOf(more), 'codec/limit');
    assert.equal(ruleOf(new Uint8Array(40)), 'codec/not-canonical');
    assert.throws(() => encodeValidatorSet(setOf()), /0 validators/);
  });

  it('refuses members that are equal or in another order', () => {
    const [a, b] = [member(1, 5), member(2, 5)];
    const bytes = encodeValidatorSet({ epoch: 0, members: [a, b], seed: ZEROS });
    const [head, first, second] = [bytes.subarray(0, 40), bytes.subarray(40, 80), bytes.subarray(80)];
    assert.equal(ruleOf(Uint8Array.of(...head, ...first, ...second)), 'ok');
    assert.equal(ruleOf(Uint8Array.of(...head, ...second, ...first)), 'codec/not-canonical');
    assert.equal(ruleOf(Uint8Array.of(...head, ...first, ...first)), 'codec/not-canonical');
    assert.throws(() => encodeValidatorSet({ epoch: 0, members: [b, a], seed: ZEROS }), /ascending/);
  });

  it('refuses a weight of zero and a sum above 2^53 − 1', () => {
    const max = Number.MAX_SAFE_INTEGER;
    assert.equal(ruleOf(encodeValidatorSet(setOf(max - 1, 1))), 'ok');
    for (const weights of [[0], [max, 1], [1, max], [max, max, max], [1.5], [-1]]) {
      assert.throws(() => encodeValidatorSet(setOf(...weights)), /weight/);
    }
    const bytes = encodeValidatorSet(setOf(max - 1, 1));
    bytes[80 + 32] = 2;
    assert.equal(ruleOf(bytes), 'codec/not-canonical');
    bytes[80 + 32] = 0;
    assert.equal(ruleOf(bytes), 'codec/not-canonical');
  });

  it('stops on bytes that this program cannot have written', () => {
    assert.throws(() => decodeValidatorSet(new Uint8Array(3)), /malformed validator set/);
  });
});

describe('quorums', () => {
  it('are the smallest weight above two thirds', () => {
    const expected = [1, 2, 3, 3, 4, 5, 5, 6, 7, 7];
    for (const [i, quorum] of expected.entries()) assert.equal(quorumWeight(setOf(i + 1)), quorum);
    assert.equal(quorumWeight(setOf(Number.MAX_SAFE_INTEGER)), 6_004_799_503_160_661);
    fc.assert(
      fc.property(arbitraryValidatorSet, (set) => {
        const [total, quorum] = [BigInt(totalWeight(set)), BigInt(quorumWeight(set))];
        assert.ok(3n * quorum > 2n * total);
        assert.ok(3n * (quorum - 1n) <= 2n * total);
      }),
    );
  });

  it('share somebody honest when those who break the rules weigh less than a third', () => {
    fc.assert(
      fc.property(arbitraryValidatorSet, (set) => {
        const total = BigInt(totalWeight(set));
        const shared = 2n * BigInt(quorumWeight(set)) - total;
        const honest = BigInt(honestWeight(set));
        assert.ok(shared >= honest);
        assert.ok(3n * (honest - 1n) < total && 3n * honest >= total);
      }),
    );
  });
});

describe('members', () => {
  it('are found by their key', () => {
    fc.assert(
      fc.property(arbitraryValidatorSet, fc.uint8Array({ minLength: 32, maxLength: 32 }), (set, other) => {
        for (const [i, { publicKey }] of set.members.entries())
          assert.equal(validatorIndex(set, publicKey), i);
        const known = set.members.findIndex(({ publicKey }) =>
          publicKey.every((byte, i) => byte === other[i]),
        );
        assert.equal(validatorIndex(set, other), known < 0 ? undefined : known);
      }),
    );
  });

  it('are sorted by their key', () => {
    const sorted = [1, 2, 3].map((i) => member(i, i));
    assert.deepEqual(sortValidators([sorted[2], sorted[0], sorted[1]] as Validator[]), sorted);
  });
});

describe('epochs', () => {
  it('begin behind the genesis block', () => {
    assert.deepEqual(
      [0, 1, 10, 11, 20, 21].map((height) => epochOfHeight(height, 10)),
      [0, 0, 0, 1, 1, 2],
    );
    assert.deepEqual([epochOfHeight(5, 1), epochStart(4, 1)], [4, 5]);
    for (const epoch of [0, 1, 7]) {
      assert.equal(epochOfHeight(epochStart(epoch, 10), 10), epoch);
      if (epoch > 0) assert.equal(epochOfHeight(epochStart(epoch, 10) - 1, 10), epoch - 1);
    }
  });
});

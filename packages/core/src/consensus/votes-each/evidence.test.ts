import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { equalBytes } from '../../base/bytes.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { mockKey, mockSet, mockVerify } from '../voting/mock-signatures.testing.ts';
import { encodeEvidence, parseEvidence, verifyEvidence } from './evidence.ts';
import type { SignedVote } from './vote.ts';
import { blockId, voteOf } from './votes.testing.ts';

const set = mockSet(0, [1, 1, 1, 1]);

function judge(a: SignedVote, b: SignedVote) {
  const parsed = parseEvidence(encodeEvidence(a, b));
  return parsed.ok ? verifyEvidence(parsed.value, set, CHAIN_ID, mockVerify) : parsed;
}

function ruleOf(a: SignedVote, b: SignedVote): string {
  const judged = judge(a, b);
  return judged.ok ? judged.value.offence : judged.error.rule;
}

describe('evidence', () => {
  it('names who votes twice in one round', () => {
    for (const kind of ['proposal', 'prevote', 'precommit'] as const) {
      const [a, b] = [voteOf(2, { kind }), voteOf(2, { kind, blockId: blockId(2) })];
      const judged = judge(a, b);
      assert.ok(judged.ok && judged.value.offence === 'double-sign');
      assert.deepEqual(judged.value.offender, mockKey(2));
      assert.deepEqual(judge(b, a), judged);
    }
    assert.equal(ruleOf(voteOf(0), voteOf(0, { blockId: ZERO_HASH })), 'double-sign');
    assert.equal(ruleOf(voteOf(0, { round: 4 }), voteOf(0, { round: 4, validRound: 1 })), 'double-sign');
  });

  it('names who breaks a lock', () => {
    const locked = voteOf(1, { kind: 'precommit', round: 2 });
    const later = { round: 5, blockId: blockId(2) };
    for (const validRound of [-1, 0, 1])
      assert.equal(ruleOf(locked, voteOf(1, { ...later, validRound })), 'lock-break');
    for (const honest of [
      voteOf(1, { ...later, validRound: 2 }),
      voteOf(1, { ...later, blockId: ZERO_HASH }),
      voteOf(1, { ...later, blockId: blockId(1) }),
      voteOf(1, { ...later, round: 1 }),
      voteOf(1, { ...later, kind: 'precommit' }),
    ]) {
      assert.equal(ruleOf(locked, honest), 'consensus/evidence-invalid');
    }
    const nil = voteOf(1, { kind: 'precommit', round: 2, blockId: ZERO_HASH });
    assert.equal(ruleOf(nil, voteOf(1, later)), 'consensus/evidence-invalid');
  });

  it('is refused when the votes agree with the rules, or were not signed', () => {
    const vote = voteOf(0);
    for (const other of [
      voteOf(1, { blockId: blockId(2) }),
      voteOf(0, { blockId: blockId(2), height: 2 }),
      voteOf(0, { blockId: blockId(2), round: 1 }),
      voteOf(0, { blockId: blockId(2), kind: 'precommit' }),
    ]) {
      assert.equal(ruleOf(vote, other), 'consensus/evidence-invalid');
    }
    const forged = { ...voteOf(1, { blockId: blockId(2) }), member: 0 };
    assert.equal(ruleOf(vote, forged), 'consensus/vote-signature');
    const [stranger, other] = [voteOf(9), voteOf(9, { blockId: blockId(2) })];
    assert.equal(ruleOf(stranger, other), 'consensus/vote-stranger');
    const [late, later] = [voteOf(0, { epoch: 1 }), voteOf(0, { epoch: 1, blockId: blockId(2) })];
    assert.equal(ruleOf(late, later), 'consensus/vote-epoch');
    assert.equal(ruleOf(vote, vote), 'codec/not-canonical');
  });

  it('has one encoding, and one id for each thing that was signed twice', () => {
    const [a, b, c] = [1, 2, 3].map((byte) => voteOf(3, { blockId: blockId(byte) })) as [
      SignedVote,
      SignedVote,
      SignedVote,
    ];
    const bytes = encodeEvidence(a, b);
    assert.deepEqual(encodeEvidence(b, a), bytes);
    const swapped = Uint8Array.of(...bytes.subarray(120), ...bytes.subarray(0, 120));
    assert.equal(parseEvidence(swapped).ok, false);
    const ids = [judge(a, b), judge(a, c), judge(c, b)].map((one) => (one.ok ? one.value.id : ZERO_HASH));
    for (const id of ids) assert.ok(equalBytes(id, ids[0] as Uint8Array) && !equalBytes(id, ZERO_HASH));
    const another = judge(voteOf(3, { round: 1 }), voteOf(3, { round: 1, blockId: blockId(2) }));
    assert.ok(another.ok && !equalBytes(another.value.id, ids[0] as Uint8Array));
  });
});

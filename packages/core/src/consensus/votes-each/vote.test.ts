import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { equalBytes } from '../../base/bytes.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { mockSet, mockVerify } from '../voting/mock-signatures.testing.ts';
import {
  type Certificate,
  certificateChecks,
  encodeCertificate,
  parseCertificate,
  parseVotingMessage,
  verifyCertificate,
} from './certificate.ts';
import { encodeSignedVote, SIGNED_VOTE_BYTES, voteMessage } from './vote.ts';
import { VoteTally } from './vote-tally.ts';
import { blockId, voteOf } from './votes.testing.ts';

const set = mockSet(0, [1, 1, 1, 1]);

function ruleOf(bytes: Uint8Array): string {
  const parsed = parseVotingMessage(bytes);
  return parsed.ok ? 'ok' : parsed.error.rule;
}

function certificateOf(members: readonly number[], kind: Certificate['kind'] = 'precommit'): Certificate {
  const tally = new VoteTally(set);
  const votes = members.map((member) => voteOf(member, { kind }));
  for (const vote of votes) tally.add(vote);
  return tally.certificate(votes[0] as (typeof votes)[0], kind);
}

describe('votes', () => {
  it('are read back from 120 bytes', () => {
    for (const vote of [
      voteOf(3, { kind: 'proposal', round: 9, validRound: 4 }),
      voteOf(0, { blockId: ZERO_HASH }),
      voteOf(1_023, { kind: 'precommit', height: 0xffff_ffff, epoch: 7 }),
    ]) {
      const bytes = encodeSignedVote(vote);
      assert.equal(bytes.length, SIGNED_VOTE_BYTES);
      assert.deepEqual(parseVotingMessage(bytes), { ok: true, value: { kind: 'vote', vote } });
      assert.equal(ruleOf(bytes.subarray(1)).startsWith('codec/'), true);
      assert.equal(ruleOf(Uint8Array.of(...bytes, 0)), 'codec/trailing-bytes');
    }
  });

  it('are refused when they say what no vote can', () => {
    const refused = [
      voteOf(0, { kind: 'proposal', round: 3, validRound: 3 }),
      voteOf(0, { kind: 'proposal', blockId: ZERO_HASH }),
      voteOf(0, { kind: 'precommit', round: 3, validRound: 0 }),
      voteOf(0, { round: 3, validRound: 1, blockId: ZERO_HASH }),
    ];
    for (const vote of refused) assert.equal(ruleOf(encodeSignedVote(vote)), 'codec/not-canonical');
    assert.equal(ruleOf(encodeSignedVote(voteOf(0, { round: 65_536 }))), 'codec/limit');
    assert.equal(ruleOf(encodeSignedVote({ ...voteOf(0), member: 1_024 })), 'codec/limit');
    assert.equal(ruleOf(new Uint8Array(SIGNED_VOTE_BYTES).fill(4)), 'codec/unknown-tag');
  });

  it('are signed over every field and the chain', () => {
    const vote = voteOf(0, { round: 5 });
    const messages = [
      voteMessage(CHAIN_ID, vote),
      voteMessage(blockId(9), vote),
      voteMessage(CHAIN_ID, { ...vote, kind: 'precommit' }),
      voteMessage(CHAIN_ID, { ...vote, epoch: 1 }),
      voteMessage(CHAIN_ID, { ...vote, height: 2 }),
      voteMessage(CHAIN_ID, { ...vote, round: 6 }),
      voteMessage(CHAIN_ID, { ...vote, validRound: 2 }),
      voteMessage(CHAIN_ID, { ...vote, blockId: blockId(2) }),
    ];
    for (const [i, one] of messages.entries())
      for (const other of messages.slice(i + 1)) assert.ok(!equalBytes(one, other));
    assert.deepEqual(voteMessage(CHAIN_ID, voteOf(2)), voteMessage(CHAIN_ID, voteOf(3)));
  });
});

describe('certificates', () => {
  const rule = (certificate: Certificate, against = set): string => {
    const verdict = verifyCertificate(certificate, against, CHAIN_ID, mockVerify);
    return verdict.ok ? 'ok' : verdict.error.rule;
  };

  it('are read back and hold with more than two thirds', () => {
    for (const members of [
      [0, 1, 2],
      [3, 1, 0],
      [0, 1, 2, 3],
    ]) {
      for (const kind of ['prevote', 'precommit'] as const) {
        const certificate = certificateOf(members, kind);
        assert.deepEqual(parseCertificate(encodeCertificate(certificate)), { ok: true, value: certificate });
        assert.equal(rule(certificate), 'ok');
        const checks = certificateChecks(certificate, set, CHAIN_ID);
        assert.ok(checks.ok && checks.value.length === members.length);
      }
    }
  });

  it('are refused with less weight, of another set, or with any signature changed', () => {
    assert.equal(rule(certificateOf([0, 1])), 'consensus/certificate-weight');
    const certificate = certificateOf([0, 1, 2]);
    assert.equal(rule(certificate, mockSet(0, [1, 1, 1])), 'consensus/vote-stranger');
    assert.equal(rule(certificate, mockSet(1, [1, 1, 1, 1])), 'consensus/vote-epoch');
    assert.equal(rule(certificate, mockSet(0, [1, 1, 1, 9])), 'consensus/certificate-weight');
    for (const i of [0, 1, 2]) {
      const signatures = certificate.signatures.map((one, at) => (at === i ? one.with(7, 1) : one));
      assert.equal(rule({ ...certificate, signatures }), 'consensus/vote-signature');
    }
    for (const changed of [
      { height: 2 },
      { round: 1 },
      { blockId: blockId(2) },
      { kind: 'prevote' as const },
    ])
      assert.equal(rule({ ...certificate, ...changed }), 'consensus/vote-signature');
  });

  it('have one encoding', () => {
    const bytes = encodeCertificate(certificateOf([0, 1, 2]));
    const [validRoundAt, countAt, bitmapAt] = [16, 52, 56];
    assert.deepEqual([bytes[countAt], bytes[bitmapAt]], [4, 0b111]);
    for (const [at, value] of [
      [bitmapAt, 0b1_0111],
      [bitmapAt + 1, 1],
      [countAt, 200],
      [validRoundAt, 2],
    ] as const) {
      const parsed = parseCertificate(bytes.with(at, value));
      assert.ok(!parsed.ok && parsed.error.rule.startsWith('codec/'), `byte ${at}`);
    }
    const nil = bytes.slice();
    nil.fill(0, 20, 52);
    assert.equal(parseCertificate(nil).ok, false);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { mockKey, mockSet, mockVerify } from '../voting/mock-signatures.testing.ts';
import { encodeCertificate } from './certificate.ts';
import { encodeEvidence } from './evidence.ts';
import { createVotesEachJudge } from './judge.ts';
import type { SignedVote, VoteKind } from './vote.ts';
import { VoteTally } from './vote-tally.ts';
import { blockId, voteOf } from './votes.testing.ts';

const set = mockSet(0, [1, 1, 1, 1]);
const judge = createVotesEachJudge({
  chainId: CHAIN_ID,
  epochBlocks: 10,
  validators: { at: (epoch) => (epoch === 0 ? set : undefined) },
  verify: mockVerify,
});

function certificateOf(kind: Exclude<VoteKind, 'proposal'>, height: number, members: readonly number[]) {
  const tally = new VoteTally(set);
  const votes = members.map((member) => voteOf(member, { kind, height }));
  for (const vote of votes) tally.add(vote);
  return encodeCertificate(tally.certificate(votes[0] as SignedVote, kind));
}

const ruleOf = (result: { readonly ok: boolean; readonly error?: { readonly rule: string } }) =>
  result.ok ? 'ok' : result.error?.rule;

describe('the judge of votes on each block', () => {
  it('names the offender', () => {
    const judged = judge.evidence(encodeEvidence(voteOf(2), voteOf(2, { blockId: blockId(2) })));
    assert.ok(judged.ok);
    assert.deepEqual(judged.value.offender, mockKey(2));
    assert.equal(judged.value.offence, 'double-sign');
  });

  it('names who signed a certificate', () => {
    const signers = [0, 1, 3].map(mockKey);
    assert.deepEqual(judge.certificate(certificateOf('precommit', 10, [0, 1, 3])), {
      ok: true,
      value: { epoch: 0, height: 10, signers },
    });
  });

  it('refuses what does not hold', () => {
    const other = { blockId: blockId(2), height: 11 };
    assert.equal(
      ruleOf(judge.certificate(certificateOf('prevote', 10, [0, 1, 3]))),
      'consensus/certificate-kind',
    );
    assert.equal(
      ruleOf(judge.certificate(certificateOf('precommit', 10, [0, 1]))),
      'consensus/certificate-weight',
    );
    assert.equal(
      ruleOf(judge.certificate(certificateOf('precommit', 11, [0, 1, 3]))),
      'consensus/vote-epoch',
    );
    assert.equal(
      ruleOf(judge.evidence(encodeEvidence(voteOf(2, { height: 11 }), voteOf(2, other)))),
      'consensus/vote-epoch',
    );
    assert.equal(ruleOf(judge.evidence(encodeEvidence(voteOf(2), voteOf(3)))), 'consensus/evidence-invalid');
    for (const refused of [judge.evidence(new Uint8Array(5)), judge.certificate(new Uint8Array(5))])
      assert.match(ruleOf(refused) ?? '', /^codec\//);
  });
});

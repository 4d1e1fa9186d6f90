import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { mockKey, mockSet, mockVerify } from '../voting/mock-signatures.testing.ts';
import { encodeLinkEvidence } from './evidence.ts';
import { createVotesJudge } from './judge.ts';
import { encodeLinkCertificate } from './link.ts';
import { linkCertificate, linkOf, linkVote } from './links.testing.ts';

const judge = createVotesJudge({
  chainId: CHAIN_ID,
  epochBlocks: 10,
  validators: { at: (epoch) => (epoch < 2 ? mockSet(epoch, [1, 1, 1, 1]) : undefined) },
  verify: mockVerify,
});

const ruleOf = (result: { readonly ok: boolean; readonly error?: { readonly rule: string } }) =>
  result.ok ? 'ok' : result.error?.rule;

describe('the judge of votes on checkpoints', () => {
  it('names the offender', () => {
    const judged = judge.evidence(
      encodeLinkEvidence(linkVote(2, linkOf(4, 8)), linkVote(2, linkOf(0, 12, 1))),
    );
    assert.ok(judged.ok);
    assert.deepEqual([judged.value.offender, judged.value.offence], [mockKey(2), 'surround']);
  });

  it('names who signed a certificate', () => {
    assert.deepEqual(judge.certificate(encodeLinkCertificate(linkCertificate([0, 1, 3], linkOf(8, 12, 1)))), {
      ok: true,
      value: { epoch: 1, height: 12, signers: [0, 1, 3].map(mockKey) },
    });
  });

  it('refuses what does not hold', () => {
    const rule = (members: readonly number[], source: number, target: number, epoch: number) =>
      ruleOf(
        judge.certificate(encodeLinkCertificate(linkCertificate(members, linkOf(source, target, epoch)))),
      );
    assert.equal(rule([0, 1], 4, 8, 0), 'consensus/certificate-weight');
    assert.equal(rule([0, 1, 3], 4, 8, 1), 'consensus/vote-epoch');
    assert.equal(rule([0, 1, 3], 4, 40, 3), 'consensus/vote-validators-unknown');
    for (const refused of [judge.evidence(new Uint8Array(5)), judge.certificate(new Uint8Array(5))])
      assert.match(ruleOf(refused) ?? '', /^codec\//);
  });
});

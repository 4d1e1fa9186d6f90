import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { equalBytes } from '../../base/bytes.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import { CONSENSUS_BYTES_MAX } from '../../p2p/messages/limits.ts';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { mockKey, mockSet, mockVerify } from '../voting/mock-signatures.testing.ts';
import {
  encodeLinkEvidence,
  linkConflictEvidence,
  parseLinkEvidence,
  verifyLinkEvidence,
} from './evidence.ts';
import {
  encodeLinkCertificate,
  encodeLinkVote,
  LINK_VOTE_BYTES,
  type LinkCertificate,
  type LinkVote,
  linkMessage,
  linkOffence,
  parseLinkCertificate,
  parseLinkMessage,
  verifyLinkCertificate,
} from './link.ts';
import { checkpoint, linkCertificate, linkOf, linkVote } from './links.testing.ts';

const set = mockSet(0, [1, 1, 1, 1]);
const validators = { at: (epoch: number) => (epoch < 3 ? mockSet(epoch, [1, 1, 1, 1]) : undefined) };

describe('votes for links', () => {
  it('are read back from 148 bytes', () => {
    const vote = linkVote(1_023, linkOf(0xffff_fffe, 0xffff_ffff, 7));
    const bytes = encodeLinkVote(vote);
    assert.equal(bytes.length, LINK_VOTE_BYTES);
    assert.deepEqual(parseLinkMessage(bytes), { ok: true, value: { kind: 'vote', vote } });
    for (const bad of [bytes.subarray(1), Uint8Array.of(...bytes, 0), bytes.with(0, 5), bytes.with(0, 3)])
      assert.equal(parseLinkMessage(bad).ok, false);
  });

  it('are refused when they do not lead upwards', () => {
    for (const [source, target] of [
      [8, 8],
      [8, 4],
    ] as const) {
      const parsed = parseLinkMessage(encodeLinkVote(linkVote(0, linkOf(source, target))));
      assert.ok(!parsed.ok && parsed.error.rule === 'codec/not-canonical');
    }
    const parsed = parseLinkMessage(encodeLinkVote({ ...linkVote(0, linkOf(0, 4)), member: 1_024 }));
    assert.ok(!parsed.ok && parsed.error.rule === 'codec/limit');
  });

  it('are signed over every field and the chain', () => {
    const link = linkOf(4, 8);
    const messages = [
      linkMessage(CHAIN_ID, link),
      linkMessage(ZERO_HASH, link),
      linkMessage(CHAIN_ID, { ...link, epoch: 1 }),
      linkMessage(CHAIN_ID, { ...link, source: checkpoint(5) }),
      linkMessage(CHAIN_ID, { ...link, source: checkpoint(4, 9) }),
      linkMessage(CHAIN_ID, { ...link, target: checkpoint(9) }),
      linkMessage(CHAIN_ID, { ...link, target: checkpoint(8, 9) }),
    ];
    for (const [i, one] of messages.entries())
      for (const other of messages.slice(i + 1)) assert.ok(!equalBytes(one, other));
  });
});

describe('supermajority links', () => {
  const rule = (certificate: LinkCertificate, against = set): string => {
    const verdict = verifyLinkCertificate(certificate, against, CHAIN_ID, mockVerify);
    return verdict.ok ? 'ok' : verdict.error.rule;
  };

  it('are read back and hold with more than two thirds', () => {
    const certificate = linkCertificate([0, 2, 3], linkOf(4, 8));
    assert.deepEqual(parseLinkCertificate(encodeLinkCertificate(certificate)), {
      ok: true,
      value: certificate,
    });
    assert.equal(rule(certificate), 'ok');
    assert.equal(rule(linkCertificate([0, 2], linkOf(4, 8))), 'consensus/certificate-weight');
    assert.equal(rule(certificate, mockSet(1, [1, 1, 1, 1])), 'consensus/vote-epoch');
    assert.equal(rule({ ...certificate, target: checkpoint(12) }), 'consensus/vote-signature');
  });
});

it('a certificate of as many validators as there can be fits into a message', () => {
  const indices = Array.from({ length: VALIDATORS_MAX }, (_, i) => i);
  const signatures = indices.map(() => new Uint8Array(64));
  const certificate = { ...linkOf(4, 8), memberCount: VALIDATORS_MAX, indices, signatures };
  const bytes = encodeLinkCertificate(certificate);
  assert.ok(bytes.length <= CONSENSUS_BYTES_MAX);
  assert.deepEqual(parseLinkCertificate(bytes), { ok: true, value: certificate });
});

describe('the slashing conditions', () => {
  it('are two votes for one height, and one vote around another', () => {
    const offences: readonly [number, number, number, number, string | undefined][] = [
      [0, 4, 4, 8, undefined],
      [0, 4, 0, 8, undefined],
      [0, 8, 8, 12, undefined],
      [0, 8, 4, 12, undefined],
      [0, 8, 4, 8, 'double-sign'],
      [0, 12, 4, 8, 'surround'],
      [4, 8, 0, 12, 'surround'],
      [0, 12, 0, 8, undefined],
      [4, 8, 4, 8, undefined],
    ];
    for (const [s1, t1, s2, t2, offence] of offences) {
      assert.equal(linkOffence(linkOf(s1, t1), linkOf(s2, t2)), offence);
      assert.equal(linkOffence(linkOf(s2, t2), linkOf(s1, t1)), offence);
    }
    assert.equal(linkOffence(linkOf(4, 8), { ...linkOf(4, 8), target: checkpoint(8, 9) }), 'double-sign');
  });

  it('are shown by evidence that anybody checks', () => {
    const judge = (a: LinkVote, b: LinkVote) => {
      const parsed = parseLinkEvidence(encodeLinkEvidence(a, b));
      return parsed.ok ? verifyLinkEvidence(parsed.value, validators, CHAIN_ID, mockVerify) : parsed;
    };
    const ruleOf = (a: LinkVote, b: LinkVote): string => {
      const judged = judge(a, b);
      return judged.ok ? judged.value.offence : judged.error.rule;
    };
    const [inner, outer] = [linkVote(2, linkOf(4, 8)), linkVote(2, linkOf(0, 12, 1))];
    const judged = judge(inner, outer);
    assert.ok(judged.ok);
    const { offender, epoch, offence, id } = judged.value;
    assert.deepEqual([offender, epoch, offence], [mockKey(2), 0, 'surround']);
    assert.deepEqual(judge(outer, inner), judged);
    const again = judge(
      linkVote(2, linkOf(4, 8)),
      linkVote(2, { ...linkOf(0, 12, 1), target: checkpoint(12, 9) }),
    );
    assert.ok(again.ok && equalBytes(again.value.id, id));
    assert.equal(ruleOf(inner, linkVote(2, linkOf(0, 8))), 'double-sign');
    assert.equal(ruleOf(inner, linkVote(2, linkOf(8, 12))), 'consensus/evidence-invalid');
    assert.equal(ruleOf(inner, linkVote(3, linkOf(0, 12))), 'consensus/evidence-invalid');
    assert.equal(ruleOf(inner, { ...linkVote(3, linkOf(0, 12)), member: 2 }), 'consensus/vote-signature');
    assert.equal(ruleOf(inner, linkVote(2, linkOf(0, 12, 3))), 'consensus/vote-validators-unknown');
    assert.equal(ruleOf(linkVote(9, linkOf(4, 8)), linkVote(9, linkOf(0, 12))), 'consensus/vote-stranger');
    assert.equal(ruleOf(inner, inner), 'codec/not-canonical');
  });

  it('are found in two certificates', () => {
    const [a, b] = [linkCertificate([0, 1, 2], linkOf(4, 8)), linkCertificate([1, 2, 3], linkOf(0, 12))];
    const guilty = linkConflictEvidence(a, b, validators).map((bytes) => {
      const parsed = parseLinkEvidence(bytes);
      const judged = parsed.ok ? verifyLinkEvidence(parsed.value, validators, CHAIN_ID, mockVerify) : parsed;
      return judged.ok ? judged.value.offender[1] : judged.error.rule;
    });
    assert.deepEqual(guilty, [1, 2]);
    assert.deepEqual(linkConflictEvidence(a, linkCertificate([1, 2, 3], linkOf(8, 12)), validators), []);
  });
});

import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../../base/fuzz.testing.ts';
import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { engineFuzz, FUZZ_SET } from '../voting/engine-fuzz.testing.ts';
import { mockVerify } from '../voting/mock-signatures.testing.ts';
import { encodeCertificate, parseCertificate, parseVotingMessage } from './certificate.ts';
import { encodeEvidence, parseEvidence, verifyEvidence } from './evidence.ts';
import { encodeSignedVote, type SignedVote } from './vote.ts';
import { VoteTally } from './vote-tally.ts';
import { blockId, voteOf } from './votes.testing.ts';
import { VotesEachEngine } from './votes-each-engine.ts';

/** Damaged votes, certificates and evidence. */
export const fuzz: FuzzTarget = engineFuzz({
  name: 'votes-each',
  create: (dependencies) => {
    const timeouts = { proposeMs: 100, voteMs: 50, growthMs: 10, blockMs: 0, resendMs: 200 };
    return new VotesEachEngine(timeouts, dependencies);
  },
  final: { id: blockId(9), height: 0, parent: blockId(0) },
  votesMax: 240,
  sample,
  checkEncodings,
});

function checkEncodings(bytes: Uint8Array): void {
  const message = parseVotingMessage(bytes);
  if (message.ok) {
    const { value } = message;
    const again = value.kind === 'vote' ? encodeSignedVote(value.vote) : encodeCertificate(value.certificate);
    assert(equalBytes(again, bytes), 'a message has one encoding');
  }
  const certificate = parseCertificate(bytes);
  if (certificate.ok) assert(equalBytes(encodeCertificate(certificate.value), bytes), 'one encoding');
  const evidence = parseEvidence(bytes);
  if (!evidence.ok) return;
  assert(equalBytes(encodeEvidence(...evidence.value), bytes), 'evidence has one encoding');
  verifyEvidence(evidence.value, FUZZ_SET, CHAIN_ID, mockVerify);
}

function sample(random: SeededRandom): Uint8Array {
  const draw = (member = random.below(6)): SignedVote =>
    voteOf(member, {
      kind: random.pick(['proposal', 'prevote', 'precommit'] as const),
      round: random.below(4),
      height: 1 + random.below(3),
      blockId: blockId(1 + random.below(2)),
    });
  const vote = draw();
  if (random.oneIn(3)) return encodeEvidence(vote, draw(vote.member));
  if (random.oneIn(2)) return encodeSignedVote(vote);
  const tally = new VoteTally(FUZZ_SET);
  const votes = [0, 1].map((member) => voteOf(member, { kind: 'precommit' }));
  for (const one of votes) tally.add(one);
  return encodeCertificate(tally.certificate(votes[0] as SignedVote, 'precommit'));
}

import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../../base/fuzz.testing.ts';
import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { mockKey, mockSet, mockVerify } from '../voting/mock-signatures.testing.ts';
import { encodeCertificate, parseCertificate, parseVotingMessage } from './certificate.ts';
import { encodeEvidence, parseEvidence, verifyEvidence } from './evidence.ts';
import { encodeSignedVote, type SignedVote } from './vote.ts';
import { VoteTally } from './vote-tally.ts';
import { blockId, voteOf } from './votes.testing.ts';
import { VotesEachEngine } from './votes-each-engine.ts';

const set = mockSet(0, [1, 1, 1, 1]);
const GENESIS = { id: blockId(9), height: 0, parent: blockId(0) };

/**
 * Damaged votes, certificates and evidence: parsers never throw, what they take has one encoding, and an engine that
 * hears all of it stays bounded and votes for nothing.
 */
export const fuzz: FuzzTarget = {
  name: 'votes-each',
  run(random: SeededRandom, iterations: number): void {
    const engine = createEngine();
    for (let i = 0; i < iterations; i++) {
      const bytes = damage(sample(random), random);
      checkEncodings(bytes);
      for (const effect of engine.step({ kind: 'message', bytes, from: 'peer' }, i)) {
        assert(effect.kind !== 'finalise', 'nothing was decided');
      }
      assert(engine.sizes().votes <= 240 && engine.sizes().certificates === 0, 'votes are bounded');
    }
  },
};

function createEngine(): VotesEachEngine {
  const timeouts = { proposeMs: 100, voteMs: 50, growthMs: 10, blockMs: 0, resendMs: 200 };
  const engine = new VotesEachEngine(timeouts, {
    chainId: CHAIN_ID,
    epochBlocks: 1_000,
    publicKey: mockKey(0),
    validators: { at: (epoch) => (epoch === 0 ? set : undefined) },
    blocks: { ancestor: () => undefined },
    verify: mockVerify,
  });
  engine.step({ kind: 'start', final: GENESIS, certificate: undefined, record: undefined }, 0);
  return engine;
}

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
  verifyEvidence(evidence.value, set, CHAIN_ID, mockVerify);
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
  const tally = new VoteTally(set);
  const votes = [0, 1].map((member) => voteOf(member, { kind: 'precommit' }));
  for (const one of votes) tally.add(one);
  return encodeCertificate(tally.certificate(votes[0] as SignedVote, 'precommit'));
}

function damage(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const copy = bytes.slice(0, random.oneIn(8) ? random.below(bytes.length + 1) : bytes.length);
  for (let changes = random.below(4); changes > 0 && copy.length > 0; changes--)
    copy[random.below(copy.length)] = random.oneIn(2) ? random.below(256) : random.below(4);
  return copy;
}

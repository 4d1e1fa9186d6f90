import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../../base/fuzz.testing.ts';
import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { mockKey, mockSet, mockVerify } from '../voting/mock-signatures.testing.ts';
import { encodeLinkEvidence, parseLinkEvidence, verifyLinkEvidence } from './evidence.ts';
import { encodeLinkCertificate, encodeLinkVote, parseLinkMessage } from './link.ts';
import { checkpoint, linkCertificate, linkOf, linkVote } from './links.testing.ts';
import { VotesEngine } from './votes-engine.ts';

const validators = { at: (epoch: number) => (epoch === 0 ? mockSet(0, [1, 1, 1, 1]) : undefined) };

/**
 * Damaged votes for links, certificates and evidence: parsers never throw, what they take has one encoding, and an
 * engine that hears all of it stays bounded and finalises nothing.
 */
export const fuzz: FuzzTarget = {
  name: 'votes',
  run(random: SeededRandom, iterations: number): void {
    const engine = createEngine();
    for (let i = 0; i < iterations; i++) {
      const bytes = damage(sample(random), random);
      checkEncodings(bytes);
      for (const effect of engine.step({ kind: 'message', bytes, from: 'peer' }, i)) {
        assert(effect.kind !== 'finalise', 'nothing was justified');
      }
      assert(engine.sizes().votes <= 512 && engine.sizes().certificates === 0, 'votes are bounded');
    }
  },
};

function createEngine(): VotesEngine {
  const options = { intervalBlocks: 4, lagBlocks: 0, resendMs: 300 };
  const engine = new VotesEngine(options, {
    chainId: CHAIN_ID,
    epochBlocks: 1_000,
    publicKey: mockKey(0),
    validators,
    blocks: { ancestor: () => undefined },
    verify: mockVerify,
  });
  const final = { ...checkpoint(0), parent: checkpoint(0).id };
  engine.step({ kind: 'start', final, certificate: undefined, record: undefined }, 0);
  return engine;
}

function checkEncodings(bytes: Uint8Array): void {
  const message = parseLinkMessage(bytes);
  if (message.ok) {
    const { value } = message;
    const again =
      value.kind === 'vote' ? encodeLinkVote(value.vote) : encodeLinkCertificate(value.certificate);
    assert(equalBytes(again, bytes), 'a message has one encoding');
  }
  const evidence = parseLinkEvidence(bytes);
  if (!evidence.ok) return;
  assert(equalBytes(encodeLinkEvidence(...evidence.value), bytes), 'evidence has one encoding');
  verifyLinkEvidence(evidence.value, validators, CHAIN_ID, mockVerify);
}

function sample(random: SeededRandom): Uint8Array {
  const source = 4 * random.below(6);
  const link = linkOf(source, source + 4 * (1 + random.below(3)));
  const vote = linkVote(random.below(2), link);
  if (random.oneIn(3))
    return encodeLinkEvidence(vote, linkVote(vote.member, linkOf(0, 4 + 4 * random.below(9))));
  return random.oneIn(2) ? encodeLinkVote(vote) : encodeLinkCertificate(linkCertificate([0, 1], link));
}

function damage(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const copy = bytes.slice(0, random.oneIn(8) ? random.below(bytes.length + 1) : bytes.length);
  for (let changes = random.below(4); changes > 0 && copy.length > 0; changes--)
    copy[random.below(copy.length)] = random.oneIn(2) ? random.below(256) : random.below(4);
  return copy;
}

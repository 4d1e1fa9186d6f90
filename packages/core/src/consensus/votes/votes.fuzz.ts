import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../../base/fuzz.testing.ts';
import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { engineFuzz, FUZZ_VALIDATORS } from '../voting/engine-fuzz.testing.ts';
import { mockVerify } from '../voting/mock-signatures.testing.ts';
import { encodeLinkEvidence, parseLinkEvidence, verifyLinkEvidence } from './evidence.ts';
import { encodeLinkCertificate, encodeLinkVote, parseLinkMessage } from './link.ts';
import { checkpoint, linkCertificate, linkOf, linkVote } from './links.testing.ts';
import { VotesEngine } from './votes-engine.ts';

/** Damaged votes for links, certificates and evidence. */
export const fuzz: FuzzTarget = engineFuzz({
  name: 'votes',
  create: (dependencies) => new VotesEngine({ intervalBlocks: 4, lagBlocks: 0, resendMs: 300 }, dependencies),
  final: { ...checkpoint(0), parent: checkpoint(0).id },
  votesMax: 512,
  sample,
  checkEncodings,
});

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
  verifyLinkEvidence(evidence.value, FUZZ_VALIDATORS, CHAIN_ID, mockVerify);
}

function sample(random: SeededRandom): Uint8Array {
  const source = 4 * random.below(6);
  const link = linkOf(source, source + 4 * (1 + random.below(3)));
  const vote = linkVote(random.below(2), link);
  if (random.oneIn(3))
    return encodeLinkEvidence(vote, linkVote(vote.member, linkOf(0, 4 + 4 * random.below(9))));
  return random.oneIn(2) ? encodeLinkVote(vote) : encodeLinkCertificate(linkCertificate([0, 1], link));
}

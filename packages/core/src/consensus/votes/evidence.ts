import { compareBytes, concatBytes, equalBytes } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import { type Hash, hash } from '../../crypto/hash.ts';
import type { PublicKey, VerifySignature } from '../../crypto/signature.ts';
import type { Conviction } from '../../primitives/judge.ts';
import type { ValidatorView } from '../../primitives/validator-set.ts';
import { refuseVoting } from '../voting/rules.ts';
import {
  encodeLinkVote,
  type LinkCertificate,
  type LinkVote,
  linkMessage,
  linkOffence,
  readLinkVote,
} from './link.ts';

/**
 * Two votes of one validator that no honest one signs both of, see {@link linkOffence}; the one with the smaller bytes
 * first. They may be of two epochs, in whose sets the validator has two positions.
 *
 * If two final checkpoints exclude each other, two certificates exist whose links do: validators of at least a third of
 * the weight signed both (Theorem 1 in Buterin, Griffith 2017).
 */
export type LinkContradiction = readonly [LinkVote, LinkVote];

/** The bytes of evidence: the two votes in the order of their bytes. */
export function encodeLinkEvidence(a: LinkVote, b: LinkVote): Uint8Array {
  return concatBytes(...[encodeLinkVote(a), encodeLinkVote(b)].toSorted(compareBytes));
}

/** Reads exactly one piece of evidence. Whether the votes contradict each other is for {@link verifyLinkEvidence}. */
export function parseLinkEvidence(bytes: Uint8Array): Result<LinkContradiction> {
  const reader = new Reader(bytes);
  const votes = [readLinkVote(reader), readLinkVote(reader)] as const;
  if (reader.failure === undefined) {
    const [first, second] = votes.map(encodeLinkVote) as [Uint8Array, Uint8Array];
    reader.canonical(compareBytes(first, second) < 0, 'the smaller vote stands first');
  }
  return reader.finish(votes);
}

/** Says whether two votes show that their validator broke the rules, and names it. */
export function verifyLinkEvidence(
  [a, b]: LinkContradiction,
  validators: ValidatorView,
  chainId: Hash,
  verify: VerifySignature,
): Result<Conviction> {
  const offence = linkOffence(a, b);
  if (offence === undefined) return refuseVoting('consensus/evidence-invalid');
  const offenders: PublicKey[] = [];
  for (const vote of [a, b]) {
    const set = validators.at(vote.epoch);
    if (set === undefined) return refuseVoting('consensus/vote-validators-unknown', { epoch: vote.epoch });
    const publicKey = set.members[vote.member]?.publicKey;
    if (publicKey === undefined) return refuseVoting('consensus/vote-stranger', { got: vote.member });
    const message = linkMessage(chainId, vote);
    if (!verify({ publicKey, message, signature: vote.signature })) {
      return refuseVoting('consensus/vote-signature', { member: vote.member });
    }
    offenders.push(publicKey);
  }
  const [offender, other] = offenders as [PublicKey, PublicKey];
  if (!equalBytes(offender, other)) return refuseVoting('consensus/evidence-invalid');
  return ok({ offender, epoch: Math.min(a.epoch, b.epoch), offence, id: offenceId(a, b, offender) });
}

/** The evidence in two certificates: whoever signed both, where no honest validator does. */
export function linkConflictEvidence(
  a: LinkCertificate,
  b: LinkCertificate,
  validators: ValidatorView,
): readonly Uint8Array[] {
  if (linkOffence(a, b) === undefined) return [];
  const keyOf = ({ epoch }: LinkCertificate, member: number) =>
    String(validators.at(epoch)?.members[member]?.publicKey);
  const positions = new Map(b.indices.map((member, i) => [keyOf(b, member), i]));
  return a.indices.flatMap((member, i) => {
    const other = positions.get(keyOf(a, member));
    return other === undefined ? [] : [encodeLinkEvidence(voteIn(a, i), voteIn(b, other))];
  });
}

function voteIn({ epoch, source, target, indices, signatures }: LinkCertificate, i: number): LinkVote {
  return { epoch, source, target, member: indices[i] as number, signature: signatures[i] as Uint8Array };
}

/** One for each pair of target heights, whichever links were signed. */
function offenceId(a: LinkVote, b: LinkVote, offender: PublicKey): Hash {
  const heights = [a, b].map(({ target }) => target.height).toSorted((x, y) => x - y);
  const writer = new Writer(48).u32(3);
  for (const height of heights) writer.u32(height);
  return hash('evidence', writer.hash(offender).finish());
}

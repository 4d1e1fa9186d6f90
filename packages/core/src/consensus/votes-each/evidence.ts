import { compareBytes, concatBytes, equalBytes, isZero } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import { type Hash, hash } from '../../crypto/hash.ts';
import type { PublicKey, VerifySignature } from '../../crypto/signature.ts';
import type { Conviction, Offence } from '../../primitives/judge.ts';
import type { ValidatorSet } from '../../primitives/validator-set.ts';
import { refuseVoting } from '../voting/rules.ts';
import { type Certificate, certificateVotes } from './certificate.ts';
import {
  encodeSignedVote,
  readSignedVote,
  type SignedVote,
  VOTE_TAGS,
  type Vote,
  voteMessage,
} from './vote.ts';

/**
 * Two votes of one validator for one height that no honest one signs both of; the one with the smaller bytes first.
 *
 * - `double-sign`: two different votes of one kind in one round.
 * - `lock-break`: a precommit of a block, and a prevote of another block in a later round without a quorum of prevotes
 *   since: its `validRound` lies before the precommit.
 *
 * If two blocks of one height are decided, and less than two thirds broke the rules, certificates exist in which
 * validators of at least a third of the weight contradict themselves in one of these ways. Let the first decision be
 * in round r. Of all later rounds, take the first with a quorum of prevotes for another block. Its `validRound` names
 * an earlier quorum of prevotes for that block, which somebody honest has seen, so it is r or before. If r itself has
 * two quorums, they share a third that signed twice; else those that are in both quorums broke their lock.
 */
export type Contradiction = readonly [SignedVote, SignedVote];

/** The bytes of evidence: the two signed votes in the order of their bytes. */
export function encodeEvidence(a: SignedVote, b: SignedVote): Uint8Array {
  return concatBytes(...[encodeSignedVote(a), encodeSignedVote(b)].toSorted(compareBytes));
}

/** Reads exactly one piece of evidence. Whether the votes contradict each other is for {@link verifyEvidence}. */
export function parseEvidence(bytes: Uint8Array): Result<Contradiction> {
  const reader = new Reader(bytes);
  const votes = [readSignedVote(reader), readSignedVote(reader)] as const;
  if (reader.failure === undefined) {
    const [first, second] = votes.map(encodeSignedVote) as [Uint8Array, Uint8Array];
    reader.canonical(compareBytes(first, second) < 0, 'the smaller vote stands first');
  }
  return reader.finish(votes);
}

/** Says whether two votes show that their validator broke the rules, and names it. */
export function verifyEvidence(
  [a, b]: Contradiction,
  set: ValidatorSet,
  chainId: Hash,
  verify: VerifySignature,
): Result<Conviction> {
  if (a.epoch !== set.epoch)
    return refuseVoting('consensus/vote-epoch', { got: a.epoch, expected: set.epoch });
  const offence = offenceOf(a, b);
  if (offence === undefined) return refuseVoting('consensus/evidence-invalid');
  const offender = set.members[a.member]?.publicKey;
  if (offender === undefined) return refuseVoting('consensus/vote-stranger', { got: a.member });
  for (const vote of [a, b]) {
    const { signature } = vote;
    if (!verify({ publicKey: offender, message: voteMessage(chainId, vote), signature })) {
      return refuseVoting('consensus/vote-signature', { member: vote.member });
    }
  }
  return ok({ offender, epoch: a.epoch, offence, id: offenceId(offence, a, b, offender) });
}

/** The evidence in two certificates: whoever signed both, where no honest validator does. */
export function conflictEvidence(a: Certificate, b: Certificate): readonly Uint8Array[] {
  const others = new Map(certificateVotes(b).map((vote) => [vote.member, vote]));
  return certificateVotes(a).flatMap((vote) => {
    const other = others.get(vote.member);
    return other !== undefined && offenceOf(vote, other) !== undefined ? [encodeEvidence(vote, other)] : [];
  });
}

function offenceOf(a: SignedVote, b: SignedVote): Offence | undefined {
  if (a.epoch !== b.epoch || a.height !== b.height || a.member !== b.member) return undefined;
  const isSameBlock = equalBytes(a.blockId, b.blockId);
  if (a.kind === b.kind && a.round === b.round)
    return isSameBlock && a.validRound === b.validRound ? undefined : 'double-sign';
  return !isSameBlock && (isLockBreak(a, b) || isLockBreak(b, a)) ? 'lock-break' : undefined;
}

function isLockBreak(locked: SignedVote, later: SignedVote): boolean {
  if (locked.kind !== 'precommit' || later.kind !== 'prevote') return false;
  if (isZero(locked.blockId) || isZero(later.blockId)) return false;
  return locked.round < later.round && later.validRound < locked.round;
}

/** One for each pair of kind and round, whatever the two votes were for. */
function offenceId(offence: Offence, a: Vote, b: Vote, offender: PublicKey): Hash {
  const [first, second] = [a, b].toSorted((x, y) => x.round - y.round) as [Vote, Vote];
  const writer = new Writer(64)
    .u32(offence === 'double-sign' ? 1 : 2)
    .u32(a.epoch)
    .u32(a.height);
  for (const { kind, round } of [first, second]) writer.u32(VOTE_TAGS[kind]).u32(round);
  return hash('evidence', writer.hash(offender).finish());
}

import type { Result } from '../../base/result.ts';
import { OK, ok } from '../../base/result.ts';
import { epochOfHeight, type Validator, type ValidatorSet } from '../../primitives/validator-set.ts';
import { refuseVoting } from '../voting/rules.ts';
import type { VotingDependencies } from '../voting/voting-engine.ts';
import { type Certificate, verifyCertificate } from './certificate.ts';
import type { ProposerSchedule } from './proposer-schedule.ts';
import { type SignedVote, voteMessage } from './vote.ts';

/** What checking needs of the engine's surroundings. */
export type CheckContext = Pick<VotingDependencies, 'chainId' | 'epochBlocks' | 'validators' | 'verify'>;

/** The set that votes on a height, for a message that names an epoch. */
export function setOfHeight(height: number, epoch: number, context: CheckContext): Result<ValidatorSet> {
  const expected = epochOfHeight(height, context.epochBlocks);
  if (epoch !== expected) return refuseVoting('consensus/vote-epoch', { got: epoch, expected });
  const set = context.validators.at(epoch);
  return set === undefined ? refuseVoting('consensus/vote-validators-unknown', { epoch }) : ok(set);
}

/**
 * Says whether a vote may be counted: member, turn and signature.
 *
 * @param proposers - whose turn it is, when the round is near enough for that to matter
 */
export function checkVote(
  vote: SignedVote,
  set: ValidatorSet,
  proposers: ProposerSchedule | undefined,
  { chainId, verify }: CheckContext,
): Result<undefined> {
  const member: Validator | undefined = set.members[vote.member];
  if (member === undefined) {
    return refuseVoting('consensus/vote-stranger', { got: vote.member, expected: set.members.length - 1 });
  }
  if (vote.kind === 'proposal' && proposers !== undefined) {
    const expected = proposers.at(vote.height, vote.round);
    if (vote.member !== expected)
      return refuseVoting('consensus/vote-proposer', { got: vote.member, expected });
  }
  const { publicKey } = member;
  const isSigned = verify({ publicKey, message: voteMessage(chainId, vote), signature: vote.signature });
  return isSigned ? OK : refuseVoting('consensus/vote-signature', { member: vote.member });
}

/**
 * Says whether a certificate holds: epoch, signers, weight and signatures.
 *
 * @param checkedWith - a set whose signatures it is known to hold
 */
export function checkCertificate(
  certificate: Certificate,
  context: CheckContext,
  checkedWith?: ValidatorSet,
): Result<undefined> {
  const set = setOfHeight(certificate.height, certificate.epoch, context);
  if (!set.ok) return set;
  if (set.value === checkedWith) return OK;
  return verifyCertificate(certificate, set.value, context.chainId, context.verify);
}

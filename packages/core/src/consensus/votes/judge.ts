import { ok } from '../../base/result.ts';
import type { Judge } from '../../primitives/judge.ts';
import { epochOfHeight, type Validator } from '../../primitives/validator-set.ts';
import { refuseVoting } from '../voting/rules.ts';
import type { VotingDependencies } from '../voting/voting-engine.ts';
import { parseLinkEvidence, verifyLinkEvidence } from './evidence.ts';
import { parseLinkCertificate, verifyLinkCertificate } from './link.ts';

/**
 * What the ledger of a chain with votes on checkpoints is told of evidence and certificates in its blocks. A
 * certificate counts for the height of its target.
 */
export function createVotesJudge({
  chainId,
  epochBlocks,
  validators,
  verify,
}: Pick<VotingDependencies, 'chainId' | 'epochBlocks' | 'validators' | 'verify'>): Judge {
  return {
    evidence(bytes) {
      const evidence = parseLinkEvidence(bytes);
      return evidence.ok ? verifyLinkEvidence(evidence.value, validators, chainId, verify) : evidence;
    },
    certificate(bytes) {
      const certificate = parseLinkCertificate(bytes);
      if (!certificate.ok) return certificate;
      const { epoch, target, indices } = certificate.value;
      const expected = epochOfHeight(target.height, epochBlocks);
      if (epoch !== expected) return refuseVoting('consensus/vote-epoch', { got: epoch, expected });
      const set = validators.at(epoch);
      if (set === undefined) return refuseVoting('consensus/vote-validators-unknown', { epoch });
      const checked = verifyLinkCertificate(certificate.value, set, chainId, verify);
      if (!checked.ok) return checked;
      const signers = indices.map((index) => (set.members[index] as Validator).publicKey);
      return ok({ epoch, height: target.height, signers });
    },
  };
}

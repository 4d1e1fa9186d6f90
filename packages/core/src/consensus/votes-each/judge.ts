import { ok } from '../../base/result.ts';
import type { Judge } from '../../primitives/judge.ts';
import type { Validator } from '../../primitives/validator-set.ts';
import { refuseVoting } from '../voting/rules.ts';
import { parseCertificate, verifyCertificate } from './certificate.ts';
import { type CheckContext, setOfHeight } from './check-message.ts';
import { parseEvidence, verifyEvidence } from './evidence.ts';

/** What the ledger of a chain with votes on each block is told of evidence and certificates in its blocks. */
export function createVotesEachJudge(context: CheckContext): Judge {
  const { chainId, verify } = context;
  return {
    evidence(bytes) {
      const evidence = parseEvidence(bytes);
      if (!evidence.ok) return evidence;
      const [{ height, epoch }] = evidence.value;
      const set = setOfHeight(height, epoch, context);
      return set.ok ? verifyEvidence(evidence.value, set.value, chainId, verify) : set;
    },
    certificate(bytes) {
      const certificate = parseCertificate(bytes);
      if (!certificate.ok) return certificate;
      const { kind, height, epoch, indices } = certificate.value;
      // Prevotes decide nothing, and a validator could give them without ever helping to a decision.
      if (kind !== 'precommit') return refuseVoting('consensus/certificate-kind', { got: kind });
      const set = setOfHeight(height, epoch, context);
      if (!set.ok) return set;
      const checked = verifyCertificate(certificate.value, set.value, chainId, verify);
      if (!checked.ok) return checked;
      const { members } = set.value;
      return ok({ epoch, height, signers: indices.map((index) => (members[index] as Validator).publicKey) });
    },
  };
}

import { unreachable } from '../base/assert.ts';
import type { Judge } from '../primitives/judge.ts';
import type { FinalitySpec } from '../spec/chain-spec.ts';
import type { JudgeContext, SignedTurns } from './engine.ts';
import { refuseConsensus } from './rules.ts';
import { HEADER_EVIDENCE_TAG, parseHeaderEvidence, verifyHeaderEvidence } from './seals/header-evidence.ts';
import { createVotesJudge } from './votes/judge.ts';
import { createVotesEachJudge } from './votes-each/judge.ts';

/** What a judge works with, and how long its epochs are. */
export interface EpochJudgeContext extends JudgeContext {
  readonly epochBlocks: number;
}

/**
 * The judge of a chain with validators: evidence of headers where they sign the blocks, told by its first byte, and
 * evidence and certificates of votes where they vote. Undefined where they do neither.
 *
 * @param turns - of the production
 */
export function createJudge(
  turns: SignedTurns | undefined,
  finality: FinalitySpec,
  context: EpochJudgeContext,
): Judge | undefined {
  const votes = createJudgeOfVotes(finality, context);
  if (turns === undefined) return votes;
  const { evidence, certificate } = votes ?? NO_VOTES;
  return {
    evidence(bytes) {
      if (bytes[0] !== HEADER_EVIDENCE_TAG) return evidence(bytes);
      const parsed = parseHeaderEvidence(bytes);
      return parsed.ok ? verifyHeaderEvidence(parsed.value, turns, context) : parsed;
    },
    certificate,
  };
}

/** The judge of a chain whose validators cast no votes. */
const NO_VOTES: Judge = {
  evidence: (bytes) => refuseConsensus('consensus/evidence-kind', { got: bytes[0] ?? -1 }),
  certificate: () => refuseConsensus('consensus/certificate-none'),
};

function createJudgeOfVotes(finality: FinalitySpec, context: EpochJudgeContext): Judge | undefined {
  switch (finality.kind) {
    case 'depth':
      return undefined;
    case 'votes':
      return createVotesJudge(context);
    case 'votes-each':
      return createVotesEachJudge(context);
    default:
      return unreachable(finality);
  }
}

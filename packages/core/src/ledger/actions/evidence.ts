import type { Amount } from '../../base/amount.ts';
import { toHex } from '../../base/bytes.ts';
import { OK, type Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { Action } from '../../primitives/action.ts';
import type { Conviction } from '../../primitives/judge.ts';
import { NATIVE_ASSET } from '../../primitives/output.ts';
import { epochOfHeight, validatorIndex } from '../../primitives/validator-set.ts';
import type { ValidatorsSpec } from '../../spec/validator-spec.ts';
import { convict, type Penalty } from '../stake/convict.ts';
import { evidenceEpochs } from '../stake/epoch-border.ts';
import { refuseStake } from '../stake/rules.ts';
import { readValidatorSet } from '../stake/validator-sets.ts';
import { growSupply } from '../supply.ts';
import type { ActionContext } from './action-context.ts';

/**
 * Shows that a validator has broken a rule of the consensus, whoever the sender is. Body: claim u64, evidence (the
 * rest).
 */
export interface EvidenceAction {
  readonly kind: 'evidence';
  /** Hugs that the sender takes of what the offence costs; the rest is burned. */
  readonly claim: Amount;
  /** As the consensus of the chain writes it. */
  readonly bytes: Uint8Array;
}

/** The tag of an {@link EvidenceAction}. */
export const EVIDENCE_TAG = 12;

/** The action as it travels. */
export function encodeEvidenceAction({ claim, bytes }: EvidenceAction): Action {
  return { tag: EVIDENCE_TAG, body: new Writer(8 + bytes.length).u53(claim).bytes(bytes).finish() };
}

/** Reads a body. Refuses by `codec/…`; what the bytes say is the judge's to read. */
export function parseEvidenceAction(body: Uint8Array): Result<EvidenceAction> {
  const reader = new Reader(body);
  const claim = reader.u53() as Amount;
  return reader.finish({ kind: 'evidence', claim, bytes: reader.take(reader.left) });
}

/** What evidence needs of the context of an action; a reward, which has no author, gives no more. */
export type EvidenceContext = Pick<ActionContext, 'spec' | 'overlay' | 'env' | 'balances'>;

/** Convicts the offender and pays the claim. */
export function applyEvidenceAction(action: EvidenceAction, context: EvidenceContext): Result<undefined> {
  const { overlay, balances } = context;
  const penalty = convictByEvidence(action.bytes, context);
  if (!penalty.ok) return penalty;
  const { lost, reward } = penalty.value;
  if (action.claim > reward) return refuseStake('evidence/claim', { got: action.claim, expected: reward });
  const burned = (lost - action.claim) as Amount;
  if (burned > 0) growSupply(overlay, { issued: 0 as Amount, burned });
  return action.claim === 0 ? OK : balances.credit(NATIVE_ASSET, action.claim);
}

/** Convicts whom the evidence shows. What the pool has lost is for the caller to burn and to pay. */
export function convictByEvidence(
  bytes: Uint8Array,
  context: Omit<EvidenceContext, 'balances'>,
): Result<Penalty> {
  const { spec, overlay, env } = context;
  const { validators } = spec.consensus;
  if (validators === undefined || env.judge === undefined) return refuseStake('evidence/no-judge');
  const judged = env.judge.evidence(bytes);
  if (!judged.ok) return judged;
  const member = checkMember(judged.value, validators, context);
  return member.ok ? convict(overlay, validators, env.height, judged.value) : member;
}

/** The offence must be of an epoch whose stake is still there, and the offender one of its validators. */
function checkMember(
  { offender, epoch }: Conviction,
  validators: ValidatorsSpec,
  { overlay, env }: Omit<EvidenceContext, 'balances'>,
): Result<undefined> {
  const now = epochOfHeight(env.height, validators.epochBlocks);
  const set =
    epoch > now || epoch + evidenceEpochs(validators) < now ? undefined : readValidatorSet(overlay, epoch);
  if (set === undefined) return refuseStake('evidence/epoch', { got: epoch, now });
  if (validatorIndex(set, offender) !== undefined) return OK;
  return refuseStake('evidence/not-a-validator', { offender: toHex(offender), epoch });
}

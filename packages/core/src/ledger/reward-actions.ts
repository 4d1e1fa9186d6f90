import type { Refusal } from '../base/result.ts';
import { OK, ok, type Result } from '../base/result.ts';
import type { Action } from '../primitives/action.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import {
  applyCertificateAction,
  CERTIFICATE_TAG,
  type CertificateAction,
  parseCertificateAction,
} from './actions/certificate.ts';
import {
  applyEvidenceAction,
  EVIDENCE_TAG,
  type EvidenceAction,
  type EvidenceContext,
  parseEvidenceAction,
} from './actions/evidence.ts';
import { atAction } from './check-shape.ts';
import { refuseInBlock, refuseLedger } from './rules.ts';

/** What a reward may do beside paying: tell what validators did. */
export type RewardAction = EvidenceAction | CertificateAction;

/** Pieces of evidence of one reward; offences are rare, and what does not fit waits for the next block. */
export const REWARD_EVIDENCE_MAX = 4;

/** Bytes of one piece of evidence in a reward: two headers with their seals, or two votes, take less than 1,500. */
const REWARD_EVIDENCE_BYTES_MAX = 4096;

/** What a producer wants its reward to tell. */
export interface RewardNews {
  /** Pieces of evidence, in the order in which they are tried. */
  readonly evidence: readonly Uint8Array[];
  /** The last certificate that was not counted yet, if there is one. */
  readonly certificate: Uint8Array | undefined;
}

/** Nothing to tell. */
export const NO_NEWS: RewardNews = { evidence: [], certificate: undefined };

/** Something that a reward cannot tell, because it breaks a rule on this state. */
export interface RefusedNews {
  readonly bytes: Uint8Array;
  readonly refusal: Refusal;
}

/**
 * Reads the actions of a reward: at most {@link REWARD_EVIDENCE_MAX} pieces of evidence and one certificate; with any
 * of them it is no larger than another transaction may be. Refuses by `block/reward-actions`, `codec/…` or the rules of
 * the actions.
 */
export function parseRewardActions(
  spec: ChainSpec,
  { actions, bytes }: Transaction,
): Result<readonly RewardAction[]> {
  const parsed: RewardAction[] = [];
  let [evidence, certificates] = [0, 0];
  for (const action of actions) {
    const read = parseRewardAction(action);
    if (!read.ok) return refuseInBlock(atAction(read, parsed.length), 0);
    parsed.push(read.value);
    if (read.value.kind === 'evidence') evidence += 1;
    else certificates += 1;
  }
  if (evidence > REWARD_EVIDENCE_MAX) {
    return refuseLedger('block/reward-actions', {
      field: 'evidence',
      got: evidence,
      expected: REWARD_EVIDENCE_MAX,
    });
  }
  if (certificates > 1) {
    return refuseLedger('block/reward-actions', { field: 'certificate', got: certificates, expected: 1 });
  }
  const { transactionBytesMax } = spec.limits;
  if (actions.length > 0 && bytes.length > transactionBytesMax) {
    const shown = { field: 'bytes', got: bytes.length, expected: transactionBytesMax };
    return refuseLedger('block/reward-actions', shown);
  }
  return ok(parsed);
}

function parseRewardAction({ tag, body }: Action): Result<RewardAction> {
  if (tag === CERTIFICATE_TAG) return parseCertificateAction(body);
  if (tag !== EVIDENCE_TAG) return refuseLedger('block/reward-actions', { field: 'tag', got: tag });
  const action = parseEvidenceAction(body);
  if (!action.ok) return action;
  const sized = checkEvidenceBytes(action.value.bytes);
  return sized.ok ? action : sized;
}

/** Checks that a piece of evidence is not larger than a reward can hold. */
export function checkEvidenceBytes({ length }: Uint8Array): Result<undefined> {
  if (length <= REWARD_EVIDENCE_BYTES_MAX) return OK;
  return refuseLedger('block/reward-actions', {
    field: 'evidenceBytes',
    got: length,
    expected: REWARD_EVIDENCE_BYTES_MAX,
  });
}

/** Bytes of an action as it travels: its head, its body, zeros up to a multiple of 4. */
export function actionBytes(bodyBytes: number): number {
  return 4 + Math.ceil(bodyBytes / 4) * 4;
}

/** Checks the action against the state and writes what it does; on refusal the caller rolls the overlay back. */
export function applyRewardAction(action: RewardAction, context: EvidenceContext): Result<undefined> {
  return action.kind === 'evidence'
    ? applyEvidenceAction(action, context)
    : applyCertificateAction(action, context);
}

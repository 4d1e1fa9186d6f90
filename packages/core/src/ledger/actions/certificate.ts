import { assert } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Action } from '../../primitives/action.ts';
import { epochOfHeight } from '../../primitives/validator-set.ts';
import { countAttendance } from '../stake/attendance.ts';
import { refuseStake } from '../stake/rules.ts';
import { readValidatorSet } from '../stake/validator-sets.ts';
import type { ActionContext } from './action-context.ts';

/**
 * Tells who has signed an earlier block of this epoch; those with a stake who hardly ever do go to jail, and nodes that
 * catch up take it as proof that the block is final. Stands in rewards alone: to
 * check one takes hundreds of signatures, which nobody may ask of the pool for the price of a transaction that is never
 * included. Body: the certificate.
 */
export interface CertificateAction {
  readonly kind: 'certificate';
  /** As the consensus of the chain writes it. */
  readonly bytes: Uint8Array;
}

/** The tag of a {@link CertificateAction}. */
export const CERTIFICATE_TAG = 13;

/** The action as it travels. */
export function encodeCertificateAction({ bytes }: CertificateAction): Action {
  return { tag: CERTIFICATE_TAG, body: bytes };
}

/** Takes any body; what it says is the judge's to read. */
export function parseCertificateAction(body: Uint8Array): Result<CertificateAction> {
  return ok({ kind: 'certificate', bytes: body });
}

/** Counts the signers. */
export function applyCertificateAction(
  { bytes }: CertificateAction,
  { spec, overlay, env }: Pick<ActionContext, 'spec' | 'overlay' | 'env'>,
): Result<undefined> {
  const { validators } = spec.consensus;
  if (validators === undefined || env.judge === undefined) return refuseStake('evidence/no-judge');
  const judged = env.judge.certificate(bytes);
  if (!judged.ok) return judged;
  const set = readValidatorSet(overlay, epochOfHeight(env.height, validators.epochBlocks));
  assert(set !== undefined, 'the set of the present epoch is known');
  return countAttendance(overlay, set, env.height, judged.value);
}

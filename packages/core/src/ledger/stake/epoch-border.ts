import { assert } from '../../base/assert.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Validator, ValidatorSet } from '../../primitives/validator-set.ts';
import type { StakeSpec, ValidatorsSpec } from '../../spec/validator-spec.ts';
import type { Overlay } from '../../state/view.ts';
import { readAttendance } from './attendance.ts';
import { readAuthorities } from './authorities.ts';
import { chooseValidators } from './choose-validators.ts';
import { AUTHORITY_EVIDENCE_EPOCHS } from './limits.ts';
import { readPool, writePool } from './pool.ts';
import { deleteValidatorSet, readValidatorSet, writeValidatorSet } from './validator-sets.ts';

/**
 * The end of an epoch: those who were silent go to jail, and the set of the epoch after the next is written. A whole
 * epoch lies between, so headers can be checked before the blocks behind them. Where nobody is left who could serve,
 * those of the next epoch go on: a chain without validators could never mend that.
 */
export function endEpoch(overlay: Overlay, validators: ValidatorsSpec, epoch: number): void {
  const next = readValidatorSet(overlay, epoch + 1);
  assert(next !== undefined, 'the set of the next epoch is known');
  writeValidatorSet(overlay, { epoch: epoch + 2, members: membersAfter(overlay, validators, epoch, next) });
  deleteValidatorSet(overlay, epoch - 2 - evidenceEpochs(validators));
}

/** Epochs for which an offence can be shown after its own. */
export function evidenceEpochs(validators: ValidatorsSpec): number {
  return validators.kind === 'stake' ? validators.unbondingEpochs : AUTHORITY_EVIDENCE_EPOCHS;
}

function membersAfter(
  overlay: Overlay,
  validators: ValidatorsSpec,
  epoch: number,
  next: ValidatorSet,
): readonly Validator[] {
  if (validators.kind === 'authorities') {
    return readAuthorities(overlay).map((publicKey) => ({ publicKey, weight: 1 }));
  }
  jailSilent(overlay, validators, epoch);
  const chosen = chooseValidators(overlay, validators.membersMax);
  return chosen.length > 0 ? chosen : next.members;
}

/** Jails the members of an epoch that missed too many of their turns, or signed too few of its certificates. */
function jailSilent(overlay: Overlay, { missedPermilleMax, jailEpochs }: StakeSpec, epoch: number): void {
  const set = readValidatorSet(overlay, epoch);
  assert(set !== undefined, 'the set of the present epoch is known');
  const attendance = readAttendance(overlay, epoch);
  const certificates = attendance?.certificates ?? 0;
  for (const [i, { publicKey }] of set.members.entries()) {
    const unsigned = certificates - (attendance?.signed[i] ?? 0);
    const isSilent = isAbove(unsigned, certificates, missedPermilleMax);
    jailIf(overlay, publicKey, epoch, jailEpochs, missedPermilleMax, isSilent);
  }
}

function jailIf(
  overlay: Overlay,
  publicKey: PublicKey,
  epoch: number,
  jailEpochs: number,
  missedPermilleMax: number,
  isSilent: boolean,
): void {
  const pool = readPool(overlay, publicKey);
  if (pool === undefined || pool.jailedUntil !== 0) return;
  const { turnsEpoch, turnsTaken, turnsMissed } = pool;
  const missed = turnsEpoch === epoch && isAbove(turnsMissed, turnsTaken + turnsMissed, missedPermilleMax);
  if (missed || isSilent) writePool(overlay, { ...pool, jailedUntil: epoch + 1 + jailEpochs });
}

/** Counts are below 2^32, so the products are exact. */
function isAbove(part: number, whole: number, permille: number): boolean {
  return part * 1000 > whole * permille;
}

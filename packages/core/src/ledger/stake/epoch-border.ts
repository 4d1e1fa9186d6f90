import { assert } from '../../base/assert.ts';
import type { Validator, ValidatorSet } from '../../primitives/validator-set.ts';
import type { StakeSpec, ValidatorsSpec } from '../../spec/validator-spec.ts';
import type { Overlay } from '../../state/view.ts';
import { readAttendance } from './attendance.ts';
import { readAuthorities } from './authorities.ts';
import { chooseValidators } from './choose-validators.ts';
import { AUTHORITY_EVIDENCE_EPOCHS, SILENCE_CERTIFICATES_MIN } from './limits.ts';
import { type Pool, readPool, writePool } from './pool.ts';
import { partSignersPot } from './signers-pot.ts';
import { deleteValidatorSet, readValidatorSet, writeValidatorSet } from './validator-sets.ts';

/**
 * The end of an epoch: those who signed are paid, those who were silent go to jail, and the set of the epoch after the
 * next is written. A whole epoch lies between, so headers can be checked before the blocks behind them. Where nobody
 * is left who could serve, those of the next epoch go on: a chain without validators could never mend that.
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
  const set = readValidatorSet(overlay, epoch);
  assert(set !== undefined, 'the set of the present epoch is known');
  partSignersPot(overlay, set);
  jailSilent(overlay, validators, set);
  const chosen = chooseValidators(overlay, validators.membersMax, epoch);
  return chosen.length > 0 ? chosen : next.members;
}

/** Jails the members of an epoch that missed too many of their turns, or signed none of its certificates. */
function jailSilent(overlay: Overlay, stake: StakeSpec, { epoch, members }: ValidatorSet): void {
  const attendance = readAttendance(overlay, epoch);
  const isTelling = attendance !== undefined && attendance.certificates >= SILENCE_CERTIFICATES_MIN;
  for (const [i, { publicKey }] of members.entries()) {
    const pool = readPool(overlay, publicKey);
    if (pool === undefined || pool.jailedUntil !== 0) continue;
    const isSilent = isTelling && attendance.signed[i] === 0;
    if (!isSilent && !missesTurns(pool, stake, epoch)) continue;
    writePool(overlay, { ...pool, jailedUntil: epoch + 1 + stake.jailEpochs });
  }
}

/** Counts are below 2^32, so the products are exact. */
function missesTurns(
  { turnsEpoch, turnsTaken, turnsMissed }: Pool,
  { missedPermilleMax }: StakeSpec,
  epoch: number,
): boolean {
  return turnsEpoch === epoch && turnsMissed * 1000 > (turnsTaken + turnsMissed) * missedPermilleMax;
}

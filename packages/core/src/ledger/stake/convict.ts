import { type Amount, amount } from '../../base/amount.ts';
import { toHex } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Conviction } from '../../primitives/judge.ts';
import type { ValidatorsSpec } from '../../spec/validator-spec.ts';
import type { Overlay } from '../../state/view.ts';
import { readAuthorities, withoutKey, writeAuthorities } from './authorities.ts';
import { readConvictions, writeConvictions } from './convictions.ts';
import { CONVICTIONS_MAX, REPORTER_PERMILLE } from './limits.ts';
import { FOR_EVER, NO_SEAT, readPool, writePool } from './pool.ts';
import { refuseStake } from './rules.ts';
import { leaveSeat } from './seats.ts';
import { minus, permilleOf } from './share-math.ts';

/** What a conviction takes out of the pool of the offender, and what of it whoever showed the offence may have. */
export interface Penalty {
  readonly lost: Amount;
  readonly reward: Amount;
}

const ZERO = amount(0);

/**
 * Punishes an offence, once for each validator, epoch and kind: all its stake pays alike, that which rests or was moved
 * elsewhere pays later by the log, and the key never serves again. An authority has no stake and is only taken off the
 * list, unless it is the last. Refuses by `evidence/known` or `evidence/full`.
 *
 * @param height - of the block that holds the evidence
 * @returns what is no longer in the pool; the caller burns it, but for what it pays
 */
export function convict(
  overlay: Overlay,
  validators: ValidatorsSpec,
  height: number,
  { offender, epoch, offence, id }: Conviction,
): Result<Penalty> {
  const log = readConvictions(overlay, offender);
  if (log.some((line) => line.epoch === epoch && line.offence === offence)) {
    return refuseStake('evidence/known', { offender: toHex(offender), epoch });
  }
  if (log.length >= CONVICTIONS_MAX) return refuseStake('evidence/full', { expected: CONVICTIONS_MAX });
  const permille = validators.kind === 'stake' ? validators.slashPermille[offence] : 0;
  writeConvictions(overlay, offender, [...log, { epoch, offence, permille, height, id }]);
  if (validators.kind === 'stake') return ok(slash(overlay, offender, permille));
  const authorities = readAuthorities(overlay);
  const left = withoutKey(authorities, offender);
  if (left.length > 0 && left.length < authorities.length) writeAuthorities(overlay, left);
  return ok({ lost: ZERO, reward: ZERO });
}

/** Takes a part of a pool and shuts it for ever; nothing when all stake has left it. */
function slash(overlay: Overlay, offender: PublicKey, permille: number): Penalty {
  const pool = readPool(overlay, offender);
  if (pool === undefined) return { lost: ZERO, reward: ZERO };
  const lost = permilleOf(pool.tokens, permille);
  const unseated = pool.seat === NO_SEAT ? pool : leaveSeat(overlay, pool);
  writePool(overlay, { ...unseated, tokens: minus(pool.tokens, lost), jailedUntil: FOR_EVER });
  return { lost, reward: permilleOf(lost, REPORTER_PERMILLE) };
}

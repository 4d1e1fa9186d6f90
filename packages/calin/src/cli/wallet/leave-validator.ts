import { sharesOfPart } from '@calin/client/stake/plan-stake.ts';
import { type Amount, amount } from '@calin/core/base/amount.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { tokensFor } from '@calin/core/ledger/stake/share-math.ts';
import { type FoundValidator, findValidator, heldWith, parseStakePart, type StakePlace } from './stake.ts';

/** Stake that is to leave a validator. */
export interface LeavingStake {
  readonly validator: FoundValidator;
  readonly shares: Amount;
  /** Hugs that the shares are worth now; the next reward may make it more. */
  readonly worth: Amount;
}

/** What a person wants to take out of a validator, in shares. Refuses by the rules of the ledger. */
export async function planLeaving(
  text: string,
  named: string,
  place: StakePlace,
): Promise<Result<LeavingStake>> {
  const part = parseStakePart(text);
  if (!part.ok) return part;
  const { connection, accounts } = place;
  const validator = await findValidator(named, connection, accounts);
  if (!validator.ok) return validator;
  const held = await heldWith(connection.client, place, validator.value);
  if (!held.ok) return held;
  const pool = validator.value.pool ?? { tokens: 0, shares: 0 };
  const shares = sharesOfPart(pool, held.value, part.value);
  if (!shares.ok) return shares;
  const worth = tokensFor({ tokens: amount(pool.tokens), shares: amount(pool.shares) }, shares.value);
  return ok({ validator: validator.value, shares: shares.value, worth });
}

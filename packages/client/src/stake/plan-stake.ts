import { type Amount, amount } from '@calin/core/base/amount.ts';
import { fromHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { WithdrawAction } from '@calin/core/ledger/actions/withdraw.ts';
import { DELEGATION_SHARES_MIN } from '@calin/core/ledger/stake/limits.ts';
import { refuseStake } from '@calin/core/ledger/stake/rules.ts';
import { sharesFor, tokensFor } from '@calin/core/ledger/stake/share-math.ts';
import type { MethodResult } from '../rpc/rpc-client.ts';

/** How much stake to move: hugs, or all that may leave. */
export type StakePart = Amount | 'all';

/** Shares of a pool and what they are worth, as `stake_getDelegations` tells of them. */
export type HeldStake = Pick<
  MethodResult<'stake_getDelegations'>['delegations'][number],
  'shares' | 'worth' | 'free'
>;

/** Stake that rests, as `stake_getDelegations` tells of it. */
export type RestingStake = MethodResult<'stake_getDelegations'>['unbonding'][number];

/**
 * The shares that have to leave a pool for a part of somebody's stake: the fewest that are worth as much. What the
 * ledger would refuse is refused here by its rules: `stake/shares-missing`, `stake/tied` or `stake/dust`.
 *
 * @param pool - tokens and shares as `stake_getValidator` tells of them
 */
export function sharesOfPart(
  pool: { readonly tokens: number; readonly shares: number },
  { shares, worth, free }: HeldStake,
  part: StakePart,
): Result<Amount> {
  if (shares === 0) return refuseStake('stake/shares-missing', { got: 1, expected: 0 });
  if (part !== 'all' && part > worth)
    return refuseStake('stake/shares-missing', { got: part, expected: worth });
  const wanted = part === 'all' ? free : part === worth ? shares : fewestShares(pool, part);
  if (wanted === 0 || wanted > free) return refuseStake('stake/tied', { got: wanted, expected: free });
  const left = shares - wanted;
  if (left > 0 && left < DELEGATION_SHARES_MIN) {
    return refuseStake('stake/dust', { got: left, expected: DELEGATION_SHARES_MIN });
  }
  return ok(amount(wanted));
}

/** Rounded up: what is worth one hug less is one share too few. */
function fewestShares(pool: { readonly tokens: number; readonly shares: number }, value: Amount): Amount {
  const whole = { tokens: amount(pool.tokens), shares: amount(pool.shares) };
  const shares = sharesFor(whole, value);
  return tokensFor(whole, shares) < value ? amount(shares + 1) : shares;
}

/**
 * The actions that take all stake whose time has come. Refuses by `stake/unbonding-unknown` where nothing rests, and by
 * `stake/resting` where all has to rest for longer.
 *
 * @param epoch - of the next block
 */
export function withdrawals(
  resting: readonly RestingStake[],
  epoch: number,
): Result<readonly WithdrawAction[]> {
  const ripe = resting.filter(({ freeFrom }) => freeFrom <= epoch);
  if (ripe.length > 0) {
    return ok(
      ripe.map(({ validator, epoch: left, worth }) => ({
        kind: 'withdraw',
        validator: fromHex(validator),
        epoch: left,
        amount: amount(worth),
      })),
    );
  }
  const [next] = resting.map(({ freeFrom }) => freeFrom).toSorted((a, b) => a - b);
  if (next === undefined) return refuseStake('stake/unbonding-unknown');
  return refuseStake('stake/resting', { got: epoch, expected: next });
}

/**
 * Thousandths from a percentage as people write it: `5` or `2.5`.
 *
 * @returns undefined for what is none, or is finer than a thousandth
 */
export function parseCommission(text: string): number | undefined {
  const [, whole, tenth = '0'] = /^(\d{1,3})(?:\.(\d))?$/.exec(text) ?? [];
  const permille = Number(whole) * 10 + Number(tenth);
  return permille <= 1000 ? permille : undefined;
}

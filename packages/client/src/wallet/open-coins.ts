import { unreachable } from '@calin/core/base/assert.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { SpendCondition } from '@calin/core/primitives/locks/spend-path.ts';
import { type Opening, openingPath } from '../transaction-builder/opening.ts';
import { refuseWallet } from '../transaction-builder/rules.ts';

/** The block that a transaction is made for: the next one, with the time of the head. */
export interface NextBlock {
  readonly height: number;
  /** In milliseconds since 1970; that of the head, since the next block is later. */
  readonly timeMs: number;
}

/**
 * The coins that a path opens in the next block. Refuses by `wallet/too-early` when it opens none of some, and says
 * from when on it does.
 *
 * @param coins - of one address, with the height of the block each is in
 */
export function openCoins<C extends { readonly height: number }>(
  coins: readonly C[],
  opening: Opening,
  next: NextBlock,
): Result<readonly C[]> {
  const { condition } = openingPath(opening);
  const open = coins.filter((coin) => isOpen(condition, coin.height, next));
  if (open.length > 0 || coins.length === 0) return ok(open);
  return refuseWallet('wallet/too-early', { ...opensAt(condition, coins), got: next.height });
}

function isOpen(condition: SpendCondition, coinHeight: number, next: NextBlock): boolean {
  switch (condition.kind) {
    case 'none':
    case 'preimage':
      return true;
    case 'height':
      return next.height >= condition.heightMin;
    case 'time':
      return next.timeMs >= condition.timeMsMin;
    case 'age':
      return next.height >= coinHeight + condition.blocksMin;
    default:
      return unreachable(condition);
  }
}

function opensAt(
  condition: SpendCondition,
  coins: readonly { readonly height: number }[],
): Readonly<Record<string, number>> {
  if (condition.kind === 'time') return { opensAtMs: condition.timeMsMin };
  if (condition.kind === 'height') return { opensAtHeight: condition.heightMin };
  if (condition.kind !== 'age') return {};
  const oldest = coins.reduce((least, { height }) => Math.min(least, height), Number.MAX_SAFE_INTEGER);
  return { opensAtHeight: oldest + condition.blocksMin };
}

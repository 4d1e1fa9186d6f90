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
  const open = coins.filter((coin) => isOpenIn(opensWhen(condition, coin.height), next));
  if (open.length > 0 || coins.length === 0) return ok(open);
  return refuseWallet('wallet/too-early', { ...earliest(condition, coins), got: next.height });
}

/** When a path opens a coin. */
export type Opens =
  | { readonly kind: 'always' }
  /** In blocks of this height and above. */
  | { readonly kind: 'height'; readonly height: number }
  /** In blocks of this time and later, in milliseconds since 1970. */
  | { readonly kind: 'time'; readonly timeMs: number };

/**
 * When a path opens a coin, as far as the chain tells: a secret may be needed beside.
 *
 * @param coinHeight - of the block that the coin is in
 */
export function opensWhen(condition: SpendCondition, coinHeight: number): Opens {
  switch (condition.kind) {
    case 'none':
    case 'preimage':
      return { kind: 'always' };
    case 'height':
      return { kind: 'height', height: condition.heightMin };
    case 'time':
      return { kind: 'time', timeMs: condition.timeMsMin };
    case 'age':
      return { kind: 'height', height: coinHeight + condition.blocksMin };
    default:
      return unreachable(condition);
  }
}

/** Whether the next block is late enough. */
export function isOpenIn(opens: Opens, next: NextBlock): boolean {
  if (opens.kind === 'always') return true;
  return opens.kind === 'height' ? next.height >= opens.height : next.timeMs >= opens.timeMs;
}

function earliest(
  condition: SpendCondition,
  coins: readonly { readonly height: number }[],
): Readonly<Record<string, number>> {
  const oldest = coins.reduce((least, { height }) => Math.min(least, height), Number.MAX_SAFE_INTEGER);
  const opens = opensWhen(condition, oldest);
  if (opens.kind === 'always') return {};
  return opens.kind === 'height' ? { opensAtHeight: opens.height } : { opensAtMs: opens.timeMs };
}

import { isOpenIn, type NextBlock, type Opens, opensWhen } from '@calin/client/wallet/open-coins.ts';
import type { SpendPath } from '@calin/core/primitives/locks/spend-path.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import type { CoinJson } from '../../../node/shapes.ts';
import { formatMoment } from '../../../words/format-time.ts';
import { formatCount } from '../../../words/format-units.ts';

/** What a path opens of the coins of an address, now and later. */
export interface PathState {
  readonly open: number;
  /** Native coins among the open ones, in hugs. */
  readonly openHugs: number;
  readonly closed: number;
  /** When the next of the closed ones opens; undefined when none is closed. */
  readonly next: Exclude<Opens, { kind: 'always' }> | undefined;
}

/** Looks at what a path opens in the next block. Coins that are being spent are not counted. */
export function pathState(
  { condition }: SpendPath,
  coins: readonly CoinJson[],
  nextBlock: NextBlock,
): PathState {
  let [open, openHugs, closed] = [0, 0, 0];
  let next: PathState['next'];
  for (const coin of coins) {
    if (coin.spentInPool) continue;
    const opens = opensWhen(condition, coin.height);
    if (opens.kind === 'always' || isOpenIn(opens, nextBlock)) {
      open++;
      if (coin.asset === NATIVE_ASSET) openHugs += coin.amount;
      continue;
    }
    closed++;
    if (next === undefined || momentOf(opens) < momentOf(next)) next = opens;
  }
  return { open, openHugs, closed, next };
}

function momentOf(opens: Exclude<Opens, { kind: 'always' }>): number {
  return opens.kind === 'height' ? opens.height : opens.timeMs;
}

/** The state of a path as a sentence. */
export function stateWords({ open, closed, next }: PathState, nextBlock: NextBlock): string {
  if (open + closed === 0) return 'There is nothing here to spend.';
  const some = (count: number) => `${formatCount(count)} ${count === 1 ? 'coin' : 'coins'}`;
  if (next === undefined) return `${some(open)} can be spent this way now.`;
  const when =
    next.kind === 'height'
      ? blocksWords(next.height - nextBlock.height, next.height)
      : momentWords(next.timeMs);
  return open === 0
    ? `Not yet: it opens ${when}.`
    : `${some(open)} can be spent this way now; the next of the others ${when}.`;
}

function blocksWords(blocks: number, height: number): string {
  return `in ${formatCount(blocks)} ${blocks === 1 ? 'block' : 'blocks'}, from block ${formatCount(height)} on`;
}

function momentWords(timeMs: number): string {
  return `from ${formatMoment(timeMs)} on`;
}

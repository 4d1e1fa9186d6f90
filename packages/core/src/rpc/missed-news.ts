import { equalBytes, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import { transactionCount } from '../primitives/flat-block.ts';
import type { Header } from '../primitives/header.ts';
import { RESUME_BLOCKS_MAX, RESUME_TRANSACTIONS_MAX } from './limits.ts';
import type { NodeView } from './node-view.ts';
import { refuseRpc } from './rules.ts';
import { type HeadNews, presentHead, type SubscriptionNews, type Topic } from './subscriptions.ts';

/**
 * What a subscriber has not heard: news of each block between the head that it knows and the one that all others heard
 * of last. The first says how many of the blocks that the subscriber knew were taken back. Transactions that came into
 * the pool in between are not told again.
 *
 * @param after - id of the head that the subscriber knows
 * @param told - id of the head that was announced last; those who follow it are announced to all
 * @returns the news, oldest first. Refuses by `rpc/resume` when the node does not have that head, or a block since, or
 *   when it is more than {@link RESUME_BLOCKS_MAX} blocks or {@link RESUME_TRANSACTIONS_MAX} transactions away: the
 *   subscriber has to read the state anew
 */
export function missedNews(
  view: NodeView,
  topic: Topic,
  after: Hash,
  told: Hash,
): Result<readonly SubscriptionNews[]> {
  const refusal = refuseRpc('rpc/resume', {
    got: toHex(after),
    blocksMax: RESUME_BLOCKS_MAX,
    transactionsMax: RESUME_TRANSACTIONS_MAX,
  });
  const way = wayBetween(view, after, told);
  if (way === undefined) return refusal;
  const heads: HeadNews[] = [];
  let transactions = 0;
  for (const { id } of way.added) {
    const block = view.block({ kind: 'id', id });
    transactions += block === undefined ? 0 : transactionCount(block);
    if (block === undefined || transactions > RESUME_TRANSACTIONS_MAX) return refusal;
    const reverted = heads.length === 0 ? way.reverted : 0;
    heads.push({ head: block, reverted, transactions: () => block.transactions.slice(1) });
  }
  // Blocks may be taken back without others in their place, as dev_revert does.
  if (heads.length === 0 && way.reverted > 0)
    heads.push({ head: way.fork, reverted: way.reverted, transactions: () => [] });
  return ok(heads.flatMap((head) => presentHead(topic, head) ?? []));
}

type Place = { readonly id: Hash; readonly header: Header };

/** The way from one block to another over the last one that both descend from. */
interface Way {
  readonly fork: Place;
  /** Blocks that are left on the way back. */
  readonly reverted: number;
  /** What follows the fork, oldest first. */
  readonly added: readonly Place[];
}

/** Undefined when a block is unknown, or the way too long. */
function wayBetween(view: NodeView, from: Hash, to: Hash): Way | undefined {
  let back = view.header({ kind: 'id', id: from });
  let forth = view.header({ kind: 'id', id: to });
  let reverted = 0;
  const added: Place[] = [];
  while (back !== undefined && forth !== undefined) {
    if (equalBytes(back.id, forth.id)) return { fork: back, reverted, added: added.toReversed() };
    if (reverted + added.length >= RESUME_BLOCKS_MAX) return undefined;
    if (back.header.height > forth.header.height) {
      reverted += 1;
      back = view.header({ kind: 'id', id: back.header.parent });
    } else {
      added.push(forth);
      forth = view.header({ kind: 'id', id: forth.header.parent });
    }
  }
  return undefined;
}

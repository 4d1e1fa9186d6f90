import { ok, type Result } from '@calin/core/base/result.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import { practiceKey } from '../practice/practice-key.ts';
import { PracticeNode } from '../practice/practice-node.ts';
import { workSpec } from '../practice/practice-spec.ts';

/** Whose coins these are. */
export const YOU = practiceKey('you');
/** Who is paid. */
export const SHOP = practiceKey('shop');

const MINER = practiceKey('miner');

/** A node of a chain on which you have three coins. */
export function beginWithCoins(): PracticeNode {
  return new PracticeNode(workSpec([5, 3, 2].map((calin) => ({ owner: YOU, calin }))));
}

/** Sends a transaction and makes the block that holds it; the fee. Refuses like the ledger. */
export function settle(node: PracticeNode, transaction: Transaction): Result<{ readonly fee: number }> {
  const receipt = node.judge(transaction);
  if (!receipt.ok) return receipt;
  const sent = node.send(transaction);
  if (!sent.ok) return sent;
  node.mine(MINER);
  return ok({ fee: receipt.value.fee });
}

import { toHex } from '@calin/core/base/bytes.ts';
import { ok, type Refusal, type Result } from '@calin/core/base/result.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import type { MethodResult } from '../rpc/rpc-client.ts';
import { refuseRpc } from '../rpc/rules.ts';
import type { WalletChain } from './wallet-chain.ts';

/**
 * Gives a transaction to the node, which takes it into its pool or refuses it by the rule that it breaks.
 *
 * @returns its id in hexadecimal
 */
export async function handIn(
  { client }: Pick<WalletChain, 'client'>,
  transaction: Transaction,
): Promise<Result<string>> {
  const answer = await client.call('tx_submit', { transactions: [toHex(transaction.bytes)] });
  if (!answer.ok) return answer;
  const [verdict] = answer.value;
  if (verdict?.accepted === true) return ok(toHex(transaction.txid));
  if (verdict?.refusal === undefined) return refuseRpc('rpc/bad-response', { why: 'it names no rule' });
  return { ok: false, error: asRefusal(verdict.refusal) };
}

type VerdictRefusal = NonNullable<MethodResult<'tx_submit'>[number]['refusal']>;

function asRefusal({ rule, message, help, retry, evidence }: VerdictRefusal): Refusal {
  // The node's own evidence: plain values by its schema of refusals.
  return { rule, message, help, retry, banPoints: 0, evidence: (evidence ?? {}) as Refusal['evidence'] };
}

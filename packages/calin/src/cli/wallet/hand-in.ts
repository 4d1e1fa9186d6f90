import type { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import { refuseCli } from '../rules.ts';
import type { Connection } from './connect.ts';

/** How long to wait for a block before saying that there is none yet. */
const WAIT_MS = 60_000;
/** The first pause before another look, and the longest. */
const POLL_MS_MIN = 10;
const POLL_MS_MAX = 500;

/** Gives a transaction to the node, which takes it into its pool or refuses it; the answer is its id. */
export async function handIn(client: RpcClient, transaction: Transaction): Promise<Result<string>> {
  const answer = await client.call('tx_submit', { transactions: [toHex(transaction.bytes)] });
  if (!answer.ok) return answer;
  const verdict = answer.value[0];
  if (verdict?.accepted !== true) return { ok: false, error: asRefusal(verdict?.refusal) };
  return ok(toHex(transaction.txid));
}

/** Waits until a transaction is in a block; refuses by `cli/not-included` after a minute. */
export async function waitForBlock(
  { client }: Connection,
  txid: string,
): Promise<Result<{ id: string; height: number }>> {
  const deadlineMs = performance.now() + WAIT_MS;
  for (
    let pauseMs = POLL_MS_MIN;
    performance.now() < deadlineMs;
    pauseMs = Math.min(POLL_MS_MAX, pauseMs * 1.5)
  ) {
    const found = await client.call('tx_get', { txid });
    if (!found.ok) return found;
    const { block } = found.value;
    if (block !== null) return ok({ id: block.id, height: block.height });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return refuseCli('cli/not-included', { txid, waitedMs: WAIT_MS });
}

type VerdictRefusal = Pick<Refusal, 'rule' | 'message' | 'help' | 'retry'> & { readonly evidence?: unknown };

function asRefusal(refusal: VerdictRefusal | undefined): Refusal {
  if (refusal === undefined) return refuseCli('cli/not-found').error;
  const { rule, message, help, retry } = refusal;
  // The node's own evidence: plain values by its schema of refusals.
  return {
    rule,
    message,
    help,
    retry,
    banPoints: 0,
    evidence: (refusal.evidence ?? {}) as Refusal['evidence'],
  };
}

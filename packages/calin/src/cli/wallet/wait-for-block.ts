import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { refuseCli } from '../rules.ts';
import type { Connection } from './connect.ts';

/** How long to wait for a block before saying that there is none yet. */
const WAIT_MS = 60_000;
/** The first pause before another look, and the longest. */
const POLL_MS_MIN = 10;
const POLL_MS_MAX = 500;

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

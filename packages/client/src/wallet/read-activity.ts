import { ok, type Result } from '@calin/core/base/result.ts';
import type { MethodResult, RpcClient } from '../rpc/rpc-client.ts';
import type { Activity } from './history-csv.ts';

/** Entries of a page, and pages: 500,000 entries are some 100 MB of text. */
const PAGE = 100;
const PAGES_MAX = 5000;
/** Transactions that are asked for at once. */
const BATCH = 50;

/** All that happened to the coins of an address, newest first. Refuses by `index/…`, as the node does. */
export async function readActivity(client: RpcClient, address: string): Promise<Result<readonly Activity[]>> {
  const entries: Activity[] = [];
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const params = { address, limit: PAGE, ...(after === undefined ? {} : { after }) };
    const answer = await client.call('account_getActivity', params);
    if (!answer.ok) return answer;
    entries.push(...answer.value.entries);
    if (answer.value.next === null) break;
    after = answer.value.next;
  }
  return ok(entries);
}

/**
 * The names on the other side of transactions, by txid: of who was paid by them, or signed them.
 *
 * @param names - by address, as the network writes it
 */
export async function otherSides(
  client: RpcClient,
  entries: readonly Activity[],
  own: string,
  names: ReadonlyMap<string, string>,
): Promise<Result<ReadonlyMap<string, string>>> {
  const sides = new Map<string, string>();
  const txids = [...new Set(entries.filter(({ reward }) => !reward).map(({ txid }) => txid))];
  for (let start = 0; start < txids.length; start += BATCH) {
    const part = txids.slice(start, start + BATCH);
    const answers = await client.batch(part.map((txid) => ({ method: 'tx_get', params: { txid } }) as const));
    if (!answers.ok) return answers;
    for (const [i, answer] of answers.value.entries()) {
      if (!answer.ok) return answer;
      const others = addressesOf(answer.value).filter((address) => address !== own);
      const known = [...new Set(others.flatMap((address) => names.get(address) ?? []))];
      if (known.length > 0) sides.set(part[i] ?? '', known.join(' '));
    }
  }
  return ok(sides);
}

function addressesOf({ transaction }: MethodResult<'tx_get'>): string[] {
  return [...transaction.outputs, ...transaction.witnesses].map(({ address }) => address);
}

/**
 * A process of its own that hands signed transfers to a node, as a payment service does. Its argument is an
 * {@link IngestOrder} as JSON. It reads the transfers, says so to its parent, and answers each {@link IngestShare} with
 * an {@link IngestReport}, until its parent ends it.
 */
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { assert } from '@calin/core/base/assert.ts';
import { fromHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { parseBlock } from '@calin/core/primitives/block.ts';
import { ChainFile } from '../chain/chain-file.ts';
import { type JoinedTransfers, joinTransfers, splitTransfers } from '../chain/joined-transfers.ts';
import type { ClientMessage, IngestOrder, IngestReport, IngestShare } from './ingest-report.ts';

/** Before a request is sent again: about as long as it takes a node to work through one. */
const BUSY_MS = 20;

/** Sends one request: the rules of the refused transfers, undefined for each accepted one. */
type Send = (client: RpcClient) => Promise<Result<readonly (string | undefined)[]>>;

function readShares({ folder, chainId, bundle }: IngestOrder): readonly JoinedTransfers[] {
  const file = new ChainFile(folder);
  for (let i = 0; i < file.about.fanOutBlocks; i++) file.next();
  const shares: JoinedTransfers[] = [];
  let transfers: Uint8Array[] = [];
  while (file.left > 0) {
    const block = parseBlock(file.next(), fromHex(chainId));
    assert(block.ok, 'a block of the chain');
    for (const { bytes } of block.value.transactions.slice(1)) {
      transfers.push(bytes);
      if (transfers.length < bundle) continue;
      shares.push(joinTransfers(transfers));
      transfers = [];
    }
  }
  file.close();
  assert(transfers.length === 0, 'whole requests');
  return shares;
}

function sendBytes(share: JoinedTransfers): Send {
  return async (client) => {
    const verdicts = await client.submitBundle(splitTransfers(share));
    return verdicts.ok ? ok(verdicts.value.map((one) => (one.accepted ? undefined : one.rule))) : verdicts;
  };
}

/** The text is made before the clock starts, as the signatures are: who has no bytes has the text already. */
function sendText({ bytes, ends }: JoinedTransfers): Send {
  // A string that was put together from parts would be made whole when it is first read.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return async (client) => {
    const transactions = ends.map((end, i) => text.slice(2 * (ends[i - 1] ?? 0), 2 * end));
    const verdicts = await client.call('tx_submit', { transactions });
    return verdicts.ok ? ok(verdicts.value.map((one) => one.refusal?.rule)) : verdicts;
  };
}

async function sendAll(sends: readonly Send[], url: string, inFlight: number): Promise<IngestReport> {
  const client = new RpcClient({ url });
  const refused: Record<string, number> = {};
  const cpu = process.cpuUsage();
  let accepted = 0;
  let busy = 0;
  const waiting = sends.values();
  const work = async (): Promise<void> => {
    for (const send of waiting) {
      let answer = await send(client);
      while (!answer.ok && answer.error.rule === 'node/busy') {
        busy += 1;
        await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
        answer = await send(client);
      }
      if (!answer.ok) throw new Error(`${answer.error.rule}: ${answer.error.message}`);
      for (const rule of answer.value) {
        if (rule === undefined) accepted += 1;
        else refused[rule] = (refused[rule] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  const { user, system } = process.cpuUsage(cpu);
  return { accepted, refused, busy, cpuMs: (user + system) / 1000 };
}

function tell(message: ClientMessage): void {
  process.send?.(message);
}

const order = JSON.parse(process.argv[2] ?? '') as IngestOrder;
const send = order.endpoint === 'binary' ? sendBytes : sendText;
const sends = readShares(order).map(send);
process.on('message', async ({ url, from, to }: IngestShare) => {
  tell({ kind: 'done', report: await sendAll(sends.slice(from, to), url, order.inFlight) });
});
tell({ kind: 'ready', requests: sends.length });

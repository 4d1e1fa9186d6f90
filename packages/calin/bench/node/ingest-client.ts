/**
 * A process of its own that hands signed transfers to a node, as a payment service does. Its argument is an
 * {@link IngestOrder} as JSON. It reads the transfers, says so to its parent, and answers each {@link IngestShare} with
 * an {@link IngestReport}, until its parent ends it.
 */
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { assert } from '@calin/core/base/assert.ts';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { parseBlock } from '@calin/core/primitives/block.ts';
import { ChainFile } from '../chain/chain-file.ts';
import type { ClientMessage, IngestOrder, IngestReport, IngestShare } from './ingest-report.ts';

/** Before a request is sent again: about as long as it takes a node to work through one. */
const BUSY_MS = 20;

/** Sends one request: the rules of the refused transfers, undefined for each accepted one. */
type Send = (client: RpcClient) => Promise<Result<readonly (string | undefined)[]>>;

function readTransfers({ folder, chainId }: IngestOrder): readonly Uint8Array[] {
  const file = new ChainFile(folder);
  for (let i = 0; i < file.about.fanOutBlocks; i++) file.next();
  const transfers: Uint8Array[] = [];
  while (file.left > 0) {
    const block = parseBlock(file.next(), fromHex(chainId));
    assert(block.ok, 'a block of the chain');
    for (const { bytes } of block.value.transactions.slice(1)) transfers.push(bytes);
  }
  file.close();
  return transfers;
}

/** The text is made before the clock starts, as the signatures are: who has no bytes has the text already. */
function prepare(transfers: readonly Uint8Array[], { endpoint, bundle }: IngestOrder): readonly Send[] {
  const sends: Send[] = [];
  for (let start = 0; start < transfers.length; start += bundle) {
    const part = transfers.slice(start, start + bundle);
    sends.push(endpoint === 'binary' ? sendBytes(part) : sendText(part.map(toHex)));
  }
  return sends;
}

function sendBytes(transactions: readonly Uint8Array[]): Send {
  return async (client) => {
    const verdicts = await client.submitBundle(transactions);
    return verdicts.ok ? ok(verdicts.value.map((one) => (one.accepted ? undefined : one.rule))) : verdicts;
  };
}

function sendText(transactions: readonly string[]): Send {
  return async (client) => {
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
const transfers = readTransfers(order);
const sends = prepare(transfers, order);
process.on('message', async ({ url, from, to }: IngestShare) => {
  tell({ kind: 'done', report: await sendAll(sends.slice(from, to), url, order.inFlight) });
});
tell({ kind: 'ready', requests: sends.length });

import { toHex } from '@calin/core/base/bytes.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { type BenchChain, obtainChain } from './chain/obtain-chain.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';
import { betweenBounds } from './measure/signature-rate.ts';
import { type ThreadReport, watchThread } from './measure/watch-thread.ts';
import { startIngestClient } from './node/ingest-process.ts';
import type { Endpoint, IngestReport } from './node/ingest-report.ts';
import { openProducingNode, type ProducingNode } from './node/producing-node.ts';
import { withFolder } from './node/with-folder.ts';

/** Blocks that the transfers of a chain are cut into; a node makes its own. */
const CHAIN_BLOCKS = 20;

/** From a client in another process to synced blocks. */
export const bench: Bench = {
  name: 'ingest',
  summary: 'Signed transfers from a client, over HTTP, into the pool, into blocks, and onto the disk.',
  options: {
    endpoint: { summary: '`binary` for bundles of bytes, `json` for tx_submit', default: 'binary' },
    transfers: { summary: 'Transfers that are counted', default: 100_000 },
    'warm-up': { summary: 'Transfers sent before the clock starts', default: 40_000 },
    bundle: { summary: 'Transfers in one request; 0 for 500 in bytes and 100 in JSON', default: 0 },
    'in-flight': {
      summary: 'Requests that wait for their answer at a time; 0 for 4 in bytes and 16 in JSON',
      default: 0,
    },
    'block-ms': { summary: 'Time between two blocks', default: 50 },
    index: { summary: 'Keep the index of transactions and addresses too', default: false },
    fresh: { summary: 'Make the transfers anew, also when an earlier run has left them', default: false },
    'bound-ms': { summary: 'How long the raw signature rate is measured, before and after', default: 1500 },
  },
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const order = readOrder(options);
  const transfers = Number(options['transfers']);
  const all = transfers + order.warmUp;
  const size = { coins: all, blocks: CHAIN_BLOCKS, transfers: all / CHAIN_BLOCKS, respend: false };
  const isWhole = [all / CHAIN_BLOCKS, transfers / order.bundle, order.warmUp / order.bundle].every(
    Number.isInteger,
  );
  if (!isWhole) {
    const parts = `${CHAIN_BLOCKS} and ${order.bundle}`;
    throw new Error(`--transfers and --warm-up are whole requests, their sum is a multiple of ${parts}`);
  }
  const chain = await obtainChain(size, { fresh: options['fresh'] === true }, progress);
  const { value, mean, drift, coresFree, cpuUs } = await ingest(
    chain,
    order,
    Number(options['bound-ms']),
    progress,
  );
  const { thread, report, blocks } = value;
  const perSecond = (transfers * 1000) / thread.wallMs;
  return {
    bench: 'ingest',
    ratio: round(perSecond / mean, 3),
    // What the ratio would be if every core were busy throughout, with the client on them too.
    cpuRatio: round((cpuUs * transfers) / ((thread.cpuMs + report.cpuMs) * 1000), 3),
    transfersPerSecond: Math.round(perSecond),
    signaturesPerSecond: Math.round(mean),
    boundDrift: round(drift, 3),
    coresFree: round(coresFree, 3),
    cpuUsPerSignature: round(cpuUs, 2),
    cpuUsPerTransfer: round((thread.cpuMs * 1000) / transfers, 2),
    mainCpuUsPerTransfer: round((thread.mainCpuMs * 1000) / transfers, 2),
    clientCpuUsPerTransfer: round((report.cpuMs * 1000) / transfers, 2),
    eventLoopP999Ms: round(thread.eventLoopP999Ms, 1),
    eventLoopMaxMs: round(thread.eventLoopMaxMs, 1),
    blocks,
    busyAnswers: report.busy,
    ...order,
    transfers,
    ...machine(),
  };
}

interface Order {
  readonly endpoint: Endpoint;
  readonly bundle: number;
  readonly inFlight: number;
  readonly warmUp: number;
  readonly blockMs: number;
  readonly index: boolean;
}

function readOrder(options: BenchOptions): Order {
  const { endpoint } = options;
  if (endpoint !== 'binary' && endpoint !== 'json') throw new Error('--endpoint is binary or json');
  const usual = endpoint === 'binary' ? 500 : 100;
  return {
    endpoint,
    bundle: Number(options['bundle']) || usual,
    inFlight: Number(options['in-flight']) || (endpoint === 'binary' ? 4 : 16),
    warmUp: Number(options['warm-up']),
    blockMs: Number(options['block-ms']),
    index: options['index'] === true,
  };
}

interface Ingested {
  readonly thread: ThreadReport;
  readonly report: IngestReport;
  readonly blocks: number;
}

/** The node runs in this process and the client in its own; the bound is measured while both are idle. */
function ingest(chain: BenchChain, order: Order, boundMs: number, progress: BenchProgress) {
  return withFolder(async (folder) => {
    const node = await openProducingNode(folder, chain.spec, order);
    try {
      const chainId = await makeCoins(node, chain, progress);
      const client = await startIngestClient({ folder: chain.folder, chainId, ...order });
      try {
        const { url } = node.running;
        const warm = order.warmUp / order.bundle;
        const sendShare = async (from: number, to: number): Promise<IngestReport> => {
          const synced = node.whenSynced((to - from) * order.bundle);
          const report = await client.send({ url, from, to });
          refuseRefused(report);
          await synced;
          return report;
        };
        if (warm > 0) await sendShare(0, warm);
        return await betweenBounds(boundMs, async (): Promise<Ingested> => {
          const { chain: head } = node.running.runner.node;
          const before = head.head.height;
          const thread = watchThread();
          const report = await sendShare(warm, client.requests);
          return { thread: thread(), report, blocks: head.head.height - before };
        });
      } finally {
        client.close();
      }
    } finally {
      await node.running.stop();
    }
  });
}

/** Imports the blocks that make the coins; the id of the chain, in hex. */
async function makeCoins(
  { running }: ProducingNode,
  chain: BenchChain,
  progress: BenchProgress,
): Promise<string> {
  const file = chain.open();
  const { fanOutBlocks } = file.about;
  for (let i = 0; i < fanOutBlocks; i++) {
    progress(i, fanOutBlocks, 'making the coins');
    await new Promise<void>((resolve, reject) =>
      running.runner.request({ kind: 'import', block: file.next() }, (answer) => {
        if (answer.ok) return resolve();
        chain.forget();
        reject(new Error(`the node refused a block by ${answer.error.rule}`));
      }),
    );
  }
  file.close();
  return toHex(running.runner.node.chain.chainId);
}

/** A refused transfer would never come into a block, and the run would wait for it for ever. */
function refuseRefused({ refused }: IngestReport): void {
  const rules = Object.entries(refused).map(([rule, count]) => `${count} by ${rule}`);
  if (rules.length > 0) throw new Error(`the node refused transfers: ${rules.join(', ')}`);
}

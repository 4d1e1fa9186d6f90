import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';

const options = NODE_OPTIONS;

/** A vote that is under way, as `node_status` tells of it. */
interface Vote {
  readonly height: number;
  readonly round: number | null;
  readonly heard: number;
  readonly quorum: number;
  readonly sinceMs: number;
}

/** `calin status`. */
export const command = defineCommand({
  name: 'status',
  summary: 'Show which chain the node is on and how it is.',
  arguments: [],
  options,
  examples: ['status', 'status --rpc http://127.0.0.1:8645 --json'],
  run: (values, io) => showStatus(values, io),
});

async function showStatus(values: ValuesOf<typeof options>, io: CommandIo) {
  const { connect } = await import('../wallet/connect.ts');
  const { formatAssetAmount, NATIVE_UNITS } = await import('@calin/client/wallet/asset-units.ts');
  const { formatFields, printable } = await import('../output.ts');
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const { client, status } = connection.value;
  const { head, final, mempool, supply, storage, mining, finality, voting } = status;
  const text = formatFields([
    ['Node', client.url],
    ['Network', status.dev ? `${status.name} (development)` : status.name],
    ['Chain', status.chainId],
    ['Life', status.producing ? `${status.life}, makes blocks` : status.life],
    ['Head', `${head.height}, ${new Date(head.timeMs).toISOString()}, ${head.id}`],
    ['Final', `${final.height}, by ${finality}`],
    ...(voting === null ? [] : [['Vote', formatVote(voting)] as const]),
    ['Storage', `${storage.mode}: blocks from ${storage.blocksFrom}, states from ${storage.statesFrom}`],
    ['Index', storage.index ? 'of transactions and addresses' : 'off'],
    ...(mining === null
      ? []
      : [['Mining', `${formatRate(mining.hashesPerSecond)}, ${mining.blocks} blocks found`] as const]),
    ['Pool', `${mempool.transactions} transactions, ${mempool.bytes} bytes`],
    ['Issued', formatAssetAmount(supply.issued, NATIVE_UNITS)],
    ['Burned', formatAssetAmount(supply.burned, NATIVE_UNITS)],
    ['Coins', `${status.coins}`],
  ]);
  io.answer({ json: { url: client.url, ...status }, text: printable(text) });
  return ok(undefined);
}

function formatRate(hashesPerSecond: number): string {
  return `${(hashesPerSecond / 1_000_000).toFixed(1)} million hashes a second`;
}

/** How far a vote has come: what is missing while nothing becomes final. */
function formatVote({ height, round, heard, quorum, sinceMs }: Vote): string {
  const of = round === null ? `${height}` : `${height}, round ${round}`;
  return `on ${of}: weight ${heard} of ${quorum} heard, since ${new Date(sinceMs).toISOString()}`;
}

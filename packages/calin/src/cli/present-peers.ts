import type { MethodResult } from '@calin/client/rpc/rpc-client.ts';
import { formatTable } from './output.ts';

type Peers = MethodResult<'net_peers'>;
type Bans = MethodResult<'net_bans'>;

/** Columns of the tables that hold numbers. */
const NUMBERS = [2, 3, 4, 5];

/** The peers of a node and its bans, for a person. */
export function formatPeers(network: Peers, bans: Bans, nowMs: number): string {
  const { enabled, listening, peers, addresses } = network;
  if (!enabled) return 'This node has no network.';
  const lines = [
    ...listening.map((address) => `Listens on ${address}`),
    `${count(peers.length, 'peer')}, ${count(addresses.known, 'address', 'addresses')} known`,
    progress(network),
  ];
  if (peers.length > 0) {
    const head = ['PEER', 'WAY', 'HEIGHT', 'PING', 'POINTS', 'SINCE', 'ADDRESS', 'SOFTWARE'];
    const rows = peers.map(({ id, direction, said, latencyMs, points, connectedMs, address }) => [
      id,
      direction === 'inbound' ? 'in' : 'out',
      `${said?.height ?? '-'}`,
      latencyMs === null ? '-' : `${Math.round(latencyMs)} ms`,
      `${points}`,
      formatSpan(nowMs - connectedMs),
      // The id is in its own column.
      address.replace(`/p2p/${id}`, ''),
      said?.agent ?? '-',
    ]);
    lines.push('', formatTable([head, ...rows], NUMBERS));
  }
  if (bans.length > 0) {
    const rows = bans.map(({ target, untilMs, reason }) => [target, formatSpan(untilMs - nowMs), reason]);
    lines.push('', formatTable([['BANNED', 'FOR', 'REASON'], ...rows], [1]));
  }
  return lines.join('\n');
}

/** How far the node has come, as far as it can know. */
function progress({ peers, sync }: Peers): string {
  if (peers.length === 0) return 'Alone: nobody could tell whether it is behind';
  if (sync.caughtUp) return 'Where its peers are';
  return `Behind its peers, ${count(sync.missing, 'block')} known to be missing`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A time in the largest unit that fits twice, so that a number says enough. */
function formatSpan(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
  ] as const;
  for (const [name, unitMs] of units) if (ms >= 2 * unitMs) return `${Math.floor(ms / unitMs)} ${name}`;
  return `${Math.max(0, Math.floor(ms / 1000))} s`;
}

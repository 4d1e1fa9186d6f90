import type { NodeReport } from '../host/cluster/cluster.ts';
import type { ClusterPlan } from '../host/cluster/cluster-folder.ts';
import type { Answer } from './command.ts';
import { formatTable } from './output.ts';

/** Columns of the table that hold numbers. */
const NUMBERS = [1, 4, 5, 7, 8];

/** The nodes of a local network, as they are now, one a line. */
export function formatCluster(reports: readonly NodeReport[]): string {
  const head = ['NODE', 'PID', 'JSON-RPC', 'LIFE', 'PEERS', 'HEIGHT', 'HEAD', 'FINAL', 'POOL', ''];
  const rows = reports.map(({ name, pid, url, status, peers, restarts }) => [
    name,
    `${pid ?? '-'}`,
    url,
    status?.life ?? (pid === undefined ? 'down' : 'silent'),
    `${peers ?? '-'}`,
    `${status?.head.height ?? '-'}`,
    status?.head.id.slice(0, 8) ?? '-',
    `${status?.final.height ?? '-'}`,
    `${status?.mempool.transactions ?? '-'}`,
    restarts === 0 ? '' : `started again ${restarts} ×`,
  ]);
  return formatTable([head, ...rows], NUMBERS);
}

/** The same in one line. */
export function formatClusterShort(reports: readonly NodeReport[]): string {
  const heights = reports.flatMap(({ status }) => status?.head.height ?? []);
  const heads = new Set(reports.flatMap(({ status }) => status?.head.id ?? []));
  const span = heights.length === 0 ? 'none' : `${Math.min(...heights)} to ${Math.max(...heights)}`;
  return `${heights.length} of ${reports.length} nodes answer, heights ${span}, ${heads.size} heads`;
}

/** What a network is and where its nodes are, for a person and for a program. */
export function presentCluster({ path, shape, nodes }: ClusterPlan, kept: boolean): Answer {
  const list = nodes.map(({ name, data, rpcPort, address, logFile }) => ({
    name,
    url: `http://127.0.0.1:${rpcPort}`,
    address,
    data,
    log: logFile,
  }));
  const folder = kept ? `Folder ${path}` : `Folder ${path}, removed at the end`;
  const [first] = list;
  const example = `calin send --rpc ${first?.url} --from dev0 --to dev1 --amount 1`;
  return {
    json: { path, ...shape, members: list },
    text: `${shape.nodes} nodes, ${shape.consensus}, a block every ${shape.blockMs} ms\n${folder}\nLook: ${first?.url} in a browser\nPay: ${example}\nCtrl-C stops all of them.\n`,
  };
}

import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Cluster } from '../../host/cluster/cluster.ts';
import type { ClusterPlan } from '../../host/cluster/cluster-folder.ts';
import type { ClusterShape } from '../../host/cluster/cluster-genesis.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { CONSENSUS_OPTION, presetOf } from '../common-options.ts';

const options = {
  nodes: { kind: 'integer', value: 'N', min: 1, max: 32, fallback: 5, summary: 'How many nodes' },
  consensus: CONSENSUS_OPTION,
  validators: {
    kind: 'text',
    value: 'KIND',
    choices: ['stake', 'authorities'],
    summary: 'Where validators come from',
    otherwise: 'as the consensus has it',
  },
  'block-time': {
    kind: 'integer',
    value: 'MS',
    min: 50,
    max: 86_400_000,
    fallback: 1000,
    summary: 'Milliseconds between blocks',
  },
  data: {
    kind: 'text',
    value: 'DIR',
    summary: 'Folder of the whole network, which goes on where it was left',
    otherwise: 'a temporary one that is removed at the end',
  },
  'until-height': {
    kind: 'integer',
    value: 'N',
    min: 1,
    max: 4_294_967_295,
    summary: 'Stop when all nodes have this block, the same one',
    otherwise: 'run until it is stopped',
  },
  timeout: {
    kind: 'integer',
    value: 'SECONDS',
    min: 1,
    max: 86_400,
    fallback: 300,
    summary: 'With --until-height: give up after this, with exit status 1',
  },
  'no-restart': {
    kind: 'flag',
    summary: 'Leave a node that ends alone, to see how the others do without it',
  },
  log: { kind: 'text', value: 'LEVELS', fallback: 'info', summary: 'What each node writes to its log file' },
} as const;

/** `calin cluster`. */
export const command = defineCommand({
  name: 'cluster',
  summary: 'Run a local network: several nodes, each a process of its own.',
  description:
    'The nodes talk over libp2p on the loopback and all make blocks of a development chain with ten funded accounts. A node that ends is started again, so that one can be killed to see what happens. The first one keeps the index of explorers, so that its address shows the whole chain in a browser. When no block is made, or none becomes final, the command says so and goes on.',
  arguments: [],
  options,
  examples: [
    'cluster --nodes 5',
    'cluster --nodes 3 --consensus pow --block-time 5000',
    'cluster --nodes 4 --consensus bft --no-restart --data ./votes',
    'cluster --nodes 4 --until-height 20 --timeout 60 --json',
  ],
  run: (values, io) => runCluster(values, io),
});

type Values = ValuesOf<typeof options>;

/** How often the nodes are asked how they are. */
const LOOK_MS = 250;

async function runCluster(values: Values, io: CommandIo): Promise<Result<undefined>> {
  const { mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join, resolve } = await import('node:path');
  const { parseLogLevels } = await import('../../adapters/log.ts');
  const levels = parseLogLevels(values.log);
  if (!levels.ok) return levels;
  const isKept = values.data !== undefined;
  const path =
    values.data === undefined ? mkdtempSync(join(tmpdir(), 'calin-cluster-')) : resolve(values.data);
  try {
    return await runIn(path, isKept, values, io);
  } finally {
    if (!isKept) rmSync(path, { recursive: true, force: true });
  }
}

async function runIn(
  path: string,
  isKept: boolean,
  values: Values,
  io: CommandIo,
): Promise<Result<undefined>> {
  const { Cluster } = await import('../../host/cluster/cluster.ts');
  const { planCluster } = await import('../../host/cluster/cluster-folder.ts');
  const { presentCluster } = await import('../present-cluster.ts');
  const plan = await planCluster(path, shapeOf(values), Date.now());
  if (!plan.ok) return plan;
  const restarts = !values['no-restart'];
  const cluster = new Cluster(plan.value, { program: process.argv[1] ?? '', log: values.log, restarts });
  const interrupted = Promise.withResolvers<void>();
  const onSignal = () => interrupted.resolve();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    cluster.start();
    const answer = presentCluster(plan.value, isKept);
    const isLastWord = values['until-height'] !== undefined && io.isJson;
    if (!isLastWord) io.answer(answer);
    return await watch(cluster, plan.value, values, io, interrupted.promise);
  } finally {
    await cluster.stop();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function shapeOf({ nodes, consensus, validators: kind, 'block-time': blockMs }: Values): ClusterShape {
  const validators = kind === 'authorities' ? kind : 'stake';
  return { nodes, consensus: presetOf(consensus), blockMs, ...(kind === undefined ? {} : { validators }) };
}

/** Shows the nodes until the block is there, the time is up, or somebody stops it. */
async function watch(
  cluster: Cluster,
  plan: ClusterPlan,
  values: Values,
  io: CommandIo,
  interrupted: Promise<void>,
): Promise<Result<undefined>> {
  const { formatCluster, formatClusterShort } = await import('../present-cluster.ts');
  const { liveLines } = await import('../live-lines.ts');
  const { refuseCli } = await import('../rules.ts');
  const { Standstill } = await import('../../host/cluster/standstill.ts');
  const lines = liveLines();
  const standstill = new Standstill(plan.shape, performance.now());
  const target = values['until-height'];
  const beganMs = performance.now();
  let isInterrupted = false;
  void interrupted.then(() => {
    isInterrupted = true;
  });
  for (;;) {
    const reports = await cluster.report();
    const still = standstill.look(reports, performance.now());
    lines.update([formatCluster(reports), ...(still === undefined ? [] : [still])].join('\n'));
    if (!io.isJson || still !== undefined) lines.short(still ?? formatClusterShort(reports));
    const { lost } = cluster;
    if (lost !== undefined) return refuseCli('cli/cluster-node-lost', { node: lost });
    const heights = reports.map(({ status }) => status?.head.height ?? 0);
    const seconds = (performance.now() - beganMs) / 1000;
    if (target !== undefined && Math.min(...heights) >= target) {
      const id = await cluster.commonBlock(target);
      if (id !== undefined) return reached(plan, { height: target, id, seconds: Math.round(seconds) }, io);
    }
    if (isInterrupted) return target === undefined ? ok(undefined) : refuseCli('cli/interrupted');
    if (target !== undefined && seconds >= values.timeout) {
      return refuseCli('cli/cluster-timeout', { expected: target, heights: heights.join(' '), seconds });
    }
    await Promise.race([interrupted, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
  }
}

function reached(
  { shape, path }: ClusterPlan,
  block: { readonly height: number; readonly id: string; readonly seconds: number },
  io: CommandIo,
): Result<undefined> {
  const { height, id, seconds } = block;
  io.answer({
    json: { path, ...shape, ...block },
    text: `All ${shape.nodes} nodes have block ${height}, ${id}, after ${seconds} s.`,
  });
  return ok(undefined);
}

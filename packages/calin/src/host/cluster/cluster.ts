import { type MethodResult, RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { ClusterNodePlan, ClusterPlan } from './cluster-folder.ts';
import { NodeProcess } from './node-process.ts';

/** How a node is at a moment. */
export interface NodeReport {
  readonly name: string;
  readonly pid: number | undefined;
  readonly url: string;
  readonly restarts: number;
  /** Undefined while it does not answer. */
  readonly status: MethodResult<'node_status'> | undefined;
  /** Nodes that it is connected with, as long as it answers. */
  readonly peers: number | undefined;
}

/** Time for a node to end with everything on disk. */
const STOP_MS = 15_000;

/** A node that does not answer a question within this is shown as silent. */
const ANSWER_MS = 2000;

/** Nodes that each node is told to begin with. */
const BOOTSTRAP_NODES = 3;

interface Member {
  readonly plan: ClusterNodePlan;
  readonly process: NodeProcess;
  readonly client: RpcClient;
}

/** How the processes of a local network are run. */
export interface ClusterOptions {
  /** The file of the command line. */
  readonly program: string;
  /** What each node writes to its log file. */
  readonly log: string;
  /** Whether a node that ends by itself is started again. */
  readonly restarts: boolean;
}

/** A local network of real processes. */
export class Cluster {
  readonly #members: readonly Member[];

  constructor(plan: ClusterPlan, options: ClusterOptions) {
    this.#members = plan.nodes.map((node) => {
      const words = wordsOf(plan, node, options.log);
      return {
        plan: node,
        process: new NodeProcess({ ...options, words, logFile: node.logFile }),
        client: new RpcClient({ url: `http://127.0.0.1:${node.rpcPort}`, timeoutMs: ANSWER_MS }),
      };
    });
  }

  /** Starts all nodes at once; they find each other. */
  start(): void {
    for (const { process } of this.#members) process.start();
  }

  /** Asks every node how it is. */
  report(): Promise<readonly NodeReport[]> {
    return Promise.all(
      this.#members.map(async ({ plan: { name }, process, client }) => {
        const { pid, restarts } = process;
        const calls = [
          { method: 'node_status', params: {} },
          { method: 'net_peers', params: {} },
        ] as const;
        const answers = pid === undefined ? undefined : await client.batch(calls);
        const [status, network] = answers?.ok ? answers.value : [];
        return {
          ...{ name, pid, url: client.url, restarts },
          status: status?.ok ? status.value : undefined,
          peers: network?.ok ? network.value.peers.length : undefined,
        };
      }),
    );
  }

  /** The id of the block at a height when every node has the same one there. */
  async commonBlock(height: number): Promise<string | undefined> {
    const ids = await Promise.all(
      this.#members.map(async ({ client }) => {
        const header = await client.call('chain_getHeader', { height });
        return header.ok ? header.value.id : undefined;
      }),
    );
    const [first] = ids;
    return ids.every((id) => id === first) ? first : undefined;
  }

  /** The node that could not be kept running, if there is one. */
  get lost(): string | undefined {
    return this.#members.find(({ process }) => process.hasGivenUp)?.plan.name;
  }

  /** Ends all nodes with everything on disk. */
  async stop(): Promise<void> {
    await Promise.all(this.#members.map(({ process }) => process.stop(STOP_MS)));
  }
}

/** The command line of a node. */
function wordsOf({ shape, nodes }: ClusterPlan, node: ClusterNodePlan, log: string): string[] {
  const others = nodes.filter(({ name }) => name !== node.name).slice(0, BOOTSTRAP_NODES);
  const network = [
    ...['--listen', node.listen],
    ...(others.length === 0 ? [] : ['--bootstrap', others.map(({ address }) => address).join()]),
    // All of them are on this machine, and are told of each other.
    '--no-mdns',
    '--no-dht',
  ];
  // Work sets its own pace.
  const pace = shape.consensus === 'poa' ? ['--block-time', `${shape.blockMs}`] : [];
  const production = ['--produce', node.producer, ...pace];
  const workers = ['--signature-workers', '0', '--mining-workers', '1'];
  // One is enough to look at the chain in a browser.
  const index = node.name === nodes[0]?.name ? ['--index', 'full'] : [];
  const place = ['--data', node.data, '--port', `${node.rpcPort}`, '--log', log, ...index];
  return ['node', ...place, ...network, ...production, ...workers];
}

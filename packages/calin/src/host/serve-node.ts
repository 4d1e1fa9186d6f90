import { fileURLToPath } from 'node:url';
import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { ProductionConfig } from '@calin/core/node/config.ts';
import type { Notification } from '@calin/core/node/effects.ts';
import type { Node } from '@calin/core/node/node.ts';
import { Runner } from '@calin/core/node/runner.ts';
import type { Log } from '@calin/core/ports/log.ts';
import type { NetworkEvent } from '@calin/core/ports/network.ts';
import type { Signer } from '@calin/core/ports/signer.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { ApiKeys } from '../adapters/api-keys.ts';
import { SystemClock } from '../adapters/clock.ts';
import type { DataFolder } from '../adapters/data-folder.ts';
import type { LevelStore } from '../adapters/level-store.ts';
import type { Libp2pNetwork } from '../adapters/libp2p/libp2p-network.ts';
import { removeRunningNode, writeRunningNode } from '../adapters/running-node-file.ts';
import { defaultSignatureWorkers, WorkerCompute } from '../adapters/worker-compute.ts';
import { WorkerMiner } from '../adapters/worker-miner.ts';
import { IndexService, noIndex, withIndex } from '../index/index-service.ts';
import type { IndexHome } from '../index/messages.ts';
import type { CallerRules } from '../server/callers.ts';
import { type RunningServer, startServer } from '../server/start-server.ts';
import { LazyMetrics } from './lazy-metrics.ts';
import { networkFigures } from './network-figures.ts';
import type { LineDoor } from './open-line.ts';
import { type NetworkOptions, openNetwork } from './open-network.ts';
import { createRpcHost, type HostMethodRunner, noHostMethods } from './rpc-host.ts';

/** Where the build of the explorer puts its pages. */
const PAGES_FOLDER = fileURLToPath(new URL('../../../explorer/dist', import.meta.url));

/** What a node works with once its chain is open. */
export interface ServeNodeOptions {
  /** The data folder, which this process holds; closed when the node has stopped. */
  readonly folder: DataFolder;
  readonly production: ProductionConfig;
  /** The producer's key; undefined for a node that makes no blocks. */
  readonly signer: Signer | undefined;
  readonly port: number;
  /** The port of the line protocol, on the loopback; it is off when left out. */
  readonly linePort?: number | undefined;
  /** The address to listen on; the loopback when left out. */
  readonly address?: string | undefined;
  /** Origins of web pages that may use the node beside its own; `*` means all. None when left out. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** What those may do who are on another machine and have no key, and how often; see {@link CallerRules}. */
  readonly anonymous?: Omit<CallerRules, 'keys'> | undefined;
  /** Certificate and key in PEM for the server. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Whether the explorer's pages are answered; not when left out. */
  readonly pages?: boolean | undefined;
  readonly log: Log;
  /** Threads that check signatures beside the main one; one for each further core when left out. */
  readonly signatureWorkers?: number | undefined;
  /** Threads that search for nonces, where blocks are made by work; one for each further core when left out. */
  readonly miningWorkers?: number | undefined;
  /** Does the methods of the kind `host`, given the node's face; the node has none when left out. */
  readonly hostMethods?: (node: Node, host: RpcHost) => HostMethodRunner;
  /** Where the index of explorers is kept; there is none when left out. */
  readonly index?: IndexHome | undefined;
  /** The node's part in the network; it knows no other nodes when left out. */
  readonly network?: NetworkOptions | undefined;
}

/** A node that answers. */
export interface RunningNode {
  readonly url: string;
  readonly port: number;
  /** The port of the line protocol; undefined where it is off. */
  readonly linePort: number | undefined;
  readonly runner: Runner;
  /** Undefined for a node without one. */
  readonly network: Libp2pNetwork | undefined;
  /** Writes what there is to write and closes everything; again waits for the first. */
  stop(): Promise<void>;
  /** Closes the ports and writes nothing: for a node whose store cannot be trusted any more. */
  abandon(): Promise<void>;
  /** Settles when the node is dead and everything is closed: by `stop`, or with the reason of its failure. */
  readonly ended: Promise<Refusal | undefined>;
}

/** The doors of a node to the world, and the node behind them. */
interface Doors {
  readonly runner: Runner;
  readonly server: RunningServer;
  readonly line: LineDoor | undefined;
  readonly network: Libp2pNetwork | undefined;
  readonly died: Promise<Refusal | undefined>;
  close(): Promise<void>;
}

/** Runs a node whose chain is open: its clock, threads, network and JSON-RPC server. */
export async function serveNode(
  options: ServeNodeOptions,
  store: LevelStore,
  node: Node,
): Promise<Result<RunningNode>> {
  const { folder } = options;
  const opened = await openDoors(options, store, node);
  if (!opened.ok) return opened;
  const { runner, server, line, network, died, close } = opened.value;
  const linePort = line?.port;
  const { url, port } = server;
  runner.dispatch({ type: 'start' });
  writeRunningNode(folder.path, url, linePort);
  const abandon = async (): Promise<void> => {
    removeRunningNode(folder.path);
    await close();
    folder.close();
  };
  const ended = died.then(async (reason) => {
    await abandon();
    await store.close();
    return reason;
  });
  const stop = async (): Promise<void> => {
    runner.dispatch({ type: 'stop' });
    await ended;
  };
  const listening = await network?.start();
  if (listening?.ok === false) {
    await stop();
    return listening;
  }
  return ok({ url, port, linePort, runner, network, stop, abandon, ended });
}

async function openDoors(options: ServeNodeOptions, store: LevelStore, node: Node): Promise<Result<Doors>> {
  const { folder, log, signer } = options;
  const event = (event: NetworkEvent): void => runner.dispatch({ type: 'network', event });
  const clock = new SystemClock();
  const isBanned = (address: string): boolean =>
    node.p2p?.connections.isBanned(address, Math.max(node.nowMs, clock.nowMs())) === true;
  const made = options.network && (await openNetwork(folder, options.network, { log, event, isBanned }));
  if (made?.ok === false) return made;
  const network = made?.value;
  const compute = new WorkerCompute({ workers: options.signatureWorkers ?? defaultSignatureWorkers(), log });
  const miner = createMiner(options, node.spec);
  const died = Promise.withResolvers<Refusal | undefined>();
  let notify = (_notification: Notification): void => {};
  const ports = { clock, store, compute, signer, miner, log, network, dead: died.resolve };
  const runner = new Runner(node, { ...ports, notify: (notification) => notify(notification) });
  const { index: home, hostMethods } = options;
  const index = home && new IndexService({ home, node, log });
  const host = createRpcHost(
    node,
    runner,
    (face) => withIndex(index?.hostMethod ?? noIndex(node), hostMethods?.(node, face) ?? noHostMethods()),
    log,
  );
  const figures = network && networkFigures(node, network);
  const { port, address, production } = options;
  const isOwn = ({ producer }: Header): boolean =>
    production.kind !== 'off' &&
    [production.publicKey, production.payTo].some((own) => equalBytes(own, producer));
  const nowMs = (): number => clock.nowMs();
  const metrics = new LazyMetrics({ view: host.view, network: figures, index, isOwn, nowMs });
  const server = await startServer({
    host,
    metrics,
    port,
    ...(address === undefined ? {} : { address }),
    allowedOrigins: options.allowedOrigins ?? [],
    callers: { ...options.anonymous, keys: new ApiKeys(folder.path, () => performance.now()) },
    tls: options.tls,
    pages: options.pages === true ? PAGES_FOLDER : undefined,
    log,
  });
  const line = await openLineIfWanted(options, node, host);
  const close = async (): Promise<void> => {
    clock.close();
    metrics.close();
    if (line?.ok) await line.value.close();
    await network?.stop();
    await compute.close();
    await miner?.close();
    await index?.close();
    if (server.ok) await server.value.close();
  };
  if (!server.ok) {
    await close();
    return server;
  }
  if (line?.ok === false) {
    await close();
    return line;
  }
  notify = (notification) => {
    metrics.notify(notification);
    server.value.publish(notification);
    if (notification.kind === 'head') index?.wake();
  };
  index?.start();
  return ok({ runner, server: server.value, line: line?.value, network, died: died.promise, close });
}

/** What speaks the line protocol is read from disk only where it is on. */
async function openLineIfWanted(
  { folder, linePort, log }: ServeNodeOptions,
  node: Node,
  host: RpcHost,
): Promise<Result<LineDoor> | undefined> {
  if (linePort === undefined) return undefined;
  const { openLine } = await import('./open-line.ts');
  return openLine({ folder: folder.path, port: linePort }, { node, host, log });
}

function createMiner(
  { production, miningWorkers, log }: ServeNodeOptions,
  spec: ChainSpec,
): WorkerMiner | undefined {
  if (production.kind === 'off' || spec.consensus.production.kind !== 'pow') return undefined;
  return new WorkerMiner({ workers: miningWorkers ?? Math.max(1, defaultSignatureWorkers()), log });
}

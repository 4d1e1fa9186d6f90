import { Cluster } from '../cluster.ts';
import { WORLD } from '../regions.ts';
import { simSpec } from '../spec.ts';
import { Workload, type WorkloadOptions } from '../workload.ts';
import { createWorld } from '../world.ts';
import type { MiningWork } from './mining-work.ts';
import type { StageOptions } from './scenario.ts';

/** What scenarios with transfers choose. */
export interface PayingNetworkOptions {
  readonly slotMs: number;
  /** As in {@link SimConsensusOptions}. */
  readonly finalityBlocks?: number | undefined;
  /** Whether it is measured when blocks become final. */
  readonly watchesFinality?: boolean;
  /** Nodes that make blocks, or vote: the first ones. */
  readonly authorities: number;
  /** As in {@link ClusterOptions}. */
  readonly twins?: readonly number[];
  /** They make them by work, as fast as each of them hashes; `slotMs` then means nothing. */
  readonly work?: MiningWork;
  readonly skewMsMax: number;
  readonly checkpointBlocks: number;
  readonly workload: WorkloadOptions;
}

/** A cluster with people who pay each other on it; nothing has happened yet. */
export interface PayingNetwork {
  readonly cluster: Cluster;
  readonly workload: Workload;
}

/** 20 Mbit/s: a home connection that sends as fast as it can. */
const UPLINK_BYTES_PER_SECOND = 2_500_000;

/** Each message takes up to so much longer than its region says. */
export const JITTER_PERCENT = 20;

/** A solid-state disk that really syncs. */
const SYNC_US = 5_000;

/**
 * Connections that each node makes where there are very many: fewer than real ones make, for time and memory. Each node
 * has about twice as many peers, and with six of them even 20,000 nodes are in reach of each other by seven steps.
 */
const FEWER_PEERS: readonly { readonly nodesAbove: number; readonly outboundPeers: number }[] = [
  { nodesAbove: 2_000, outboundPeers: 3 },
  { nodesAbove: 500, outboundPeers: 4 },
];

/** Coins beside those that the workload is expected to spend. */
const SPARE_COINS = 100;

/** Makes a network of makers of blocks and other nodes around the world. */
export function createPayingNetwork(options: PayingNetworkOptions, stage: StageOptions): PayingNetwork {
  const { slotMs, finalityBlocks, authorities, work, twins = [], skewMsMax, checkpointBlocks } = options;
  const { consensus, seed, nodes, durationUs, log, carries, signatures, part } = stage;
  const coins = Math.ceil((1.5 * durationUs) / options.workload.intervalUs) + SPARE_COINS;
  const made = work === undefined ? {} : { work: work.spec };
  const spec = simSpec({ consensus, authorities, slotMs, ...made, finalityBlocks, coins });
  const network = { regions: WORLD, jitterPercent: JITTER_PERCENT, carries };
  const world = createWorld({
    seed,
    spec,
    network,
    log,
    signatures,
    part,
    watchesFinality: options.watchesFinality,
  });
  const machines = {
    nodes,
    regions: WORLD,
    uplinkBytesPerSecond: UPLINK_BYTES_PER_SECOND,
    syncUs: SYNC_US,
    skewMsMax,
    authorities,
    twins,
    ...(work === undefined ? {} : { hashesPerSecond: work.hashesPerSecond }),
    node: {
      outboundPeers: FEWER_PEERS.find(({ nodesAbove }) => nodes > nodesAbove)?.outboundPeers,
      mode: { kind: 'full' },
      checkpointBlocks,
      mempoolBytesMax: 8_000_000,
    },
  } as const;
  const cluster = new Cluster(machines, world);
  return { cluster, workload: new Workload(options.workload, cluster) };
}

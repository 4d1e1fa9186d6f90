import { toHex } from '@calin/core/base/bytes.ts';
import { stateRoot } from '@calin/core/state/world-state.ts';
import type { Cluster } from './cluster.ts';
import {
  type BlockSight,
  type FinalSight,
  mergeBlocks,
  mergeFinals,
  type Reorganisations,
  type SeenBlock,
} from './measures.ts';
import type { Stage } from './scenarios/scenario.ts';
import type { SimNode } from './sim-node.ts';
import { type KindTraffic, Traffic } from './traffic.ts';
import type { WorkloadCounts } from './workload.ts';

/** A machine as it is when a run is over. */
export interface MachineSight {
  /** From 1 on. */
  readonly number: number;
  readonly name: string;
  /** Index of its region. */
  readonly region: number;
  /** True when it follows the protocol. */
  readonly isHonest: boolean;
  /** Where its node ended; undefined when it is off. */
  readonly end:
    | { readonly head: Uint8Array; readonly final: Uint8Array; readonly root: Uint8Array }
    | undefined;
  readonly peers: readonly { readonly name: string; readonly latencyUs: number }[];
}

/** The best branch of a part of a run: that of the first honest node with the highest head. */
export interface BestBranch {
  readonly machine: number;
  readonly height: number;
  readonly final: number;
  /** The ids of its blocks from height 0 on, as hex. */
  readonly ids: readonly string[];
}

/** What was really worked out, once for all nodes of a part of a run. */
export interface Effort {
  readonly blocksExecuted: number;
  readonly signaturesChecked: number;
}

/** One part of a run when it is over: plain data, so that a thread can hand it to another. */
export interface PartSummary {
  readonly machines: readonly MachineSight[];
  readonly best: BestBranch | undefined;
  readonly blocks: readonly BlockSight[];
  readonly reorganisations: Reorganisations;
  /** Blocks that became final, where that was watched. */
  readonly finals: readonly FinalSight[];
  /** Hashes that were tried for blocks. */
  readonly hashes: number;
  readonly traffic: readonly KindTraffic[];
  /** Events that have happened; those of the run itself, which happen in every part, are counted in the first one. */
  readonly events: number;
  readonly workload: Readonly<WorkloadCounts> | undefined;
  readonly counts: Readonly<Record<string, number>>;
  readonly effort: Effort;
}

/** A whole run when it is over. */
export interface RunSummary extends Omit<PartSummary, 'blocks' | 'traffic' | 'effort'> {
  readonly blocks: readonly SeenBlock[];
  readonly traffic: Traffic;
  /** Of each part. */
  readonly efforts: readonly Effort[];
}

/** Sums one part of a run up. */
export function summarizePart({ cluster, workload, counts }: Stage): PartSummary {
  const { clock, network, measures, blocks, verdicts, part } = cluster.world;
  const honest = new Set(cluster.honest);
  const here = cluster.nodes.filter(({ isHere }) => isHere);
  return {
    machines: here.map((node) => sightOf(node, honest.has(node))),
    best: bestBranch(cluster),
    blocks: measures.sights,
    reorganisations: measures.reorganisations,
    finals: measures.finals,
    hashes: measures.hashes,
    traffic: network.traffic.kinds(),
    events: part === 0 ? clock.fired : clock.fired - clock.firedOfRun,
    workload: workload === undefined ? undefined : { ...workload.counts },
    counts: counts?.() ?? {},
    effort: { blocksExecuted: blocks.executed, signaturesChecked: verdicts.checked },
  };
}

/** Sums all parts up: the same, however the run was divided. */
export function mergeParts(parts: readonly PartSummary[]): RunSummary {
  const traffic = new Traffic();
  for (const part of parts) traffic.add(part.traffic);
  const bests = parts.flatMap(({ best }) => best ?? []);
  return {
    machines: parts.flatMap(({ machines }) => machines).toSorted((a, b) => a.number - b.number),
    best: bests.toSorted((a, b) => b.height - a.height || a.machine - b.machine)[0],
    blocks: mergeBlocks(parts.map(({ blocks }) => blocks)),
    reorganisations: {
      count: parts.reduce((sum, { reorganisations }) => sum + reorganisations.count, 0),
      depthMax: parts.reduce((most, { reorganisations }) => Math.max(most, reorganisations.depthMax), 0),
    },
    finals: mergeFinals(parts.map(({ finals }) => finals)),
    hashes: parts.reduce((sum, { hashes }) => sum + hashes, 0),
    traffic,
    events: parts.reduce((sum, { events }) => sum + events, 0),
    workload: parts.map(({ workload }) => workload).reduce((a, b) => (a && b ? addCounts(a, b) : (a ?? b))),
    counts: parts.map(({ counts }) => counts).reduce(addCounts),
    efforts: parts.map(({ effort }) => effort),
  };
}

/** Adds counts of the same names. */
function addCounts<T extends object>(a: T, b: T): T {
  const sums = Object.entries(a).map(([name, count]) => [name, count + b[name as keyof T]]);
  return Object.fromEntries(sums) as T;
}

function sightOf({ number, name, region, node, ends }: SimNode, isHonest: boolean): MachineSight {
  const told = [...ends.values()].filter(({ isTold }) => isTold);
  const peers = told.map(({ peer, latencyUs }) => ({ name: peer.name, latencyUs }));
  return { number, name, region, isHonest, end: endOf(node), peers };
}

/** Where a node stands; undefined for one that is off. */
export function endOf(node: SimNode['node']): MachineSight['end'] {
  const chain = node?.chain;
  return chain && { head: chain.head.id, final: chain.final.id, root: stateRoot(chain.state) };
}

function bestBranch({ runningHere }: Cluster): BestBranch | undefined {
  const heightOf = ({ node }: SimNode) => node?.chain.head.height ?? 0;
  const [best] = runningHere.toSorted((a, b) => heightOf(b) - heightOf(a));
  const chain = best?.node?.chain;
  if (best === undefined || chain === undefined) return undefined;
  const { height } = chain.head;
  const ids = Array.from({ length: height + 1 }, (_, at) => {
    const id = chain.idAt(at);
    return id === undefined ? '' : toHex(id);
  });
  return { machine: best.number, height, final: chain.final.height, ids };
}

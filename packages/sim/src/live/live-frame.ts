import { toHex } from '@calin/core/base/bytes.ts';
import type { Violation } from '../checkers/checker.ts';
import type { SimNode } from '../sim-node.ts';
import type { HeightsAt, LiveRun } from './live-run.ts';
import type { MessageSight } from './messages.ts';

/** A node as a picture shows it. */
export interface NodeSight {
  readonly name: string;
  /** Index of its region. */
  readonly region: number;
  readonly isUp: boolean;
  /** Makes blocks, or votes. */
  readonly isMaker: boolean;
  /** What it does that breaks the rules; undefined for one that keeps to them. */
  readonly cheat: string | undefined;
  readonly height: number;
  readonly finalHeight: number;
  /** The id of its head as hex; empty while it is off. */
  readonly head: string;
  /** Whether its head is on the branch of the highest head. */
  readonly isOnBest: boolean;
  /** The side of a partition that it is on; 0 while the network is whole. */
  readonly side: number;
  readonly slowMs: number;
  /** Indexes of those that it is connected to. */
  readonly peers: readonly number[];
}

/** A block that some node had as its head. */
export interface BlockSight {
  readonly id: string;
  readonly parent: string;
  readonly height: number;
  /** The name of its maker. */
  readonly maker: string;
  readonly isOnBest: boolean;
  readonly isFinal: boolean;
  /** Nodes whose head it is now. */
  readonly heads: number;
}

/** A run at one moment: plain data, so that a worker can hand it to a page. */
export interface LiveFrame {
  readonly nowUs: number;
  readonly isOver: boolean;
  readonly nodes: readonly NodeSight[];
  /** Some of those that are on their way. */
  readonly messages: readonly MessageSight[];
  readonly counts: {
    readonly events: number;
    readonly messages: number;
    readonly reorganisations: number;
    readonly transfers: number;
  };
}

/** What changes with blocks and seconds, and not with every message. */
export interface LiveStory {
  /** The last of them, the highest first. */
  readonly blocks: readonly BlockSight[];
  readonly heights: readonly HeightsAt[];
  readonly lines: readonly string[];
  /** What must hold, in the order of the checkers. */
  readonly invariants: readonly string[];
  readonly violations: readonly Violation[];
}

/** Messages of a frame at most: more are no picture. */
const MESSAGES_MAX = 150;

/** Blocks of a story reach so far below the highest. */
const HEIGHTS_SHOWN = 24;
const BLOCKS_MAX = 200;

/** What is to be seen of a run now. */
export function frameOf(run: LiveRun): LiveFrame {
  const { cluster, workload } = run.stage;
  const { clock, network, measures } = cluster.world;
  const best = bestNode(run);
  return {
    nowUs: run.nowUs,
    isOver: run.isOver,
    nodes: cluster.nodes.map((node) => sightOf(node, best, network)),
    messages: run.messages.sights(MESSAGES_MAX),
    counts: {
      events: clock.fired,
      messages: network.traffic.messages,
      reorganisations: measures.reorganisations.count,
      transfers: workload?.counts.accepted ?? 0,
    },
  };
}

/** What there is to tell of a run now. */
export function storyOf(run: LiveRun): LiveStory {
  return {
    blocks: blocksOf(run),
    heights: [...run.heights],
    lines: run.lines.map(({ text }) => text.trimEnd()),
    invariants: run.stage.checkers.map(({ invariant }) => invariant),
    violations: [...run.violations],
  };
}

/** Of the honest nodes with the highest head, the first of those whose head most nodes have. */
function bestNode({ stage }: LiveRun): SimNode | undefined {
  const { running } = stage.cluster;
  const highest = Math.max(0, ...running.map(heightOf));
  const heads = new Map<string, SimNode[]>();
  for (const node of running) {
    const chain = node.node?.chain;
    if (chain === undefined || chain.head.height < highest) continue;
    const id = toHex(chain.head.id);
    heads.set(id, [...(heads.get(id) ?? []), node]);
  }
  return [...heads.values()].toSorted((a, b) => b.length - a.length)[0]?.[0];
}

function heightOf({ node }: SimNode): number {
  return node?.chain.head.height ?? 0;
}

function sightOf(
  node: SimNode,
  best: SimNode | undefined,
  network: LiveRun['stage']['cluster']['world']['network'],
): NodeSight {
  const { name, region, isUp, key, behaviour, ends } = node;
  const chain = node.node?.chain;
  const onBest = chain && best?.node?.chain.idAt(chain.head.height);
  const head = chain === undefined ? '' : toHex(chain.head.id);
  return {
    name,
    region,
    isUp,
    isMaker: key !== undefined,
    cheat: behaviour?.name,
    height: chain?.head.height ?? 0,
    finalHeight: chain?.final.height ?? 0,
    head,
    isOnBest: onBest !== undefined && toHex(onBest) === head,
    side: network.sideOf(node),
    slowMs: network.slownessUs(node) / 1000,
    peers: [...ends.values()].filter(({ isTold }) => isTold).map(({ peer }) => peer.number - 1),
  };
}

function blocksOf(run: LiveRun): readonly BlockSight[] {
  const { cluster } = run.stage;
  const chain = bestNode(run)?.node?.chain;
  const heads = new Map<string, number>();
  for (const { node } of cluster.nodes) {
    const id = node && toHex(node.chain.head.id);
    if (id !== undefined) heads.set(id, (heads.get(id) ?? 0) + 1);
  }
  return cluster.world.measures.sights
    .filter(({ height }) => height > run.height - HEIGHTS_SHOWN)
    .slice(-BLOCKS_MAX)
    .toSorted((a, b) => b.height - a.height)
    .map(({ id, parent, height, maker }) => {
      const onBest = chain?.idAt(height);
      const isOnBest = onBest !== undefined && toHex(onBest) === id;
      const isFinal = isOnBest && height <= (chain?.final.height ?? 0);
      return { id, parent, height, maker, isOnBest, isFinal, heads: heads.get(id) ?? 0 };
    });
}

import { toHex } from '@calin/core/base/bytes.ts';
import { bytesKey } from '@calin/core/base/bytes-key.ts';
import type { BlockNode } from '@calin/core/chain/block-tree.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import type { Agenda } from './clock.ts';
import type { Speaker } from './log.ts';

/** A block that some node had as its head, and how it spread. */
export interface SeenBlock {
  readonly id: string;
  readonly parent: string;
  readonly height: number;
  /** The node that had it first: its maker. */
  readonly maker: string;
  /** Microseconds of the run. */
  readonly madeUs: number;
  /** How long after that each node had it as its head, in the order of arrival; microseconds. */
  readonly delaysUs: readonly number[];
}

/** A block that was a head in one part of a run. */
export interface BlockSight extends Omit<SeenBlock, 'delaysUs'> {
  /** The number of the machine that had it first in this part. */
  readonly machine: number;
  /** When the other machines of this part had it; microseconds of the run, ascending. */
  readonly laterUs: readonly number[];
}

/** A block that was final somewhere in one part of a run. */
export interface FinalSight {
  readonly id: string;
  readonly height: number;
  /** When each machine that saw it become final did; microseconds of the run, ascending. */
  readonly atUs: readonly number[];
}

/** Changes of heads that took blocks back. */
export interface Reorganisations {
  readonly count: number;
  /** Blocks that the deepest one took back. */
  readonly depthMax: number;
}

/** What is seen of all nodes from outside: every head, when and where. */
export class Measures {
  readonly #clock: Agenda;
  readonly #blocks = new Map<string, BlockSight & { readonly laterUs: number[] }>();
  readonly #finals = new Map<string, FinalSight & { readonly atUs: number[] }>();
  /** The height up to which each machine has had blocks as final. */
  readonly #finalHeights = new Map<number, number>();
  readonly #watchesFinality: boolean;
  /** Hashes that machines of this part have tried for blocks. */
  hashes = 0;
  #reorganised = 0;
  #depthMax = 0;
  /** Told of every new head, for actors who watch the network. */
  onHead: ((node: string, head: BlockNode) => void) | undefined;

  /** @param watchesFinality - whether it is of interest when blocks become final, which takes memory in large runs */
  constructor(clock: Agenda, watchesFinality = false) {
    this.#clock = clock;
    this.#watchesFinality = watchesFinality;
  }

  /** A node has a new head. */
  head({ name, number }: Speaker, head: BlockNode, reverted: number): void {
    const { nowUs } = this.#clock;
    const { id, height, header } = head;
    const key = bytesKey(id);
    const known = this.#blocks.get(key);
    if (known !== undefined) known.laterUs.push(nowUs);
    else {
      const named = { id: toHex(id), parent: toHex(header.parent), height };
      this.#blocks.set(key, { ...named, maker: name, machine: number, madeUs: nowUs, laterUs: [] });
    }
    if (reverted > 0) {
      this.#reorganised += 1;
      this.#depthMax = Math.max(this.#depthMax, reverted);
    }
    this.onHead?.(name, head);
  }

  /** A node may have new final blocks. */
  final({ number }: Speaker, chain: Pick<Chain, 'final' | 'idAt'>): void {
    if (!this.#watchesFinality) return;
    const { height } = chain.final;
    const known = this.#finalHeights.get(number) ?? 0;
    if (height <= known) return;
    this.#finalHeights.set(number, height);
    for (let at = known + 1; at <= height; at++) {
      const id = chain.idAt(at);
      if (id === undefined) continue;
      const key = bytesKey(id);
      const seen = this.#finals.get(key);
      if (seen !== undefined) seen.atUs.push(this.#clock.nowUs);
      else this.#finals.set(key, { id: toHex(id), height: at, atUs: [this.#clock.nowUs] });
    }
  }

  /** Every block that was final here. */
  get finals(): readonly FinalSight[] {
    return [...this.#finals.values()];
  }

  /** Every block that was a head here. */
  get sights(): readonly BlockSight[] {
    return [...this.#blocks.values()];
  }

  /** Every block that was a head, in the order of their making, where the run is not divided. */
  get blocks(): readonly SeenBlock[] {
    return mergeBlocks([this.sights]);
  }

  /** Changes of heads that took blocks back: how many, and the deepest. */
  get reorganisations(): Reorganisations {
    return { count: this.#reorganised, depthMax: this.#depthMax };
  }
}

/** The blocks that were heads in any part of a run, in the order of their making. */
export function mergeBlocks(parts: readonly (readonly BlockSight[])[]): readonly SeenBlock[] {
  const byId = new Map<string, BlockSight[]>();
  for (const sight of parts.flat()) {
    const sights = byId.get(sight.id);
    if (sights === undefined) byId.set(sight.id, [sight]);
    else sights.push(sight);
  }
  const firsts = [...byId.values()].map((sights) => sights.toSorted(inOrder));
  const ordered = firsts.toSorted(([a], [b]) => inOrder(a as BlockSight, b as BlockSight));
  return ordered.map((sights) => {
    const { id, parent, height, maker, madeUs } = sights[0] as BlockSight;
    const times = sights.flatMap((sight) => [sight.madeUs, ...sight.laterUs]).toSorted((a, b) => a - b);
    const delaysUs = times.slice(1).map((atUs) => atUs - madeUs);
    return { id, parent, height, maker, madeUs, delaysUs };
  });
}

/** The blocks that were final in any part of a run, by height. */
export function mergeFinals(parts: readonly (readonly FinalSight[])[]): readonly FinalSight[] {
  const byId = new Map<string, FinalSight>();
  for (const { id, height, atUs } of parts.flat()) {
    const times = [...(byId.get(id)?.atUs ?? []), ...atUs].toSorted((a, b) => a - b);
    byId.set(id, { id, height, atUs: times });
  }
  return [...byId.values()].toSorted((a, b) => a.height - b.height || (a.id < b.id ? -1 : 1));
}

function inOrder(a: BlockSight, b: BlockSight): number {
  return a.madeUs - b.madeUs || a.machine - b.machine || a.height - b.height;
}

/** The value below which a share of sorted numbers lies; 0 of none. */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const at = Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100));
  return sorted[at] ?? 0;
}

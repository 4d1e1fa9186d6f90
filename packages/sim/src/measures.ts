import { toHex } from '@calin/core/base/bytes.ts';
import { bytesKey } from '@calin/core/base/bytes-key.ts';
import type { BlockNode } from '@calin/core/chain/block-tree.ts';
import type { VirtualClock } from './clock.ts';

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

/** A change of a head that took blocks back. */
export interface Reorganisation {
  readonly atUs: number;
  readonly node: string;
  readonly reverted: number;
}

/** Reorganisations that are kept; of more only the number is known. */
const REORGANISATIONS_MAX = 10_000;

/** What is seen of all nodes from outside: every head, when and where. */
export class Measures {
  readonly #clock: VirtualClock;
  readonly #blocks = new Map<string, SeenBlock & { readonly delaysUs: number[] }>();
  readonly #reorganisations: Reorganisation[] = [];
  #reorganised = 0;
  /** Told of every new head, for actors who watch the network. */
  onHead: ((node: string, head: BlockNode) => void) | undefined;
  #depthMax = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** A node has a new head. */
  head(node: string, head: BlockNode, reverted: number): void {
    const { nowUs } = this.#clock;
    const { id, height, header } = head;
    const key = bytesKey(id);
    const known = this.#blocks.get(key);
    if (known !== undefined) known.delaysUs.push(nowUs - known.madeUs);
    else {
      const named = { id: toHex(id), parent: toHex(header.parent), height };
      this.#blocks.set(key, { ...named, maker: node, madeUs: nowUs, delaysUs: [] });
    }
    if (reverted > 0) this.#reorganisation(node, reverted);
    this.onHead?.(node, head);
  }

  #reorganisation(node: string, reverted: number): void {
    const { nowUs } = this.#clock;
    this.#reorganised += 1;
    this.#depthMax = Math.max(this.#depthMax, reverted);
    if (this.#reorganisations.length < REORGANISATIONS_MAX) {
      this.#reorganisations.push({ atUs: nowUs, node, reverted });
    }
  }

  /** Every block that was a head, in the order of their making. */
  get blocks(): readonly SeenBlock[] {
    return [...this.#blocks.values()];
  }

  /** Changes of heads that took blocks back: how many, the deepest, and the first of them. */
  get reorganisations(): {
    readonly count: number;
    readonly depthMax: number;
    readonly first: readonly Reorganisation[];
  } {
    return { count: this.#reorganised, depthMax: this.#depthMax, first: this.#reorganisations };
  }
}

/** The value below which a share of sorted numbers lies; 0 of none. */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  const at = Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100));
  return sorted[at] ?? 0;
}

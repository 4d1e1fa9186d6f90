import { unreachable } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { BlockNode } from '../chain/block-tree.ts';
import type { Chain, ChainUpdate } from '../chain/chain.ts';
import type { Hash } from '../crypto/hash.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { NodeRequest } from './events.ts';
import type { ForkPoint } from './orders.ts';
import type { Outbox } from './outbox.ts';
import { refuseNode } from './rules.ts';

/** Snapshots that are remembered; the oldest goes first. */
const SNAPSHOTS_MAX = 1024;

/** What only a development network can be asked for. */
export type DevRequest = Extract<
  NodeRequest,
  { kind: 'mine' | 'set-time' | 'snapshot' | 'revert' | 'reorg' }
>;

/** What the tools need of the node. */
export interface DevToolsDependencies {
  readonly spec: ChainSpec;
  readonly chain: Chain;
  readonly outbox: Outbox;
  /** Has blocks made, on the head or on an older block; answered under the number of the request. */
  order(id: number, blocks: number, fork: ForkPoint | undefined): void;
  /** Follows a chain that went back: what was sent since is forgotten. */
  revert(update: ChainUpdate): void;
}

/** What only a development network may do to a chain: move time, remember a head and go back to it. */
export class DevTools {
  readonly #deps: DevToolsDependencies;
  readonly #chain: Chain;
  readonly #outbox: Outbox;
  readonly #snapshots = new Map<string, Hash>();
  #taken = 0;

  constructor(dependencies: DevToolsDependencies) {
    this.#deps = dependencies;
    this.#chain = dependencies.chain;
    this.#outbox = dependencies.outbox;
  }

  /** Does what was asked for, and answers. */
  request(id: number, request: DevRequest, wallMs: number): void {
    const { outbox } = this.#deps;
    switch (request.kind) {
      case 'mine':
        return this.#deps.order(id, request.blocks, undefined);
      case 'set-time':
        return outbox.answer(id, this.setTime(request.timeMs, wallMs));
      case 'snapshot':
        return outbox.answer(id, this.snapshot());
      case 'revert': {
        const update = this.revert(request.snapshot);
        if (update.ok) this.#deps.revert(update.value);
        return outbox.answer(id, update.ok ? ok({ head: toHex(this.#chain.head.id) }) : update);
      }
      case 'reorg': {
        const fork = this.forkPoint(request.depth);
        if (!fork.ok) return outbox.answer(id, fork);
        return this.#deps.order(id, request.depth + 1, () => this.forkPoint(request.depth));
      }
      default:
        return unreachable(request);
    }
  }

  /**
   * A head in the future (its time was set before a restart) would keep the node waiting; the node's time then
   * continues from it.
   */
  catchUp(wallMs: number): void {
    this.#outbox.timeOffsetMs = Math.max(0, this.#chain.head.header.timeMs - wallMs);
  }

  /** Lets the node's time continue from `timeMs`. */
  setTime(timeMs: number, wallMs: number): Result<{ timeMs: number }> {
    const headMs = this.#chain.head.header.timeMs;
    if (timeMs <= headMs) return refuseNode('node/time-goes-back', { got: timeMs, expected: headMs + 1 });
    this.#outbox.timeOffsetMs = timeMs - wallMs;
    return ok({ timeMs });
  }

  /** Remembers the head. */
  snapshot(): Result<{ snapshot: string; head: string }> {
    this.#taken += 1;
    const name = `${this.#taken}`;
    this.#snapshots.set(name, this.#chain.head.id);
    if (this.#snapshots.size > SNAPSHOTS_MAX)
      this.#snapshots.delete(this.#snapshots.keys().next().value ?? '');
    return ok({ snapshot: name, head: toHex(this.#chain.head.id) });
  }

  /**
   * Goes back to a remembered head, but not behind what votes made final. A snapshot can be used once, as those after
   * it are gone.
   */
  revert(name: string): Result<ChainUpdate> {
    const id = this.#snapshots.get(name);
    if (id === undefined) return refuseNode('node/unknown-snapshot', { got: name });
    const { finality } = this.#deps.spec.consensus;
    const header = this.#chain.header(id);
    if (finality.kind !== 'depth' && header.ok && header.value.height < this.#chain.final.height)
      return refuseNode('node/reorg-depth', { got: header.value.height, expected: this.#chain.final.height });
    for (const later of this.#snapshots.keys())
      if (Number(later) >= Number(name)) this.#snapshots.delete(later);
    return this.#chain.rewind(id);
  }

  /** The block to branch off from so that the last `depth` blocks are replaced. */
  forkPoint(depth: number): Result<BlockNode> {
    const { head, final } = this.#chain;
    const depthMax = head.height - final.height;
    if (depth < 1 || depth > depthMax)
      return refuseNode('node/reorg-depth', { got: depth, expected: depthMax });
    let node: BlockNode | undefined = head;
    for (let i = 0; i < depth && node !== undefined; i++) node = this.#chain.node(node.header.parent);
    return node === undefined ? refuseNode('node/reorg-depth', { got: depth }) : ok(node);
  }
}

import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { BlockNode } from '../chain/block-tree.ts';
import type { Chain, ChainUpdate } from '../chain/chain.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Outbox } from './outbox.ts';
import { refuseNode } from './rules.ts';

/** Snapshots that are remembered; the oldest goes first. */
const SNAPSHOTS_MAX = 1024;

/** What only a development network may do to a chain: move time, remember a head and go back to it. */
export class DevTools {
  readonly #chain: Chain;
  readonly #outbox: Outbox;
  readonly #snapshots = new Map<string, Hash>();
  #taken = 0;

  constructor(chain: Chain, outbox: Outbox) {
    this.#chain = chain;
    this.#outbox = outbox;
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

  /** Goes back to a remembered head. A snapshot can be used once, as those after it are gone. */
  revert(name: string): Result<ChainUpdate> {
    const id = this.#snapshots.get(name);
    if (id === undefined) return refuseNode('node/unknown-snapshot', { got: name });
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

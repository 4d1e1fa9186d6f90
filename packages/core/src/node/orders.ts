import { toHex } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { BlockNode } from '../chain/block-tree.ts';
import type { Chain } from '../chain/chain.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Outbox } from './outbox.ts';
import { refuseNode } from './rules.ts';

/** Blocks somebody asked for, made one after the other. */
export interface Order {
  readonly request: number;
  readonly made: string[];
  left: number;
  /** Finds the block to branch off from; undefined for the head. Asked in the order's turn: the head moves on. */
  readonly fork: ForkPoint | undefined;
  /** The block of the branch to build on, once it is known. */
  parent: BlockNode | undefined;
}

/** Finds the block where a reorganisation begins, or says why there is none. */
export type ForkPoint = () => Result<BlockNode>;

/** Orders that may wait at a time. */
const ORDERS_MAX = 64;

/** The blocks that were asked for, in the order in which they were. */
export class Orders {
  readonly #deps: { readonly chain: Pick<Chain, 'node'>; readonly outbox: Outbox };
  readonly #orders: Order[] = [];

  constructor(dependencies: { readonly chain: Pick<Chain, 'node'>; readonly outbox: Outbox }) {
    this.#deps = dependencies;
  }

  add(request: number, blocks: number, fork: ForkPoint | undefined): Result<undefined> {
    if (this.#orders.length >= ORDERS_MAX) return refuseNode('node/busy', { waiting: this.#orders.length });
    this.#orders.push({ request, left: blocks, made: [], fork, parent: undefined });
    return ok(undefined);
  }

  /** The first order that can be worked on; those whose branch can no longer be built on are refused. */
  next(): Order | undefined {
    for (let order = this.#orders[0]; order !== undefined; order = this.#orders[0]) {
      if (order.fork === undefined) return order;
      const { parent } = order;
      // Imports and reverts may have made the branch's last block final history, or have taken it away.
      const found = parent === undefined ? order.fork() : this.#stillThere(parent);
      if (found.ok) {
        order.parent = found.value;
        return order;
      }
      this.refuse(order, found.error);
    }
    return undefined;
  }

  /** Counts a block toward the order it was made for. */
  made(order: Order, id: Hash): void {
    order.made.push(toHex(id));
    order.left -= 1;
    if (order.parent !== undefined) order.parent = this.#deps.chain.node(id);
    if (order.left > 0) return;
    this.#orders.shift();
    this.#deps.outbox.answer(order.request, ok(order.made));
  }

  refuse(order: Order, refusal: Refusal): void {
    this.#orders.splice(this.#orders.indexOf(order), 1);
    this.#deps.outbox.answer(order.request, { ok: false, error: refusal });
  }

  /** Gives up all orders, because the node stops. */
  stop(): void {
    for (const order of this.#orders.splice(0))
      this.#deps.outbox.answer(order.request, refuseNode('node/not-alive'));
  }

  #stillThere(parent: BlockNode): Result<BlockNode> {
    const node = this.#deps.chain.node(parent.id);
    return node === undefined ? refuseNode('node/reorg-depth', { parent: toHex(parent.id) }) : ok(node);
  }
}

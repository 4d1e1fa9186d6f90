import { assert } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { BlockNode } from '../chain/block-tree.ts';
import type { Chain } from '../chain/chain.ts';
import type { ProducerIdentity, Production } from '../consensus/engine.ts';
import { type BlockDraft, draftBlock } from '../ledger/build-block.ts';
import { environmentAfter } from '../ledger/environment.ts';
import type { Mempool } from '../mempool/mempool.ts';
import { keyAddress } from '../primitives/address.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { ProductionConfig } from './config.ts';
import type { Outbox } from './outbox.ts';
import { refuseNode } from './rules.ts';

/** Blocks somebody asked for, made one after the other. */
interface Order {
  readonly request: number;
  readonly made: string[];
  left: number;
  /** The block to build on; undefined for the head. */
  parent: BlockNode | undefined;
  readonly empty: boolean;
}

interface Sealing {
  readonly job: number;
  readonly draft: BlockDraft;
  readonly parent: BlockNode;
  readonly order: Order | undefined;
}

/** What the producer needs of the node. */
export interface ProducerDependencies {
  readonly spec: ChainSpec;
  readonly chain: Chain;
  readonly production: Production;
  readonly mempool: Mempool;
  readonly outbox: Outbox;
  readonly nextJob: () => number;
}

/** Orders that may wait at a time. */
const ORDERS_MAX = 64;

/**
 * Decides when this node makes a block and what is in it. One block is being sealed at a time; if the head moves
 * meanwhile, the draft is thrown away and made again.
 */
export class Producer {
  readonly #config: Exclude<ProductionConfig, { kind: 'off' }>;
  readonly #identity: ProducerIdentity;
  readonly #deps: ProducerDependencies;
  readonly #orders: Order[] = [];
  #sealing: Sealing | undefined;
  /** False after a draft found nothing worth a block, until the pool or the head changes. */
  #mayBeWorthwhile = true;

  constructor(config: Exclude<ProductionConfig, { kind: 'off' }>, deps: ProducerDependencies) {
    this.#config = config;
    this.#identity = { publicKey: config.publicKey, address: keyAddress(config.publicKey) };
    this.#deps = deps;
  }

  /** Makes `blocks` blocks whatever the pool holds: on the head, or empty ones on an older block (a reorganisation). */
  order(request: number, blocks: number, parent: BlockNode | undefined): Result<undefined> {
    if (this.#orders.length >= ORDERS_MAX) return refuseNode('node/busy', { waiting: this.#orders.length });
    this.#orders.push({ request, left: blocks, made: [], parent, empty: parent !== undefined });
    return ok(undefined);
  }

  /** Looks at the pool again at the next {@link poke}. */
  poolChanged(): void {
    this.#mayBeWorthwhile = true;
  }

  /** Begins a block if it is time for one; otherwise sets the timer for the next look. */
  poke(nowMs: number): void {
    const { chain, mempool, outbox, production } = this.#deps;
    if (this.#sealing !== undefined) return;
    const order = this.#orders[0];
    const parent = order?.parent ?? chain.head;
    const needsTransactions = order === undefined && this.#config.kind === 'on-transaction';
    if (needsTransactions && (mempool.size === 0 || !this.#mayBeWorthwhile)) return;
    const earliestMs = order === undefined ? parent.header.timeMs + this.#config.intervalMs : 0;
    if (earliestMs > nowMs) return outbox.setTimer('produce', earliestMs);
    const turn = production.turn(parent.header, this.#identity, nowMs);
    switch (turn.kind) {
      case 'now':
        return this.#begin(parent, turn.timeMs, order);
      case 'wait':
        return outbox.setTimer('produce', turn.untilMs);
      case 'never':
        if (order !== undefined) this.#refuse(order, turn.refusal);
        return;
    }
  }

  /**
   * Takes the signature of a draft. The sealed block, or undefined when the job is not this producer's or the head
   * has moved on.
   */
  sealed(job: number, signature: Uint8Array | undefined): Block | undefined {
    const sealing = this.#sealing;
    if (sealing?.job !== job) return undefined;
    this.#sealing = undefined;
    const { chain, outbox } = this.#deps;
    if (signature === undefined) {
      outbox.log('error', 'producer', 'the signer did not seal the block', {
        height: sealing.draft.header.height,
      });
      if (sealing.order !== undefined) this.#refuse(sealing.order, refuseNode('node/not-sealed').error);
      return undefined;
    }
    const isOnHead = equalBytes(sealing.parent.id, chain.head.id);
    if (sealing.order?.parent === undefined && !isOnHead) return undefined;
    return createBlock({ ...sealing.draft.header, seal: signature }, sealing.draft.transactions);
  }

  /** Counts a block that was made and imported toward the order it was made for. */
  made(block: Block): void {
    const order = this.#orders[0];
    if (order === undefined) return;
    order.made.push(toHex(block.id));
    order.left -= 1;
    if (order.parent !== undefined) order.parent = this.#deps.chain.node(block.id);
    if (order.left > 0) return;
    this.#orders.shift();
    this.#deps.outbox.answer(order.request, ok(order.made));
  }

  /** Gives up all orders, because the node stops. */
  stop(): void {
    this.#sealing = undefined;
    for (const order of this.#orders.splice(0))
      this.#deps.outbox.answer(order.request, refuseNode('node/not-alive'));
  }

  #begin(parent: BlockNode, timeMs: number, order: Order | undefined): void {
    const { spec, chain, mempool, outbox, production } = this.#deps;
    const state = chain.stateAt(parent.id);
    assert(state !== undefined, 'the state of a block that is not final is kept');
    const at = { timeMs, producer: this.#identity.address };
    const env = environmentAfter(spec, chain.chainId, parent.header, at);
    const candidates: Iterable<Transaction> = order?.empty === true ? [] : mempool.candidates();
    const draft = draftBlock(spec, state, parent.header, env, candidates, this.#config.payTo);
    for (const { tx, refusal } of draft.refused) {
      outbox.log('debug', 'producer', 'left a transaction out', { txid: toHex(tx.txid), rule: refusal.rule });
    }
    // The first transaction is the reward; a block of nothing else waits until somebody asks for it.
    const isEmpty = draft.transactions.length === 1;
    if (isEmpty && order === undefined && this.#config.kind === 'on-transaction') {
      this.#mayBeWorthwhile = false;
      return;
    }
    const job = this.#deps.nextJob();
    this.#sealing = { job, draft, parent, order };
    const request = production.sealRequest(draft.header, this.#identity);
    outbox.push({ type: 'sign', job, message: request.message });
  }

  #refuse(order: Order, refusal: Refusal): void {
    this.#orders.splice(this.#orders.indexOf(order), 1);
    this.#deps.outbox.answer(order.request, { ok: false, error: refusal });
  }
}

import { assert } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { BlockNode } from '../chain/block-tree.ts';
import type { Chain } from '../chain/chain.ts';
import { coinsOfBytesMax } from '../chain/execute.ts';
import { refuseData } from '../chain/rules.ts';
import type { ProducerIdentity, Production } from '../consensus/engine.ts';
import { encodeWorkSeal } from '../consensus/pow/work.ts';
import { SIGNATURE_BYTES } from '../crypto/signature.ts';
import { BLOCK_OVERHEAD_BYTES } from '../ledger/apply-block.ts';
import { nextBaseFee } from '../ledger/base-fee.ts';
import { type BlockDraft, draftBlock } from '../ledger/build-block.ts';
import { REWARD_BYTES_MAX } from '../ledger/reward-transaction.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { WorkDone } from '../ports/miner.ts';
import { keyAddress } from '../primitives/address.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { CoinState } from '../state/coin-state.ts';
import type { ProductionConfig } from './config.ts';
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

interface Sealing {
  readonly job: number;
  readonly draft: BlockDraft;
  readonly parent: BlockNode;
  readonly order: Order | undefined;
  /** The nonce is searched for under this target; undefined while a signature is made, which does not take long. */
  readonly bits: number | undefined;
  /** When a search begins again with what has come into the pool since. */
  readonly renewMs: number;
}

/** What this node has done for blocks that are sealed by work. */
export interface MiningStats {
  /** Hashes since the start of the node. */
  readonly attempts: number;
  /** Between the last two reports. */
  readonly hashesPerSecond: number;
  /** Blocks that it has made. */
  readonly blocks: number;
}

/** A block that this node has made, with the order it was made for. */
export interface SealedBlock {
  readonly block: Block;
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
 * How long a block that takes work is searched for as it is. A new one brings what has come into the pool, and the
 * time; to begin again costs nothing, for every attempt is as good as any other.
 */
const SEARCH_RENEW_MS = 5000;

/** Rest after a block that could not be sealed or was refused: what failed would most likely fail again at once. */
const FAILURE_PAUSE_MS = 1000;

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
  /** True from a failure to the end of the step. */
  #hasFailed = false;
  /** True while there is no memory for the coins of any block. */
  #isFull = false;
  #mining: MiningStats = { attempts: 0, hashesPerSecond: 0, blocks: 0 };
  #reportedMs = 0;

  constructor(config: Exclude<ProductionConfig, { kind: 'off' }>, deps: ProducerDependencies) {
    this.#config = config;
    this.#identity = { publicKey: config.publicKey, address: keyAddress(config.publicKey) };
    this.#deps = deps;
  }

  /** Makes `blocks` blocks whatever the pool holds: on the head, or empty ones on an older block (a reorganisation). */
  order(request: number, blocks: number, fork: ForkPoint | undefined): Result<undefined> {
    if (this.#orders.length >= ORDERS_MAX) return refuseNode('node/busy', { waiting: this.#orders.length });
    this.#orders.push({ request, left: blocks, made: [], fork, parent: undefined });
    return ok(undefined);
  }

  /** What was done for blocks that are sealed by work. */
  get mining(): MiningStats {
    return this.#mining;
  }

  /** Looks at the pool again at the next {@link poke}. */
  poolChanged(): void {
    this.#mayBeWorthwhile = true;
  }

  /** Begins a block if it is time for one; otherwise sets the timer for the next look. */
  poke(nowMs: number): void {
    const { chain, mempool, outbox, production } = this.#deps;
    // The node pokes again when a batch is on disk.
    if (outbox.isBehind) return;
    if (this.#sealing !== undefined && !this.#mayRenew(this.#sealing, nowMs)) return;
    if (this.#hasFailed) {
      this.#hasFailed = false;
      return outbox.setTimer('produce', nowMs + FAILURE_PAUSE_MS);
    }
    const order = this.#nextOrder();
    const parent = order?.parent ?? chain.head;
    const needsTransactions = order === undefined && this.#config.kind === 'on-transaction';
    if (needsTransactions && (mempool.size === 0 || !this.#mayBeWorthwhile)) return;
    const earliestMs = order === undefined ? parent.header.timeMs + this.#config.intervalMs : 0;
    if (earliestMs > nowMs) return outbox.setTimer('produce', earliestMs);
    const context = { validators: chain.validatorsAfter(parent), draw: () => undefined };
    const turn = production.turn(parent.header, this.#identity, nowMs, context);
    switch (turn.kind) {
      case 'now':
        return this.#begin(parent, { timeMs: turn.timeMs, claim: turn.claim, nowMs }, order);
      case 'wait':
        return outbox.setTimer('produce', turn.untilMs);
      case 'draw':
      case 'asked':
        return;
      case 'never':
        if (order !== undefined) this.#refuse(order, turn.refusal);
        return;
    }
  }

  /**
   * Takes what a search for a nonce has done. The sealed block, or undefined when none was found yet, the job is not
   * this producer's any more, or the head has moved on.
   */
  searched(job: number, { attempts, nonce }: WorkDone, nowMs: number): SealedBlock | undefined {
    const sealing = this.#sealing;
    const { mining } = this;
    const seconds = (nowMs - this.#reportedMs) / 1000;
    const hashesPerSecond = seconds > 0 ? attempts / seconds : mining.hashesPerSecond;
    this.#mining = { ...mining, attempts: mining.attempts + attempts, hashesPerSecond };
    this.#reportedMs = nowMs;
    if (nonce === undefined || sealing?.job !== job || sealing.bits === undefined) return undefined;
    return this.sealed(job, encodeWorkSeal({ bits: sealing.bits, nonce }));
  }

  /**
   * Takes the seal of a draft. The sealed block, or undefined when the job is not this producer's or the head has moved
   * on.
   */
  sealed(job: number, seal: Uint8Array | undefined): SealedBlock | undefined {
    const sealing = this.#sealing;
    if (sealing?.job !== job) return undefined;
    this.#sealing = undefined;
    const { chain, outbox } = this.#deps;
    if (seal === undefined) {
      outbox.log('error', 'producer', 'the signer did not seal the block', {
        height: sealing.draft.header.height,
      });
      this.#hasFailed = true;
      if (sealing.order !== undefined) this.#refuse(sealing.order, refuseNode('node/not-sealed').error);
      return undefined;
    }
    const isOnHead = equalBytes(sealing.parent.id, chain.head.id);
    if (sealing.order?.parent === undefined && !isOnHead) return undefined;
    const block = createBlock({ ...sealing.draft.header, seal }, sealing.draft.transactions);
    return { block, order: sealing.order };
  }

  /** Counts a block that was made and imported toward the order it was made for. */
  made({ block, order }: SealedBlock): void {
    this.#mining = { ...this.#mining, blocks: this.#mining.blocks + 1 };
    if (order === undefined) return;
    order.made.push(toHex(block.id));
    order.left -= 1;
    if (order.parent !== undefined) order.parent = this.#deps.chain.node(block.id);
    if (order.left > 0) return;
    this.#orders.shift();
    this.#deps.outbox.answer(order.request, ok(order.made));
  }

  /** Ends the order whose block was refused: made again, it would be refused again. */
  refused({ order }: SealedBlock, refusal: Refusal): void {
    this.#hasFailed = true;
    if (order !== undefined) this.#refuse(order, refusal);
  }

  /** Gives up all orders, because the node stops. */
  stop(): void {
    if (this.#sealing?.bits !== undefined) this.#deps.outbox.push({ type: 'stop-search' });
    this.#sealing = undefined;
    for (const order of this.#orders.splice(0))
      this.#deps.outbox.answer(order.request, refuseNode('node/not-alive'));
  }

  /** The first order that can be worked on; those whose branch can no longer be built on are refused. */
  #nextOrder(): Order | undefined {
    for (let order = this.#orders[0]; order !== undefined; order = this.#orders[0]) {
      if (order.fork === undefined) return order;
      const { parent } = order;
      // Imports and reverts may have made the branch's last block final history, or have taken it away.
      const found = parent === undefined ? order.fork() : this.#stillThere(parent);
      if (found.ok) {
        order.parent = found.value;
        return order;
      }
      this.#refuse(order, found.error);
    }
    return undefined;
  }

  #stillThere(parent: BlockNode): Result<BlockNode> {
    const node = this.#deps.chain.node(parent.id);
    return node === undefined ? refuseNode('node/reorg-depth', { parent: toHex(parent.id) }) : ok(node);
  }

  /** True for a search that is out of date: it is given up for another block. Otherwise says when to look again. */
  #mayRenew({ bits, parent, order, renewMs }: Sealing, nowMs: number): boolean {
    if (bits === undefined) return false;
    const { chain, outbox } = this.#deps;
    const isOutOfDate = order?.parent === undefined && !equalBytes(parent.id, chain.head.id);
    if (isOutOfDate || nowMs >= renewMs) {
      outbox.push({ type: 'stop-search' });
      this.#sealing = undefined;
      return true;
    }
    outbox.setTimer('produce', renewMs);
    return false;
  }

  #begin(
    parent: BlockNode,
    { timeMs, claim, nowMs }: { readonly timeMs: number; readonly claim: Uint8Array; readonly nowMs: number },
    order: Order | undefined,
  ): void {
    const { spec, chain, mempool, outbox, production } = this.#deps;
    const state = chain.stateAt(parent.id);
    assert(state !== undefined, 'the state of a block that is not final is kept');
    const pool = order?.fork !== undefined ? [] : mempool.forBlock();
    const candidates = withRoom(state.coins, pool, Math.min(mempool.bytes, spec.limits.blockBytesMax));
    this.#noteRoom(candidates, state.coins.size);
    if (candidates === undefined) {
      if (order !== undefined) this.#refuse(order, refuseData('data/state-full').error);
      return outbox.setTimer('produce', nowMs + FAILURE_PAUSE_MS);
    }
    const at = { timeMs, producer: this.#identity.address, claim };
    const env = chain.environmentAfter(parent, state, at);
    const draft = draftBlock(spec, state, parent.header, env, candidates, this.#config.payTo, chain.hasher);
    for (const { tx, refusal } of draft.refused) {
      outbox.log('debug', 'producer', 'left a transaction out', { txid: toHex(tx.txid), rule: refusal.rule });
    }
    // The first transaction is the reward; a block of nothing else waits until somebody asks for it, unless it lowers
    // the fee for those that wait: nothing else would, and they would be stranded.
    const isWorthwhile = draft.transactions.length > 1 || nextBaseFee(spec, draft.header) < env.baseFee;
    if (!isWorthwhile && order === undefined && this.#config.kind === 'on-transaction') {
      this.#mayBeWorthwhile = false;
      return;
    }
    chain.rememberDraft(draft);
    const job = this.#deps.nextJob();
    const request = production.sealRequest(draft.header, this.#identity, parent.header, claim);
    const { message } = request;
    const sealing = { job, draft, parent, order, renewMs: nowMs + SEARCH_RENEW_MS };
    if (request.kind === 'sign') {
      this.#sealing = { ...sealing, bits: undefined };
      return outbox.push({ type: 'sign', job, message });
    }
    this.#sealing = { ...sealing, bits: request.bits };
    this.#reportedMs = nowMs;
    outbox.push({ type: 'search', job, message, bits: request.bits });
    outbox.setTimer('produce', sealing.renewMs);
  }

  /** Says once that there is no room for what waits, and once that there is some again. */
  #noteRoom(candidates: Iterable<Transaction> | undefined, coins: number): void {
    const isFull = candidates === undefined || candidates === NO_ROOM;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    const { outbox } = this.#deps;
    if (!isFull) return outbox.log('info', 'producer', 'there is memory for coins again', { coins });
    const { rule, help } = refuseData('data/state-full').error;
    const message = 'no transaction is taken into a block: there may be no memory for more coins';
    outbox.log('error', 'producer', message, { rule, coins, help });
  }

  #refuse(order: Order, refusal: Refusal): void {
    this.#orders.splice(this.#orders.indexOf(order), 1);
    this.#deps.outbox.answer(order.request, { ok: false, error: refusal });
  }
}

/** What a block holds beside the transactions of the pool, and a seal, which is not counted elsewhere. */
const BLOCK_BYTES_MIN = BLOCK_OVERHEAD_BYTES + REWARD_BYTES_MAX + SIGNATURE_BYTES;

/** No candidates, because there is no memory for the coins of the first one. */
const NO_ROOM: readonly Transaction[] = [];

/**
 * The candidates for whose coins there is memory, first ones first: all of them but near the limit, where only half of
 * the bytes are considered, or a quarter, and so on. Undefined when there is no room for a block at all.
 */
function withRoom(
  coins: CoinState,
  candidates: Iterable<Transaction>,
  bytesMax: number,
): Iterable<Transaction> | undefined {
  const hasRoom = (bytes: number) => coins.hasRoomFor(coinsOfBytesMax(bytes + BLOCK_BYTES_MIN));
  if (hasRoom(bytesMax)) return candidates;
  for (let bytes = Math.floor(bytesMax / 2); bytes > 0; bytes = Math.floor(bytes / 2)) {
    if (!hasRoom(bytes)) continue;
    const first = [...firstBytes(candidates, bytes)];
    return first.length === 0 ? NO_ROOM : first;
  }
  return hasRoom(0) ? NO_ROOM : undefined;
}

function* firstBytes(transactions: Iterable<Transaction>, bytesMax: number): Generator<Transaction> {
  let left = bytesMax;
  for (const transaction of transactions) {
    left -= transaction.bytes.length;
    if (left < 0) return;
    yield transaction;
  }
}

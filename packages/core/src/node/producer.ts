import { assert } from '../base/assert.ts';
import { concatBytes, equalBytes, toHex } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { Steps } from '../base/steps.ts';
import type { BlockNode } from '../chain/block-tree.ts';
import type { Chain } from '../chain/chain.ts';
import { refuseData } from '../chain/rules.ts';
import type { ProducerIdentity, Production, Turn } from '../consensus/engine.ts';
import { encodeWorkSeal } from '../consensus/pow/work.ts';
import { nextBaseFee } from '../ledger/base-fee.ts';
import { type BlockDraft, draftBlockInSteps } from '../ledger/build-block.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { WorkDone } from '../ports/miner.ts';
import type { ReadStore } from '../ports/store.ts';
import { keyAddress } from '../primitives/address.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { firstCandidates, NO_ROOM, withRoom } from './block-room.ts';
import { untoldCertificate } from './certificate-news.ts';
import type { ProductionConfig } from './config.ts';
import { Draws } from './draws.ts';
import type { EvidencePool } from './evidence-pool.ts';
import { type ForkPoint, type Order, Orders } from './orders.ts';
import type { Outbox } from './outbox.ts';
import { refuseNode } from './rules.ts';
import { SealGuard } from './seal-guard.ts';
import type { Proposal } from './voting.ts';

/** What a block is made for: somebody who asked for it, votes that ask for it, or the pool alone. */
interface Occasion {
  readonly order: Order | undefined;
  readonly proposal: Proposal | undefined;
}

/** Where a block is made. */
interface Place extends Occasion {
  readonly parent: BlockNode;
  /** What the seal says beside the signature. */
  readonly claim: Uint8Array;
}

/** A block that is being put together, a piece a turn. */
interface Drafting extends Place {
  readonly steps: Steps<BlockDraft>;
  /** Its number for the {@link SealGuard}. */
  readonly turn: number | undefined;
}

interface Sealing extends Place {
  readonly job: number;
  readonly draft: BlockDraft;
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

/** A block that this node has made, with what it was made for. */
export interface SealedBlock extends Occasion {
  readonly block: Block;
}

/** What the producer needs of the node. */
export interface ProducerDependencies {
  readonly spec: ChainSpec;
  readonly chain: Chain;
  readonly production: Production;
  readonly store: ReadStore;
  readonly mempool: Mempool;
  readonly evidence: EvidencePool;
  readonly outbox: Outbox;
  readonly nextJob: () => number;
}

/**
 * How long a block that takes work is searched for as it is. A new one brings what has come into the pool, and the
 * time; to begin again costs nothing, for every attempt is as good as any other.
 */
const SEARCH_RENEW_MS = 5000;

/** Rest after a block that could not be sealed or was refused: what failed would most likely fail again at once. */
const FAILURE_PAUSE_MS = 1000;

/**
 * Decides when this node makes a block and what is in it. One block is being made at a time; if the head moves
 * meanwhile, the draft is thrown away and made again. A large one is put together over several turns.
 */
export class Producer {
  readonly #config: Exclude<ProductionConfig, { kind: 'off' }>;
  readonly #identity: ProducerIdentity;
  readonly #deps: ProducerDependencies;
  readonly #orders: Orders;
  readonly #draws: Draws;
  readonly #guard: SealGuard;
  /** What the votes ask for, until it is begun. */
  #proposal: Proposal | undefined;
  #drafting: Drafting | undefined;
  /** True when the timer `produce` has gone off, so that the next piece of a draft has a turn of its own. */
  #isDue = false;
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
    this.#orders = new Orders(deps);
    this.#draws = new Draws(deps);
    this.#guard = new SealGuard({ ...deps, key: deps.chain.layout.sealed });
  }

  /** Makes `blocks` blocks whatever the pool holds: on the head, or empty ones on an older block (a reorganisation). */
  order(request: number, blocks: number, fork: ForkPoint | undefined): Result<undefined> {
    return this.#orders.add(request, blocks, fork);
  }

  /** The votes ask for a block, at the next {@link poke}; what they asked for before is given up. */
  propose(proposal: Proposal): void {
    this.#proposal = proposal;
    if (this.#sealing?.proposal !== undefined) this.#sealing = undefined;
    if (this.#drafting?.proposal !== undefined) this.#giveUpDraft();
  }

  /** The timer `produce` went off: the next {@link poke} may go on with a draft. */
  due(): void {
    this.#isDue = true;
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
    const { chain, mempool, outbox } = this.#deps;
    if (this.#drafting !== undefined && this.#isOnHead(this.#drafting)) {
      if (this.#isDue) this.#goOn(this.#drafting, nowMs);
      return;
    }
    if (this.#drafting !== undefined) this.#giveUpDraft();
    // The node pokes again when a batch is on disk.
    if (outbox.isBehind) return;
    if (this.#sealing !== undefined && !this.#mayRenew(this.#sealing, nowMs)) return;
    if (this.#hasFailed) {
      this.#hasFailed = false;
      return outbox.setTimer('produce', nowMs + FAILURE_PAUSE_MS);
    }
    if (this.#proposal !== undefined) return this.#beginProposal(this.#proposal, nowMs);
    const order = this.#orders.next();
    const parent = order?.parent ?? chain.head;
    const needsTransactions = order === undefined && this.#config.kind === 'on-transaction';
    if (needsTransactions && (mempool.size === 0 || !this.#mayBeWorthwhile)) return;
    const earliestMs = order === undefined ? parent.header.timeMs + this.#config.intervalMs : 0;
    if (earliestMs > nowMs) return outbox.setTimer('produce', earliestMs);
    this.#take(this.#turn(parent, nowMs), parent, nowMs, order);
  }

  #turn(parent: BlockNode, nowMs: number): Turn {
    const { chain, production } = this.#deps;
    return production.turn(parent.header, this.#identity, nowMs, {
      validators: chain.validatorsAfter(parent),
      draw: (input) => this.#draws.of(input),
    });
  }

  #take(turn: Turn, parent: BlockNode, nowMs: number, order: Order | undefined): void {
    switch (turn.kind) {
      case 'now':
        return this.#begin(parent, { ...turn, nowMs }, { order, proposal: undefined });
      case 'wait':
        return this.#deps.outbox.setTimer('produce', turn.untilMs);
      case 'draw':
        return this.#draws.ask(turn.input);
      case 'asked':
        if (order !== undefined) this.#orders.refuse(order, refuseNode('node/votes-ask').error);
        return;
      case 'never':
        if (order !== undefined) this.#orders.refuse(order, turn.refusal);
        return;
    }
  }

  /** Makes what the votes ask for, if it is still of use. */
  #beginProposal(proposal: Proposal, nowMs: number): void {
    this.#proposal = undefined;
    const { chain, production } = this.#deps;
    const parent = chain.node(proposal.parent);
    const claim = production.claimOfRound?.(proposal.round);
    if (parent === undefined || claim === undefined || parent.height + 1 !== proposal.height) return;
    const timeMs = Math.max(nowMs, parent.header.timeMs + 1);
    this.#begin(parent, { timeMs, claim, nowMs }, { order: undefined, proposal });
  }

  /** Takes the proof of a draw. */
  proved(job: number, proof: Uint8Array | undefined): void {
    if (this.#draws.take(job, proof) !== 'failed') return;
    this.#hasFailed = true;
    this.#deps.outbox.log('error', 'producer', 'the signer did not prove what the key draws');
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
  sealed(job: number, signature: Uint8Array | undefined): SealedBlock | undefined {
    const sealing = this.#sealing;
    if (sealing?.job !== job) return undefined;
    this.#sealing = undefined;
    const { outbox } = this.#deps;
    if (signature === undefined) {
      outbox.log('error', 'producer', 'the signer did not seal the block', {
        height: sealing.draft.header.height,
      });
      this.#hasFailed = true;
      if (sealing.order !== undefined)
        this.#orders.refuse(sealing.order, refuseNode('node/not-sealed').error);
      return undefined;
    }
    const { order, proposal, draft, claim } = sealing;
    if (!this.#isOnHead(sealing)) return undefined;
    const seal = concatBytes(claim, signature);
    return { block: createBlock({ ...draft.header, seal }, draft.transactions), order, proposal };
  }

  /** Counts a block that was made and imported toward the order it was made for. */
  made({ block, order }: SealedBlock): void {
    this.#mining = { ...this.#mining, blocks: this.#mining.blocks + 1 };
    if (order !== undefined) this.#orders.made(order, block.id);
  }

  /** Ends the order whose block was refused: made again, it would be refused again. */
  refused({ order }: SealedBlock, refusal: Refusal): void {
    this.#hasFailed = true;
    if (order !== undefined) this.#orders.refuse(order, refusal);
  }

  /** Gives up all orders, because the node stops. */
  stop(): void {
    if (this.#sealing?.bits !== undefined) this.#deps.outbox.push({ type: 'stop-search' });
    this.#sealing = undefined;
    this.#drafting = undefined;
    this.#orders.stop();
  }

  /** False when the head has moved on from where a block for the head is made. */
  #isOnHead({ order, proposal, parent }: Place): boolean {
    const isForHead = order?.parent === undefined && proposal === undefined;
    return !isForHead || equalBytes(parent.id, this.#deps.chain.head.id);
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
    occasion: Occasion,
  ): void {
    const { spec, chain, mempool, outbox } = this.#deps;
    const { order } = occasion;
    const origin = { height: parent.height + 1, timeMs, producer: this.#identity.address, claim };
    const turn = this.#guard.turnOf(origin);
    if (turn !== undefined && !this.#guard.isFree(turn)) return this.#pass(nowMs);
    const state = chain.stateAt(parent.id);
    assert(state !== undefined, 'the state of a block that is not final is kept');
    const pool = order?.fork !== undefined ? [] : mempool.forBlock();
    const { blockBytesMax } = spec.limits;
    const candidates = withRoom(state.coins, pool, Math.min(mempool.bytes, blockBytesMax));
    this.#noteRoom(candidates, state.coins.size);
    if (candidates === undefined) {
      if (order !== undefined) this.#orders.refuse(order, refuseData('data/state-full').error);
      return outbox.setTimer('produce', nowMs + FAILURE_PAUSE_MS);
    }
    const env = chain.environmentAfter(parent, state, origin);
    const certificate = untoldCertificate(spec.consensus, chain, state, origin.height);
    const news = { evidence: this.#deps.evidence.all(), certificate };
    // The pool may change while the draft is made.
    const list = firstCandidates(spec, candidates);
    const { header } = parent;
    const steps = draftBlockInSteps(spec, state, header, env, list, this.#config.payTo, chain.hasher, news);
    // What comes into the pool from now on may be worth another look.
    this.#mayBeWorthwhile = false;
    this.#goOn({ ...occasion, steps, parent, claim, turn }, nowMs);
  }

  /** Does the next piece of a draft, and has it sealed after the last one. */
  #goOn(drafting: Drafting, nowMs: number): void {
    const { outbox } = this.#deps;
    this.#isDue = false;
    const step = drafting.steps.next();
    this.#drafting = step.done === true ? undefined : drafting;
    if (step.done === true) return this.#drafted(drafting, step.value, nowMs);
    outbox.setTimer('produce', nowMs);
  }

  /** Forgets a draft that is no longer wanted; another one may be. */
  #giveUpDraft(): void {
    this.#drafting = undefined;
    this.#mayBeWorthwhile = true;
  }

  #drafted({ turn, ...place }: Drafting, draft: BlockDraft, nowMs: number): void {
    const { spec, chain } = this.#deps;
    const { order, proposal } = place;
    this.#noteRefused(draft);
    // The first transaction is the reward; a block of nothing else waits until somebody asks for it, unless it lowers
    // the fee for those that wait: nothing else would, and they would be stranded.
    const isWorthwhile =
      draft.transactions.length > 1 || nextBaseFee(spec, draft.header) < draft.header.baseFee;
    const isAsked = order !== undefined || proposal !== undefined;
    if (!isWorthwhile && !isAsked && this.#config.kind === 'on-transaction') return;
    this.#mayBeWorthwhile = true;
    chain.rememberDraft(draft);
    this.#seal({ ...place, draft }, turn, nowMs);
  }

  /** Has the header sealed; the record of its turn is on disk before there is a signature. */
  #seal(made: Omit<Sealing, 'job' | 'bits' | 'renewMs'>, turn: number | undefined, nowMs: number): void {
    const { outbox, production } = this.#deps;
    const { draft, parent, claim } = made;
    const job = this.#deps.nextJob();
    const request = production.sealRequest(draft.header, this.#identity, parent.header, claim);
    const { message } = request;
    const sealing = { ...made, job, renewMs: nowMs + SEARCH_RENEW_MS };
    if (request.kind === 'sign') {
      this.#sealing = { ...sealing, bits: undefined };
      if (turn === undefined) return outbox.push({ type: 'sign', job, message });
      this.#guard.take(turn);
      return outbox.afterCommits({ type: 'sign', job, message });
    }
    this.#sealing = { ...sealing, bits: request.bits };
    this.#reportedMs = nowMs;
    outbox.push({ type: 'search', job, message, bits: request.bits });
    outbox.setTimer('produce', sealing.renewMs);
  }

  /** A header was sealed for this turn, or for a later one: waits for the next slot; votes ask again by themselves. */
  #pass(nowMs: number): void {
    const { outbox, spec } = this.#deps;
    const { production } = spec.consensus;
    if (!('slotMs' in production)) return;
    outbox.setTimer('produce', (Math.floor(nowMs / production.slotMs) + 1) * production.slotMs);
  }

  #noteRefused({ refused, refusedNews }: BlockDraft): void {
    const { outbox, evidence } = this.#deps;
    for (const { tx, refusal } of refused) {
      outbox.log('debug', 'producer', 'left a transaction out', { txid: toHex(tx.txid), rule: refusal.rule });
    }
    // Evidence that a block holds already among it.
    for (const { bytes, refusal } of refusedNews) if (!refusal.retry) evidence.drop(bytes);
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
}

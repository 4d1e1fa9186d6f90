import { unreachable } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Chain, ChainUpdate } from '../chain/chain.ts';
import type { Consensus, Production } from '../consensus/engine.ts';
import { type Hash, ZERO_HASH } from '../crypto/hash.ts';
import type { BlockEnvironment } from '../ledger/environment.ts';
import { Mempool } from '../mempool/mempool.ts';
import type { P2p } from '../p2p/p2p.ts';
import type { ReadStore, StoreBatch } from '../ports/store.ts';
import { transactionCount } from '../primitives/flat-block.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { type StateView, viewOf } from '../state/view.ts';
import { Backlog } from './backlog.ts';
import { BlockFlow } from './block-flow.ts';
import { CheckedTransactions } from './checked-transactions.ts';
import type { CoinIndex } from './coin-index.ts';
import type { NodeConfig } from './config.ts';
import { DevTools } from './dev-tools.ts';
import type { NodeEffect } from './effects.ts';
import type { NodeEvent, NodeRequest, TimerName } from './events.ts';
import { EvidencePool } from './evidence-pool.ts';
import { Intake } from './intake.ts';
import { LateIndex } from './late-index.ts';
import { isAlive, type LifeEvent, type LifeState, nextLife } from './life.ts';
import { NetworkLink } from './network-link.ts';
import { OldStateBudget } from './old-state-budget.ts';
import type { ForkPoint } from './orders.ts';
import { Outbox } from './outbox.ts';
import { PoolAdmission } from './pool-admission.ts';
import { type MiningStats, Producer } from './producer.ts';
import { refuseNode } from './rules.ts';
import { TurnWatch } from './turn-watch.ts';
import { createVoting, type Voting, type VotingStatus } from './voting.ts';

/** How often transactions that have grown old are looked for. */
const EXPIRE_INTERVAL_MS = 60_000;

/** What a node is made of; all of it is this node's own. */
export interface NodeDependencies {
  readonly chain: Chain;
  readonly consensus: Consensus;
  /** Where a node that keeps indexes ({@link NodeConfig.index}) finds the history up to the chain's head. */
  readonly store: ReadStore;
  /** The index of the chain's coins, for a node that keeps indexes. */
  readonly coins: CoinIndex | undefined;
}

/**
 * One node, as a synchronous state machine: an event and the time go in, effects come out. It reads no clock and
 * touches no disk, so a list of events replays to the same effects. It wires its parts and decides nothing: what is
 * valid is the ledger's matter, which branch is best the chain's, what waits the mempool's.
 */
export class Node {
  readonly spec: ChainSpec;
  readonly config: NodeConfig;
  readonly chain: Chain;
  readonly store: ReadStore;
  readonly mempool: Mempool;
  readonly outbox = new Outbox();
  /** What questions about old states may cost. */
  readonly oldStates = new OldStateBudget();
  /** Transactions whose signatures have been checked: a block that brings one need not wait for them. */
  readonly checked: CheckedTransactions;
  readonly #backlog: Backlog;
  /** Requests that wait until the indexes have followed; the runner bounds them. */
  readonly #following: number[] = [];
  readonly #intake: Intake;
  readonly #pool: PoolAdmission;
  readonly #blocks: BlockFlow;
  /** What validators did against the rules, for the blocks that this node makes. */
  readonly #evidence = new EvidencePool();
  #lateIndex: LateIndex | undefined;
  readonly #dev: DevTools;
  readonly #producer: Producer | undefined;
  readonly #link: NetworkLink | undefined;
  readonly #voting: Voting | undefined;
  #life: LifeState = 'genesis';
  #jobs = 0;
  /** What is left to write before the node is dead, from the moment it was asked to stop. */
  #lastBatches: Generator<StoreBatch, void, undefined> | undefined;
  /** The node's time in this step. */
  #nowMs = 0;

  constructor(options: { spec: ChainSpec; config: NodeConfig }, dependencies: NodeDependencies) {
    const { spec, config } = options;
    const { chain, consensus, store, coins } = dependencies;
    const { chainId } = chain;
    this.spec = spec;
    this.config = config;
    this.chain = chain;
    this.store = store;
    this.checked = new CheckedTransactions(config.isMemoryReserved);
    this.mempool = new Mempool({ bytesMax: config.mempoolBytesMax }, { spec, chainId });
    this.#backlog = new Backlog({ chain, store, coins, outbox: this.outbox });
    const isKnown = (txid: Hash) => this.mempool.checkUnknown(txid);
    this.#intake = new Intake({ spec, isKnown, parse: (encoded) => chain.parseTransactions(encoded) });
    const nextJob = () => this.#nextJob();
    const link = () => this.#link;
    this.#blocks = this.#createFlow(consensus.production);
    const { production } = consensus;
    const { checked, mempool, outbox } = this;
    if (config.lateIndex !== undefined) {
      const isIdle = () => this.#life === 'ready' && chain.past.missing === 0 && this.#backlog.isEmpty;
      this.#lateIndex = new LateIndex(config.lateIndex, { chain, store, outbox: this.outbox, isIdle });
    }
    this.#dev = new DevTools({
      spec,
      chain,
      outbox,
      order: (id, blocks, fork) => this.#order(id, blocks, fork),
      // A revert takes back what was sent since the snapshot.
      revert: (update) => this.#adopt(update, { forget: true }),
    });
    this.#pool = new PoolAdmission({
      spec,
      chain,
      mempool,
      store,
      outbox,
      checked,
      nextEnvironment: () => this.nextEnvironment(),
      nowMs: () => this.#nowMs,
      added: (added, request) => {
        this.#producer?.poolChanged();
        this.#link?.transactionsAdded(added, request, this.#nowMs);
      },
    });
    const evidence = this.#evidence;
    if (config.production.kind !== 'off') {
      const parts = { spec, chain, store, production, mempool, evidence, outbox, nextJob };
      this.#producer = new Producer(config.production, parts);
    }
    this.#voting = createVoting(consensus, {
      spec,
      publicKey: config.production.kind === 'off' ? undefined : config.production.publicKey,
      chain,
      store,
      outbox,
      evidence,
      nextJob,
      link,
      adopt: (update) => this.#adopt(update),
      propose: (proposal) => this.#producer?.propose(proposal),
    });
    if (config.p2p !== undefined) {
      this.#link = new NetworkLink(config.p2p, {
        chain,
        mempool,
        store,
        outbox,
        importBlock: (request, bytes, flat) => this.#blocks.request(request, bytes, flat),
        voting: this.#voting,
        submit: (request, transactions) => this.#submit(request, transactions),
        begin: (update) => this.#adopt(update),
        caughtUp: (isCaughtUp) => this.#live(isCaughtUp ? 'caught-up' : 'fell-behind'),
        aloneTooLong: () => this.#stop('alone-too-long'),
      });
    }
  }

  #createFlow(production: Production): BlockFlow {
    const { spec, chain, outbox } = this;
    return new BlockFlow({
      chain,
      turns: new TurnWatch({ spec, chain, production, evidence: this.#evidence, outbox }),
      checked: this.checked,
      backlog: this.#backlog,
      outbox,
      nextJob: () => this.#nextJob(),
      nowMs: () => this.#nowMs,
      isAlive: () => isAlive(this.#life),
      answer: (id, result) => this.#answer(id, result),
      adopt: (update, isOwn) => this.#adopt(update, { isOwn }),
      producer: () => this.#producer,
      link: () => this.#link,
      voting: () => this.#voting,
    });
  }

  /** The protocol of the network, on a node that has one. */
  get p2p(): P2p | undefined {
    return this.#link?.p2p;
  }

  /** The coins of each address at the head, where the node keeps that index. */
  get coins(): CoinIndex | undefined {
    return this.#backlog.coins;
  }

  /** True when this node keeps the index of transactions, addresses and their coins. */
  get isIndexed(): boolean {
    return this.#backlog.isIndexing;
  }

  /** The state of its life. */
  get life(): LifeState {
    return this.#life;
  }

  /** True when this node makes blocks. */
  get isProducing(): boolean {
    return this.#producer !== undefined;
  }

  /** What this node has done for blocks that are sealed by work; undefined where they are not, or it makes none. */
  get mining(): MiningStats | undefined {
    return this.spec.consensus.production.kind === 'pow' ? this.#producer?.mining : undefined;
  }

  /** Where the votes stand; undefined on a chain without any. */
  get voting(): VotingStatus | undefined {
    return this.#voting?.status;
  }

  /** What the ledger will be told about the next block, as far as it is known. */
  nextEnvironment(): BlockEnvironment {
    const parent = this.chain.head.header;
    const at = { timeMs: Math.max(this.#nowMs, parent.timeMs + 1), producer: ZERO_HASH };
    return this.chain.nextEnvironment(at);
  }

  /** The node's time in the last step, in milliseconds since 1970. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** The state at the head. */
  view(): StateView {
    return viewOf(this.chain.state);
  }

  /** Handles one event at a time of the clock, in milliseconds since 1970. */
  step(event: NodeEvent, wallMs: number): readonly NodeEffect[] {
    this.#nowMs = wallMs + this.outbox.timeOffsetMs;
    switch (event.type) {
      case 'start':
        this.#start(wallMs);
        break;
      case 'request':
        this.#request(event.id, event.request, wallMs);
        break;
      case 'timer':
        this.#timer(event.name);
        break;
      case 'signatures-checked':
        this.#signaturesChecked(event.job, event.valid);
        break;
      case 'signed':
        if (this.#voting?.signed(event.job, event.signature) === true) break;
        this.#blocks.sealed(this.#producer?.sealed(event.job, event.signature));
        break;
      case 'proved':
        this.#producer?.proved(event.job, event.proof);
        break;
      case 'searched':
        this.#blocks.sealed(this.#producer?.searched(event.job, event.done, this.#nowMs));
        break;
      case 'committed':
        this.#committed(event.sequence);
        break;
      case 'commit-failed':
        this.#storeFailed(event.failure);
        break;
      case 'network':
        if (isAlive(this.#life)) this.#link?.network(event.event, this.#nowMs);
        break;
      case 'stop':
        this.#stop('stop-asked');
        break;
      default:
        unreachable(event);
    }
    if (isAlive(this.#life)) this.#settle();
    if (this.#life === 'dying' && this.outbox.isDurable) this.#finish();
    if (this.#producer !== undefined && this.#life === 'ready' && !this.#isBusy)
      this.#producer.poke(this.#nowMs);
    return this.outbox.take();
  }

  /** Ends a step: the network hears of verdicts, the votes of what it brought, and the network of what they want. */
  #settle(): void {
    this.#link?.settle(this.#nowMs);
    if (this.#voting === undefined) return;
    this.#voting.settle(this.#nowMs);
    this.#link?.settle(this.#nowMs);
  }

  #start(wallMs: number): void {
    this.#live('genesis-loaded');
    if (this.spec.dev) this.#dev.catchUp(wallMs);
    this.#nowMs = wallMs + this.outbox.timeOffsetMs;
    const { id, height } = this.chain.head;
    this.outbox.log('info', 'node', 'chain opened', {
      height,
      head: toHex(id),
      chain: toHex(this.chain.chainId),
    });
    this.#pool.restore();
    this.outbox.setTimer('expire', this.#nowMs + EXPIRE_INTERVAL_MS);
    if (this.#lateIndex !== undefined) this.outbox.setTimer('index', this.#nowMs);
    this.#voting?.start(this.#nowMs);
    // Without a network there is nothing to wait for: what is on disk is all there is.
    if (this.#link === undefined) this.#live('caught-up');
    else this.#link.start(this.#nowMs);
  }

  #request(id: number, request: NodeRequest, wallMs: number): void {
    // Says nothing about the chain, so it waits for no disk: after a failed commit nothing would ever release it.
    if (!isAlive(this.#life)) {
      const result = refuseNode('node/not-alive', { life: this.#life });
      return this.outbox.push({ type: 'answer', id, result });
    }
    switch (request.kind) {
      case 'follow':
        this.#following.push(id);
        return this.#answerFollowing();
      case 'flush':
        return this.outbox.answer(id, ok(undefined));
      case 'submit':
        return this.#submit(id, request.transactions);
      case 'import':
        return this.#blocks.request(id, request.block);
      case 'ban':
      case 'unban':
      case 'add-peer': {
        const done = this.#link?.manage(request, this.#nowMs) ?? refuseNode('node/no-network');
        return this.outbox.answer(id, done);
      }
      default:
        if (!this.spec.dev) return this.outbox.answer(id, refuseNode('node/dev-only', { got: request.kind }));
        return this.#dev.request(id, request, wallMs);
    }
  }

  #order(id: number, blocks: number, fork: ForkPoint | undefined): void {
    const ordered = this.#producer?.order(id, blocks, fork) ?? refuseNode('node/cannot-produce');
    if (!ordered.ok) this.outbox.answer(id, ordered);
  }

  #submit(id: number, transactions: readonly Uint8Array[]): void {
    const job = this.#intake.begin(this.#nextJob(), id, transactions);
    if (job.ok) this.outbox.push({ type: 'check-signatures', ...job.value });
    else this.#answer(id, job);
  }

  /** Answers who asked: the network, whose requests have negative numbers, hears of a verdict before it is on disk. */
  #answer(id: number, result: Result<unknown>): void {
    if (id < 0) this.#link?.reply(id, result);
    else this.outbox.answer(id, result);
  }

  #signaturesChecked(job: number, valid: Uint8Array): void {
    if (this.#blocks.checked(job, valid)) return;
    const finished = this.#intake.finish(job, valid, (transactions, id, source) =>
      this.#pool.admit(transactions, id, source),
    );
    if (finished !== undefined) this.#answer(finished.request, ok(finished.verdicts));
  }

  /** Follows the chain after it changed: disk, pool, subscribers, network; the indexes follow in turns of their own. */
  #adopt(update: ChainUpdate, { forget = false, isOwn = false } = {}): void {
    if (update.batch.puts.length > 0 || update.batch.deletes.length > 0) this.outbox.commit(update.batch);
    if (update.kind === 'final') return this.#link?.headMoved(update, isOwn, this.#nowMs);
    if (update.kind !== 'head') return;
    // The pool takes back parents before children, so oldest first; rewards too, for what spends them goes with them.
    const removed = update.removed.toReversed().flatMap((block) => block.transactions);
    const added = () => update.added.flatMap((block) => block.transactions.slice(1));
    // They return to the pool, and some of them never came through it.
    this.#pool.remember(removed);
    this.#producer?.poolChanged();
    const move = { removed, added: update.added, forget };
    this.mempool.headMoved(move, this.view(), this.nextEnvironment(), this.#nowMs);
    const { head } = this.chain;
    const transactions = update.added.reduce((sum, block) => sum + transactionCount(block) - 1, 0);
    const fields = { height: head.height, id: toHex(head.id), transactions };
    this.outbox.log('info', 'chain', update.removed.length > 0 ? 'reorganised' : 'new head', fields);
    const notification = {
      kind: 'head',
      head,
      reverted: update.removed.length,
      transactions: added,
    } as const;
    this.outbox.afterCommits({ type: 'notify', notification });
    this.#link?.headMoved(update, isOwn, this.#nowMs);
    this.#voting?.headMoved(update);
    this.#backlog.add(update);
    if (!this.#backlog.isEmpty) this.outbox.setTimer('backlog', this.#nowMs);
  }

  /** Does a turn's share of what blocks have left to be done. */
  #workOff(): void {
    if (!isAlive(this.#life) || this.outbox.isBehind) return;
    this.#backlog.work();
    this.#answerFollowing();
    this.#blocks.resume();
  }

  /** Lets those read who wait for the indexes. What is written for these leaves first, so they find it in the store. */
  #answerFollowing(): void {
    if (!this.#backlog.isIndexed) return;
    for (const id of this.#following.splice(0))
      this.outbox.push({ type: 'answer', id, result: ok(undefined) });
  }

  /** True while the node should make no block: others come first. */
  get #isBusy(): boolean {
    return this.#backlog.isFull || this.#following.length > 0 || this.#blocks.isExecuting;
  }

  #committed(sequence: number): void {
    const wasBehind = this.outbox.isBehind;
    this.outbox.committed(sequence);
    if (this.outbox.isDurable) this.chain.settle();
    if (wasBehind && !this.outbox.isBehind) this.#blocks.resume();
  }

  #timer(name: TimerName): void {
    if (name === 'import') return this.#blocks.importNext();
    if (name === 'produce') return this.#producer?.due();
    if (name === 'voting') return this.#voting?.tick();
    if (name === 'p2p' && isAlive(this.#life)) return this.#link?.timer(this.#nowMs);
    if (name === 'backlog') return this.#workOff();
    if (name === 'index') return this.#makeIndexes();
    if (name !== 'expire' || !isAlive(this.#life)) return;
    this.mempool.expire(this.#nowMs);
    this.outbox.setTimer('expire', this.#nowMs + EXPIRE_INTERVAL_MS);
  }

  /** Makes both indexes in turns of their own, for a chain that had not all blocks when it was opened. */
  #makeIndexes(): void {
    const made = isAlive(this.#life) ? this.#lateIndex?.work(this.#nowMs) : undefined;
    if (typeof made === 'number') return this.outbox.setTimer('index', made);
    if (made === undefined) return;
    this.#lateIndex = undefined;
    this.#backlog.beginIndexes(made);
    this.outbox.setTimer('backlog', this.#nowMs);
    this.outbox.log('info', 'index', 'the index of transactions and addresses is complete');
  }

  #stop(why: LifeEvent): void {
    if (this.#life === 'dying' || this.#life === 'dead') return;
    this.#link?.stop(this.#nowMs);
    this.#live(why);
    this.#producer?.stop();
    this.#voting?.stop();
    this.outbox.push({ type: 'clear-timer', name: 'produce' });
    this.outbox.push({ type: 'clear-timer', name: 'expire' });
    this.outbox.push({ type: 'clear-timer', name: 'import' });
    this.outbox.push({ type: 'clear-timer', name: 'backlog' });
    this.outbox.push({ type: 'clear-timer', name: 'index' });
    this.#pool.save();
    this.#lastBatches = this.chain.finalCheckpoint();
  }

  /**
   * Writes the next part of what is left once the one before is on disk: all at once may not fit in memory. The history
   * comes first, so that a folder that was closed is complete, for whoever reads or verifies it.
   */
  #finish(): void {
    if (this.#backlog.finishBlock()) return;
    const next = this.#lastBatches?.next();
    if (next === undefined || next.done === true) this.#die(undefined);
    else this.outbox.commit(next.value);
  }

  #storeFailed(failure: Refusal): void {
    if (this.#life === 'dead') return;
    this.#live('port-failed');
    this.outbox.log('error', 'store', failure.message, { rule: failure.rule });
    this.#producer?.stop();
    this.#voting?.stop();
    this.outbox.abandon(refuseNode('node/store-failed', { rule: failure.rule, reason: failure.message }));
    this.#die(failure);
  }

  #die(reason: Refusal | undefined): void {
    this.#live('all-done');
    this.outbox.push({ type: 'dead', reason });
  }

  #live(event: LifeEvent): void {
    const before = this.#life;
    this.#life = nextLife(before, event);
    if (before !== this.#life) this.outbox.log('info', 'node', `life: ${before} → ${this.#life}`);
  }

  #nextJob(): number {
    this.#jobs += 1;
    return this.#jobs;
  }
}

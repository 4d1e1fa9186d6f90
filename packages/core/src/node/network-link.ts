import { assert } from '../base/assert.ts';
import { FewMap } from '../base/few-map.ts';
import { Random } from '../base/random.ts';
import type { Refusal, Result } from '../base/result.ts';
import { OK, ok } from '../base/result.ts';
import { utf8Bytes } from '../base/text.ts';
import type { Chain, ChainUpdate } from '../chain/chain.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { P2pConfig } from '../p2p/config.ts';
import type { VotingHost } from '../p2p/consensus/vote-exchange.ts';
import type { P2pHost } from '../p2p/host.ts';
import { laneOf, type Message } from '../p2p/messages/message.ts';
import { P2p } from '../p2p/p2p.ts';
import { WakeQueue } from '../p2p/wake-queue.ts';
import type { LogLevel } from '../ports/log.ts';
import type { Lane, NetworkEvent, PeerAddress, PeerId } from '../ports/network.ts';
import type { ReadStore, StoreBatch } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';
import type { FlatBlock } from '../primitives/flat-block.ts';
import type { NetworkRequest, PooledTransactions, SubmitVerdict } from './events.ts';
import type { Outbox } from './outbox.ts';

/** Characters of the key of a small record. */
const RECORD_KEY_MAX = 128;

/** What the link needs of its node. */
export interface NetworkLinkDependencies {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly store: ReadStore;
  readonly outbox: Outbox;
  /** Begins a request of the network; answered by {@link NetworkLink.reply} under its number. */
  importBlock(request: number, bytes: Uint8Array, flat: FlatBlock | undefined): void;
  submit(request: number, transactions: readonly Uint8Array[]): void;
  /** What the protocol needs of the engine that counts votes. */
  readonly voting?: VotingHost | undefined;
  /** Follows a chain that has begun with a snapshot. */
  begin(update: ChainUpdate): void;
  caughtUp(isCaughtUp: boolean): void;
  aloneTooLong(): void;
}

/** A request of the protocol to its own node. */
type Asked = { readonly from: PeerId; readonly id: Hash | undefined };

/**
 * The protocol of the network inside its node: turns what the protocol asks for into requests and effects of the node,
 * and what the node decides into news for the protocol. Requests of the network have negative numbers.
 */
export class NetworkLink implements P2pHost {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly random: Random;
  readonly voting: VotingHost | undefined;
  readonly p2p: P2p;
  readonly #deps: NetworkLinkDependencies;
  readonly #wakes = new WakeQueue();
  readonly #asked = new FewMap<number, Asked>();
  /**
   * What a step has brought about and the protocol hears of once it has returned: answers, mostly. Undefined while
   * there is nothing, for the reason that {@link Outbox} has.
   */
  #replies: (() => void)[] | undefined;
  /** What this step saves; undefined for what it forgets. */
  readonly #records = new Map<string, Uint8Array | undefined>();
  #requests = 0;
  #nowMs = 0;
  /** When the timer `p2p` goes off; infinite when it is not set. */
  #timerMs = Number.POSITIVE_INFINITY;
  /** This step has brought about something that {@link settle} has to see to: most messages bring nothing new. */
  #isUnsettled = false;
  /**
   * The batch with the last block of this node's own making, or the last record of its votes. Nothing is said before
   * that is on disk: after a loss of power the node would make another block or vote in its place, as a cheat does.
   */
  #ownBatch = 0;

  constructor(config: P2pConfig, dependencies: NetworkLinkDependencies) {
    this.#deps = dependencies;
    this.chain = dependencies.chain;
    this.mempool = dependencies.mempool;
    this.random = new Random(config.seed);
    this.voting = dependencies.voting;
    this.p2p = new P2p(config, this);
  }

  start(nowMs: number): void {
    this.#nowMs = nowMs;
    this.p2p.start(nowMs);
  }

  stop(nowMs: number): void {
    this.p2p.stop(nowMs);
    this.#commitRecords();
    this.#wakes.clear();
    this.#deps.outbox.push({ type: 'clear-timer', name: 'p2p' });
  }

  network(event: NetworkEvent, nowMs: number): void {
    this.#nowMs = nowMs;
    this.p2p.network(event, nowMs);
  }

  /** Does what the owner of the node wants done about its peers. What it saves goes to the disk before the answer. */
  manage(request: NetworkRequest, nowMs: number): Result<unknown> {
    this.#nowMs = nowMs;
    const done = this.#manage(request, nowMs);
    this.#commitRecords();
    return done;
  }

  #manage(request: NetworkRequest, nowMs: number): Result<unknown> {
    switch (request.kind) {
      case 'ban':
        return this.p2p.ban(request.target, request.durationMs, nowMs);
      case 'unban':
        return this.p2p.connections.unban(request.target, nowMs);
      case 'add-peer':
        this.p2p.network({ kind: 'discovered', address: request.address, isOwners: true }, nowMs);
        return ok(request.address);
    }
  }

  /** The timer `p2p` went off. */
  timer(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#timerMs = Number.POSITIVE_INFINITY;
    this.#isUnsettled = true;
    if (this.#wakes.take(nowMs)) this.p2p.tick(nowMs);
  }

  headMoved(update: ChainUpdate, isOwn: boolean, nowMs: number): void {
    this.#nowMs = nowMs;
    if (isOwn) this.holdUntilDurable();
    this.p2p.headMoved(update, isOwn, nowMs);
  }

  /** Says nothing to anybody until all that was committed so far is on disk. */
  holdUntilDurable(): void {
    this.#ownBatch = this.#deps.outbox.issued;
  }

  /** This node has made a block that is not its head. */
  madeAside(block: Block, nowMs: number): void {
    this.#nowMs = nowMs;
    this.holdUntilDurable();
    this.p2p.madeAside(block, nowMs);
  }

  /** Asks peers for a block of which only the id is known. */
  wantBlock(id: Hash, nowMs: number): void {
    this.#nowMs = nowMs;
    this.p2p.wantBlock(id, nowMs);
  }

  /** Spreads what the own engine says. */
  broadcastVote(payload: Uint8Array, except: PeerId | undefined, nowMs: number): void {
    this.#nowMs = nowMs;
    this.p2p.broadcastVote(payload, except, nowMs);
  }

  /** Holds against a peer what the engine has found out. */
  punish(peer: PeerId, refusal: Refusal, nowMs: number): void {
    this.#nowMs = nowMs;
    this.p2p.punish(peer, refusal, nowMs);
  }

  transactionsAdded(added: PooledTransactions, request: number | undefined, nowMs: number): void {
    this.#nowMs = nowMs;
    const from = request === undefined ? undefined : this.#asked.get(request)?.from;
    this.p2p.transactionsAdded(added, from, nowMs);
  }

  /** The owner hands a block in, which the node goes on to check; {@link handedInDone} follows. */
  handedIn(block: Block, nowMs: number): void {
    this.#nowMs = nowMs;
    this.p2p.handedIn(block, nowMs);
  }

  /** The verdict on a block that the owner has handed in. */
  handedInDone(id: Hash, result: Result<unknown>): void {
    this.#later(() => this.p2p.handedInDone(id, result.ok ? OK : result, this.#nowMs));
  }

  /** Takes the node's answer to a request of the network. */
  reply(request: number, result: Result<unknown>): void {
    const asked = this.#asked.get(request);
    assert(asked !== undefined, `an answer to ${request}, which nobody asked`);
    this.#asked.delete(request);
    const { from, id } = asked;
    this.#isUnsettled = true;
    this.#later(() => {
      if (id !== undefined) return this.p2p.blockDone(id, from, result.ok ? OK : result, this.#nowMs);
      // A submission that was refused as a whole has no verdicts.
      const verdicts = result.ok ? (result.value as readonly SubmitVerdict[]) : [];
      this.p2p.transactionsDone(from, verdicts, this.#nowMs);
    });
  }

  /** Ends a step: passes answers on, and sets the timer. */
  settle(nowMs: number): void {
    if (!this.#isUnsettled) return;
    this.#isUnsettled = false;
    this.#nowMs = nowMs;
    if (this.#replies !== undefined) this.#reply(this.#replies, nowMs);
    this.#commitRecords();
    const { next } = this.#wakes;
    if (next === undefined || next === this.#timerMs) return;
    this.#timerMs = next;
    this.#deps.outbox.setTimer('p2p', next);
  }

  importBlock({ id, bytes, flat }: Parameters<P2pHost['importBlock']>[0], from: PeerId): void {
    this.#deps.importBlock(this.#ask({ from, id }), bytes, flat);
  }

  submit(transactions: readonly Uint8Array[], from: PeerId): void {
    this.#deps.submit(this.#ask({ from, id: undefined }), transactions);
  }

  get isBehind(): boolean {
    return this.#deps.outbox.isBehind;
  }

  commit(batch: StoreBatch): void {
    this.#deps.outbox.commit(batch);
  }

  begin(update: ChainUpdate): void {
    this.#isUnsettled = true;
    this.#later(() => this.#deps.begin(update));
  }

  caughtUp(isCaughtUp: boolean): void {
    this.#deps.caughtUp(isCaughtUp);
  }

  aloneTooLong(): void {
    // It stops the protocol, which is in the middle of something.
    this.#isUnsettled = true;
    this.#later(() => this.#deps.aloneTooLong());
  }

  dial(address: PeerAddress): void {
    this.#deps.outbox.push({ type: 'dial', address });
  }

  send(peer: PeerId, message: Message, lane: Lane = laneOf(message.kind)): void {
    const effect = { type: 'send', peer, message, lane } as const;
    const { outbox } = this.#deps;
    if (outbox.durable < this.#ownBatch) outbox.afterCommits(effect);
    else outbox.push(effect);
  }

  close(peer: PeerId): void {
    this.#deps.outbox.push({ type: 'close', peer });
  }

  wake(atMs: number): void {
    this.#isUnsettled = true;
    this.#wakes.add(atMs, this.#nowMs);
  }

  save(key: string, value: Uint8Array | undefined): void {
    assert(key.length > 0 && key.length <= RECORD_KEY_MAX, `a key of ${key.length} characters`);
    this.#isUnsettled = true;
    this.#records.set(key, value);
  }

  load(key: string): Uint8Array | undefined {
    return this.#records.has(key) ? this.#records.get(key) : this.#deps.store.get(this.#recordKey(key));
  }

  log(level: LogLevel, message: string, fields?: Readonly<Record<string, string | number | boolean>>): void {
    this.#deps.outbox.log(level, 'p2p', message, fields);
  }

  #reply(replies: readonly (() => void)[], nowMs: number): void {
    this.#replies = undefined;
    for (const reply of replies) reply();
    // What was refused at once again has to wait for another step: a part that insists must not hold the node up.
    if (this.#replies !== undefined) this.wake(nowMs + 1);
  }

  #later(reply: () => void): void {
    if (this.#replies === undefined) this.#replies = [reply];
    else this.#replies.push(reply);
  }

  /** Writes the small records of a step as one batch: many small ones would look like a disk that is behind. */
  #commitRecords(): void {
    if (this.#records.size === 0) return;
    const puts: (readonly [Uint8Array, Uint8Array])[] = [];
    const deletes: Uint8Array[] = [];
    for (const [key, value] of this.#records) {
      const name = this.#recordKey(key);
      if (value === undefined) deletes.push(name);
      else puts.push([name, value]);
    }
    this.#records.clear();
    this.#deps.outbox.commit({ puts, deletes });
  }

  #recordKey(key: string): Uint8Array {
    return this.chain.layout.network(utf8Bytes(key));
  }

  #ask(asked: Asked): number {
    this.#requests += 1;
    this.#asked.set(-this.#requests, asked);
    return -this.#requests;
  }
}

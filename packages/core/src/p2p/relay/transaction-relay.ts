import { bytesKey } from '../../base/bytes-key.ts';
import { OK, type Result } from '../../base/result.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { SubmitVerdict } from '../../node/events.ts';
import type { PeerId } from '../../ports/network.ts';
import { parseTransaction, type Transaction } from '../../primitives/transaction.ts';
import { BUNDLE_BYTES_MAX } from '../messages/limits.ts';
import type { TransactionsMessage, TxAnnounceMessage, TxRequestMessage } from '../messages/transactions.ts';
import { refuseP2p } from '../rules.ts';
import { Announcer } from './announcer.ts';
import { KnownTransactions, UNKNOWN } from './known-transactions.ts';
import { CATCH_UP_CHECK_MS, ORPHAN_PARENTS_MAX, TRANSACTIONS_MESSAGE_BYTES } from './limits.ts';
import { Orphans } from './orphans.ts';
import type { RelayContext, RelayHost } from './relay-host.ts';
import type { RelayPeer } from './relay-peer.ts';
import type { RelayPeers } from './relay-peers.ts';
import { Submissions } from './submissions.ts';
import { type TransactionRequest, TransactionRequests } from './transaction-requests.ts';

type CountName = 'known' | 'wanted' | 'queued' | 'failing' | 'orphans' | 'submissions';

/** What transaction relay needs. */
export interface TransactionRelayDependencies extends RelayContext {
  readonly relayPeers: RelayPeers;
}

/**
 * Passes transactions on: what is new in the pool is announced by its id, many at a time, to those who have not
 * announced it themselves; what others announce is asked for, from one of them, and handed to the pool.
 *
 * @see docs/reference/network.md
 */
export class TransactionRelay {
  readonly #host: RelayHost;
  readonly #punish: RelayContext['punish'];
  readonly #peers: RelayPeers;
  readonly #isCaughtUp: () => boolean;
  readonly #known: KnownTransactions;
  readonly #announcer: Announcer;
  readonly #orphans = new Orphans();
  readonly #requests: TransactionRequests;
  readonly #submissions: Submissions;
  /** When the node will be woken to look for requests that have run out; infinity for never. */
  #checkMs = Number.POSITIVE_INFINITY;
  /** Counts heads: what was refused under another one is judged anew. */
  #round = 1;

  constructor(dependencies: TransactionRelayDependencies) {
    const { host, punish, relayPeers, isCaughtUp, isMemoryReserved } = dependencies;
    this.#host = host;
    this.#punish = punish;
    this.#peers = relayPeers;
    this.#isCaughtUp = isCaughtUp;
    this.#known = new KnownTransactions(host.random, isMemoryReserved);
    this.#announcer = new Announcer({ host, relayPeers, known: this.#known });
    this.#submissions = new Submissions(host);
    this.#requests = new TransactionRequests({
      peers: relayPeers,
      send: ({ peer }, request, txids) => host.send(peer.id, { kind: 'tx-request', request, txids }),
    });
  }

  /** How much of it a stranger's messages have filled: for tests and metrics. */
  get counts(): Readonly<Record<CountName, number>> {
    return {
      known: this.#known.count,
      wanted: this.#requests.count,
      queued: this.#requests.queued,
      failing: this.#requests.failing,
      orphans: this.#orphans.count,
      submissions: this.#submissions.count,
    };
  }

  addPeer(peer: RelayPeer, nowMs: number): void {
    this.#known.openSlot(peer.slot);
    this.#requests.addPeer(peer, nowMs);
    this.#announcer.addPeer(peer, nowMs);
  }

  /** @param peer - no longer among the peers */
  removePeer(peer: RelayPeer, nowMs: number): void {
    if (this.#requests.removePeer(peer, nowMs)) this.#blame(peer);
    this.#ask(nowMs);
    this.#orphans.removePeer(peer.peer.id);
    this.#known.closeSlot(peer.slot);
  }

  /**
   * The best branch has moved: what was refused before may be good now.
   *
   * @param isBack - some blocks have left it
   */
  headMoved(isBack: boolean): void {
    if (isBack) this.#announcer.returned();
    this.#round = (this.#round + 1) | 0 || 1;
  }

  onAnnounce(peer: RelayPeer, { txids }: TxAnnounceMessage, nowMs: number): Result<undefined> {
    for (const txid of txids) {
      const row = this.#known.find(txid);
      if (row !== UNKNOWN) {
        this.#known.markKnown(row, peer.slot);
        const refusedIn = this.#known.refusedIn(row);
        if (refusedIn === 0 || refusedIn === this.#round) continue;
      }
      const key = bytesKey(txid);
      // What is wanted is not here; the second and third who announce it need no look at the pool.
      if (this.#requests.isWanted(key) || !this.#host.mempool.has(txid)) {
        this.#requests.announced(peer, txid, key);
      }
    }
    if (peer.queue.length > 0 && this.#isCaughtUp()) this.#requests.ask(peer, nowMs);
    this.#scheduleCheck(nowMs);
    return OK;
  }

  /** Answers by what the pool has, as far as the peer may know of it and its budget goes. */
  onRequest(peer: RelayPeer, { request, txids }: TxRequestMessage, nowMs: number): Result<undefined> {
    const transactions: Uint8Array[] = [];
    let bytes = 0;
    for (const txid of txids) {
      const transaction = this.#host.mempool.get(txid);
      if (transaction === undefined || !this.#announcer.isTold(txid, peer)) continue;
      if (!peer.serve(transaction.bytes.length, nowMs)) break;
      transactions.push(transaction.bytes);
      bytes += transaction.bytes.length;
      if (bytes >= TRANSACTIONS_MESSAGE_BYTES) break;
    }
    this.#host.send(peer.peer.id, { kind: 'transactions', request, transactions });
    return OK;
  }

  onTransactions(peer: RelayPeer, message: TransactionsMessage, nowMs: number): Result<undefined> {
    const request = this.#requests.answered(peer, message.request);
    if (request === undefined) return refuseP2p('p2p/answer-unexpected', { request: message.request });
    if (request === 'late') return OK;
    const { transactions } = message;
    if (transactions.length > request.wanted.length) {
      this.#missing(request, false);
      this.#ask(nowMs);
      return refuseP2p('p2p/answer-too-long', { got: transactions.length, expected: request.wanted.length });
    }
    const from = peer.peer.id;
    if (transactions.length === 0 || this.#submissions.isFull(from)) this.#missing(request, false);
    else {
      const together = this.#withOrphan(request, transactions);
      this.#submissions.hand({ from, transactions: together, request }, nowMs);
    }
    this.#ask(nowMs);
    return OK;
  }

  /** Transactions are new in the pool, wherever they came from. */
  added(transactions: readonly Transaction[], from: PeerId | undefined, nowMs: number): void {
    const sender = from === undefined ? undefined : this.#peers.get(from);
    for (const { txid } of transactions) {
      const row = this.#received(txid, sender);
      this.#announcer.add(txid, row);
      if (this.#orphans.count === 0) continue;
      for (const { from: first, bytes } of this.#orphans.takeChildren(bytesKey(txid))) {
        this.#submissions.hand({ from: first, transactions: [bytes], request: undefined }, nowMs);
      }
    }
    this.#announcer.schedule(nowMs);
  }

  /** What became of transactions that were handed over. */
  done(from: PeerId, verdicts: readonly SubmitVerdict[], nowMs: number): void {
    const submission = this.#submissions.take(from, verdicts.length);
    verdicts.forEach((verdict, i) => {
      // What was accepted came by {@link added}, with its sender.
      if (!verdict.accepted) this.#refused(verdict, submission?.transactions[i], from, nowMs);
    });
    if (submission?.request !== undefined) {
      // Who fills an answer with other things has no more of what was asked for.
      const isProgress = submission.request.wanted.some(({ isDone }) => isDone);
      this.#missing(submission.request, isProgress && isFull(submission.transactions));
    }
    this.#ask(nowMs);
  }

  tick(nowMs: number): void {
    this.#announcer.tick(nowMs);
    if (this.#checkMs > nowMs) return;
    this.#checkMs = Number.POSITIVE_INFINITY;
    for (const peer of this.#requests.expire(nowMs)) this.#blame(peer);
    for (const { request } of this.#submissions.expire(nowMs)) {
      if (request !== undefined) this.#missing(request, false);
    }
    this.#orphans.expire(nowMs);
    this.#ask(nowMs);
  }

  #blame({ peer, failures }: RelayPeer): void {
    this.#punish(peer.id, refuseP2p('p2p/transactions-late', { failures }).error);
  }

  /** Asks for what is wanted, once the pool can judge it; what is announced before waits. */
  #ask(nowMs: number): void {
    if (this.#isCaughtUp()) this.#requests.askAll(nowMs);
    this.#scheduleCheck(nowMs);
  }

  /** The row of a transaction that is here now. */
  #received(txid: Hash, sender: RelayPeer | undefined): number {
    const wanted = this.#requests.finish(txid);
    const row = this.#known.add(txid);
    this.#known.setRefused(row, 0);
    wanted?.announcers.forEach((slot) => {
      this.#known.markKnown(row, slot);
    });
    if (sender !== undefined) this.#known.markKnown(row, sender.slot);
    return row;
  }

  #refused(
    { txid, refusal }: Extract<SubmitVerdict, { accepted: false }>,
    bytes: Uint8Array | undefined,
    from: PeerId,
    nowMs: number,
  ): void {
    const peer = this.#peers.get(from);
    if (refusal.banPoints > 0) {
      // Says nothing about the transaction of this id: anybody can put bad witnesses beside a good body.
      const wanted = txid === undefined ? undefined : this.#requests.find(txid);
      if (wanted !== undefined && peer !== undefined) this.#requests.notFrom(peer, wanted);
      return this.#punish(from, refusal);
    }
    if (txid === undefined) return;
    if (refusal.rule === 'mempool/known') this.#received(txid, peer);
    else if (refusal.rule === 'tx/coin-missing' && this.#adopt(txid, bytes, peer, nowMs))
      this.#requests.finish(txid);
    // A busy node forgets: others that announce it later are asked again.
    else if (refusal.rule.startsWith('node/')) this.#requests.finish(txid);
    else this.#known.setRefused(this.#received(txid, peer), this.#round);
  }

  /** Keeps a transaction whose parents are not here, and asks for them. False when it is not worth it. */
  #adopt(txid: Hash, bytes: Uint8Array | undefined, peer: RelayPeer | undefined, nowMs: number): boolean {
    if (bytes === undefined || peer === undefined) return false;
    const parsed = parseTransaction(bytes, this.#host.chain.chainId);
    if (!parsed.ok || bytesKey(parsed.value.txid) !== bytesKey(txid)) return false;
    const parents = new Map(parsed.value.inputs.map((input) => [bytesKey(input.txid), input.txid]));
    const unknown = [...parents.values()].filter((parent) => this.#isUnknown(parent));
    if (unknown.length === 0 || unknown.length > ORPHAN_PARENTS_MAX) return false;
    const orphan = this.#orphans.add(parsed.value, peer.peer.id, nowMs);
    if (orphan === undefined) return false;
    this.#requests.askParents(peer, orphan, unknown, nowMs);
    return true;
  }

  /** True of a transaction that has not been in the pool: then it was not spent in vain either. */
  #isUnknown(txid: Hash): boolean {
    const row = this.#known.find(txid);
    return (row === UNKNOWN || this.#known.refusedIn(row) !== 0) && !this.#host.mempool.has(txid);
  }

  /** Parents go together with the orphan they were asked for: it may pay for them. */
  #withOrphan({ orphan }: TransactionRequest, parents: readonly Uint8Array[]): readonly Uint8Array[] {
    const taken = orphan === undefined ? undefined : this.#orphans.take(orphan.key);
    return taken === undefined ? parents : [...parents, taken.bytes];
  }

  /** Looks elsewhere for what an answer did not bring. */
  #missing({ peer, wanted }: TransactionRequest, isFull: boolean): void {
    // When a peer goes, others are asked at once; its slot may belong to one of them by now.
    if (this.#peers.at(peer.slot) !== peer) return;
    for (const one of wanted) {
      // More may have been too much for one message: the same peer is asked for the rest.
      if (isFull) this.#requests.again(one);
      else this.#requests.notFrom(peer, one);
    }
  }

  /** Has the node woken when a request runs out; not to the millisecond, so that many share one turn. */
  #scheduleCheck(nowMs: number): void {
    const waiting = this.#requests.count > 0 ? nowMs + CATCH_UP_CHECK_MS : Number.POSITIVE_INFINITY;
    const deadlineMs = this.#requests.deadlineMs ?? this.#submissions.deadlineMs ?? waiting;
    const atMs = Math.ceil(deadlineMs / 1000) * 1000;
    if (atMs >= this.#checkMs) return;
    this.#checkMs = atMs;
    this.#host.wake(atMs);
  }
}

/** True of an answer to which not much more could be added. */
function isFull(transactions: readonly Uint8Array[]): boolean {
  const bytes = transactions.reduce((sum, { length }) => sum + length, 0);
  return bytes >= TRANSACTIONS_MESSAGE_BYTES && bytes <= BUNDLE_BYTES_MAX;
}

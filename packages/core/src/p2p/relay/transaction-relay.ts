import { bytesKey } from '../../base/bytes-key.ts';
import { OK, type Result } from '../../base/result.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { SubmitVerdict } from '../../node/events.ts';
import type { PeerId } from '../../ports/network.ts';
import { parseTransaction, type Transaction } from '../../primitives/transaction.ts';
import { FEATURES } from '../features.ts';
import { BUNDLE_BYTES_MAX, TXIDS_MAX } from '../messages/limits.ts';
import type { TransactionsMessage, TxAnnounceMessage, TxRequestMessage } from '../messages/transactions.ts';
import { refuseP2p } from '../rules.ts';
import { AnnounceLog } from './announce-log.ts';
import { KnownTransactions, UNKNOWN } from './known-transactions.ts';
import {
  ANNOUNCE_BACKLOG_MAX,
  ANNOUNCE_DELAY_MS,
  ANNOUNCE_MESSAGES_MAX,
  ORPHAN_PARENTS_MAX,
  SUBMISSIONS_PER_PEER_MAX,
  TRANSACTIONS_MESSAGE_BYTES,
  VERDICT_TIMEOUT_MS,
} from './limits.ts';
import { Orphans } from './orphans.ts';
import type { RelayContext, RelayHost } from './relay-host.ts';
import type { RelayPeer } from './relay-peer.ts';
import type { RelayPeers } from './relay-peers.ts';
import { type TransactionRequest, TransactionRequests } from './transaction-requests.ts';

/** Transactions that were handed over and wait for their verdicts. */
interface Submission {
  readonly from: PeerId;
  readonly transactions: readonly Uint8Array[];
  /** What this answers; undefined for an orphan that is tried again. */
  readonly request: TransactionRequest | undefined;
  readonly deadlineMs: number;
}

/** A peer that is told news, while they are gathered. */
interface Audience {
  readonly peer: RelayPeer;
  readonly txids: Hash[];
  /** Where the next announcement goes on. */
  next: number;
}

type Direction = 'inbound' | 'outbound';

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
  readonly #log = new AnnounceLog();
  readonly #orphans = new Orphans();
  readonly #requests: TransactionRequests;
  /** Oldest first. */
  #submissions: Submission[] = [];
  /** When each kind of peers is told the next time; undefined while there is no news. */
  readonly #announceMs: Record<Direction, number | undefined> = { inbound: undefined, outbound: undefined };
  /** When the node will be woken to look for requests that have run out. */
  #checkMs = 0;
  /** Counts heads: what was refused under another one is judged anew. */
  #round = 1;

  constructor({ host, punish, relayPeers, isCaughtUp }: TransactionRelayDependencies) {
    this.#host = host;
    this.#punish = punish;
    this.#peers = relayPeers;
    this.#isCaughtUp = isCaughtUp;
    this.#known = new KnownTransactions(host.random);
    this.#requests = new TransactionRequests({
      peers: relayPeers,
      send: ({ peer }, request, txids) => host.send(peer.id, { kind: 'tx-request', request, txids }),
    });
  }

  /** How much of it a stranger's messages have filled: for tests and metrics. */
  get counts(): { known: number; wanted: number; orphans: number; submissions: number } {
    return {
      known: this.#known.count,
      wanted: this.#requests.count,
      orphans: this.#orphans.count,
      submissions: this.#submissions.length,
    };
  }

  addPeer(peer: RelayPeer, nowMs: number): void {
    this.#known.openSlot(peer.slot);
    peer.cursor = Math.max(this.#log.start, this.#log.end - ANNOUNCE_BACKLOG_MAX);
    if (peer.cursor < this.#log.end && takesTransactions(peer)) this.#scheduleAnnouncement(peer, nowMs);
  }

  /** @param peer - no longer among the peers */
  removePeer(peer: RelayPeer, nowMs: number): void {
    this.#requests.removePeer(peer);
    this.#requests.askAll(nowMs);
    this.#orphans.removePeer(peer.peer.id);
    this.#known.closeSlot(peer.slot);
  }

  /** The best branch has moved: what was refused before may be good now. */
  headMoved(): void {
    this.#round = (this.#round + 1) | 0 || 1;
  }

  onAnnounce(peer: RelayPeer, { txids }: TxAnnounceMessage, nowMs: number): Result<undefined> {
    if (!this.#isCaughtUp()) return OK;
    for (const txid of txids) {
      const row = this.#known.find(txid);
      if (row !== UNKNOWN) {
        this.#known.markKnown(row, peer.slot);
        const refusedIn = this.#known.refusedIn(row);
        if (refusedIn === 0 || refusedIn === this.#round) continue;
      }
      if (!this.#host.mempool.has(txid)) this.#requests.announced(peer, txid);
    }
    if (peer.queue.length > 0) this.#requests.ask(peer, nowMs);
    this.#scheduleCheck(nowMs);
    return OK;
  }

  /** Answers by what the pool has, as far as the peer may know of it and its budget goes. */
  onRequest(peer: RelayPeer, { request, txids }: TxRequestMessage, nowMs: number): Result<undefined> {
    const transactions: Uint8Array[] = [];
    let bytes = 0;
    for (const txid of txids) {
      const transaction = this.#host.mempool.get(txid);
      if (transaction === undefined || !this.#isAnnounced(txid, peer)) continue;
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
      this.#requests.askAll(nowMs);
      return refuseP2p('p2p/answer-too-long', { got: transactions.length, expected: request.wanted.length });
    }
    const isBusy = this.#submissionsOf(peer) >= SUBMISSIONS_PER_PEER_MAX;
    if (transactions.length === 0 || isBusy) this.#missing(request, false);
    else this.#submit(peer.peer.id, this.#withOrphan(request, transactions), request, nowMs);
    this.#requests.askAll(nowMs);
    this.#scheduleCheck(nowMs);
    return OK;
  }

  /** Transactions are new in the pool, wherever they came from. */
  added(transactions: readonly Transaction[], from: PeerId | undefined, nowMs: number): void {
    const sender = from === undefined ? undefined : this.#peers.get(from);
    for (const { txid } of transactions) {
      const row = this.#received(txid, sender);
      if (this.#known.sequence(row) < this.#log.start) this.#known.setSequence(row, this.#log.push(txid));
      for (const orphan of this.#orphans.takeChildren(bytesKey(txid))) {
        this.#submit(orphan.from, [orphan.bytes], undefined, nowMs);
      }
    }
    for (const peer of this.#peers.all())
      if (takesTransactions(peer)) this.#scheduleAnnouncement(peer, nowMs);
  }

  /** What became of transactions that were handed over. */
  done(from: PeerId, verdicts: readonly SubmitVerdict[], nowMs: number): void {
    // One that was refused as a whole, which has no verdicts, was refused at once: it is the last.
    const submission =
      verdicts.length === 0
        ? this.#submissions.findLast((one) => one.from === from)
        : this.#submissions.find((one) => one.from === from && one.transactions.length === verdicts.length);
    this.#submissions = this.#submissions.filter((one) => one !== submission);
    const peer = this.#peers.get(from);
    verdicts.forEach((verdict, i) => {
      if (verdict.accepted) this.#received(verdict.txid, peer);
      else this.#refused(verdict, submission?.transactions[i], from, nowMs);
    });
    if (submission?.request !== undefined) this.#missing(submission.request, isFull(submission.transactions));
    this.#requests.askAll(nowMs);
    this.#scheduleCheck(nowMs);
  }

  tick(nowMs: number): void {
    for (const direction of ['outbound', 'inbound'] as const) {
      const atMs = this.#announceMs[direction];
      if (atMs !== undefined && atMs <= nowMs) this.#announce(direction, nowMs);
    }
    this.#requests.expire(nowMs);
    this.#expireSubmissions(nowMs);
    this.#orphans.expire(nowMs);
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

  #submissionsOf({ peer }: RelayPeer): number {
    return this.#submissions.reduce((sum, { from }) => sum + (from === peer.id ? 1 : 0), 0);
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

  #submit(
    from: PeerId,
    transactions: readonly Uint8Array[],
    request: TransactionRequest | undefined,
    nowMs: number,
  ): void {
    this.#submissions.push({ from, transactions, request, deadlineMs: nowMs + VERDICT_TIMEOUT_MS });
    this.#host.submit(transactions, from);
  }

  /** Gives up on verdicts that do not come. */
  #expireSubmissions(nowMs: number): void {
    if ((this.#submissions[0]?.deadlineMs ?? nowMs + 1) > nowMs) return;
    const late = this.#submissions.filter(({ deadlineMs }) => deadlineMs <= nowMs);
    this.#submissions = this.#submissions.slice(late.length);
    for (const { request } of late) if (request !== undefined) this.#missing(request, false);
    this.#requests.askAll(nowMs);
  }

  /** A peer is given only what it was told of, so that nobody learns by asking when something came here. */
  #isAnnounced(txid: Hash, peer: RelayPeer): boolean {
    const row = this.#known.find(txid);
    return (
      row === UNKNOWN || this.#known.sequence(row) < peer.cursor || this.#known.isKnownTo(row, peer.slot)
    );
  }

  #scheduleAnnouncement({ peer: { direction } }: RelayPeer, nowMs: number): void {
    if (this.#announceMs[direction] !== undefined) return;
    const { min, max } = ANNOUNCE_DELAY_MS[direction];
    const atMs = nowMs + this.#host.random.between(min, max);
    this.#announceMs[direction] = atMs;
    this.#host.wake(atMs);
  }

  /** Has the node woken when a request runs out; not to the millisecond, so that many share one turn. */
  #scheduleCheck(nowMs: number): void {
    const deadlineMs = this.#requests.deadlineMs ?? this.#submissions[0]?.deadlineMs;
    if (deadlineMs === undefined || this.#checkMs > nowMs) return;
    this.#checkMs = Math.ceil(deadlineMs / 1000) * 1000;
    this.#host.wake(this.#checkMs);
  }

  #announce(direction: Direction, nowMs: number): void {
    this.#announceMs[direction] = undefined;
    const audience = this.#audience(direction);
    const { end } = this.#log;
    const start = audience.reduce((least, { peer }) => Math.min(least, peer.cursor), end);
    for (let sequence = start; sequence < end; sequence++) {
      const txid = this.#log.at(sequence);
      // What was mined or displaced meanwhile is no news any more.
      if (this.#host.mempool.has(txid)) this.#gather(audience, txid, sequence);
    }
    for (const { peer, txids, next } of audience) {
      peer.cursor = next;
      for (let at = 0; at < txids.length; at += TXIDS_MAX) {
        this.#host.send(peer.peer.id, { kind: 'tx-announce', txids: txids.slice(at, at + TXIDS_MAX) });
      }
      if (next < end) this.#scheduleAnnouncement(peer, nowMs);
    }
  }

  #audience(direction: Direction): readonly Audience[] {
    const audience: Audience[] = [];
    for (const peer of this.#peers.all()) {
      if (peer.peer.direction !== direction || !takesTransactions(peer)) continue;
      peer.cursor = Math.max(peer.cursor, this.#log.start);
      audience.push({ peer, txids: [], next: this.#log.end });
    }
    return audience;
  }

  /** Adds one transaction to the announcements of those who do not have it. */
  #gather(audience: readonly Audience[], txid: Hash, sequence: number): void {
    const known = this.#known;
    const row = known.add(txid);
    for (const one of audience) {
      const { peer, txids } = one;
      if (sequence < peer.cursor || sequence >= one.next || known.isKnownTo(row, peer.slot)) continue;
      if (txids.length >= ANNOUNCE_MESSAGES_MAX * TXIDS_MAX) {
        one.next = sequence;
        continue;
      }
      txids.push(txid);
      known.markKnown(row, peer.slot);
    }
  }
}

function takesTransactions({ peer }: RelayPeer): boolean {
  return (peer.hello.features & FEATURES.transactions) !== 0;
}

/** True of an answer to which not much more could be added. */
function isFull(transactions: readonly Uint8Array[]): boolean {
  const bytes = transactions.reduce((sum, { length }) => sum + length, 0);
  return bytes >= TRANSACTIONS_MESSAGE_BYTES && bytes <= BUNDLE_BYTES_MAX;
}

import { OK, type Result } from '../../base/result.ts';
import type { ChainUpdate } from '../../chain/chain-update.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PooledTransactions, SubmitVerdict } from '../../node/events.ts';
import type { PeerId } from '../../ports/network.ts';
import type { Block } from '../../primitives/block.ts';
import type { Message } from '../messages/message.ts';
import type { P2pPart } from '../part.ts';
import type { Connection, Peer } from '../peer.ts';
import { BlockRelay } from './block-relay.ts';
import { RecentTransactions } from './recent-transactions.ts';
import type { RelayContext } from './relay-host.ts';
import { RelayPeers } from './relay-peers.ts';
import { TransactionRelay } from './transaction-relay.ts';

/** Passes transactions and new blocks on. @see docs/reference/network.md */
export class Relay implements P2pPart {
  readonly #peers = new RelayPeers();
  readonly #recent: RecentTransactions;
  readonly #transactions: TransactionRelay;
  readonly #blocks: BlockRelay;

  constructor(context: RelayContext) {
    const { host } = context;
    const relayPeers = this.#peers;
    const recent = new RecentTransactions(host.random, (txid) => host.mempool.has(txid));
    const transactions = new TransactionRelay({ ...context, relayPeers });
    const blocks = new BlockRelay({ ...context, relayPeers, recent });
    this.#recent = recent;
    this.#transactions = transactions;
    this.#blocks = blocks;
  }

  /** What strangers' messages and the pool have filled, each with a bound in limits.ts: for tests and metrics. */
  get counts(): Readonly<Record<string, number>> {
    const { count: recent, bytes: recentBytes } = this.#recent;
    return {
      peers: this.#peers.count,
      recent,
      recentBytes,
      ...this.#transactions.counts,
      ...this.#blocks.counts,
    };
  }

  handle({ relay: peer }: Peer, message: Message, nowMs: number): Result<undefined> {
    // More peers than slots: such a peer is not listened to.
    if (peer === undefined) return OK;
    switch (message.kind) {
      case 'compact-block':
        return this.#blocks.onCompactBlock(peer, message, nowMs);
      case 'tx-announce':
        return this.#transactions.onAnnounce(peer, message, nowMs);
      case 'tx-request':
        return this.#transactions.onRequest(peer, message, nowMs);
      case 'transactions':
        return this.#transactions.onTransactions(peer, message, nowMs);
      case 'header-announce':
        return this.#blocks.onHeaderAnnounce(peer, message, nowMs);
      case 'compact-request':
        return this.#blocks.onCompactRequest(peer, message, nowMs);
      case 'block-txs-request':
        return this.#blocks.onBlockTxsRequest(peer, message, nowMs);
      case 'block-txs':
        return this.#blocks.onBlockTxs(peer, message, nowMs);
      case 'push-mode':
        peer.takesPushes = message.isWanted;
        return OK;
      default:
        return OK;
    }
  }

  peerReady(peer: Peer, nowMs: number): void {
    const added = this.#peers.add(peer);
    // More peers than slots: such a peer is told nothing either.
    if (added === undefined) return;
    peer.relay = added;
    this.#transactions.addPeer(added, nowMs);
    this.#blocks.addPeer(added);
  }

  peerGone({ id }: Connection, _peer: Peer | undefined, nowMs: number): void {
    const gone = this.#peers.get(id);
    if (gone === undefined) return;
    this.#peers.remove(gone);
    this.#transactions.removePeer(gone, nowMs);
    this.#blocks.removePeer(gone, nowMs);
  }

  tick(nowMs: number): void {
    this.#transactions.tick(nowMs);
    this.#blocks.tick(nowMs);
  }

  headMoved(update: ChainUpdate, _isOwn: boolean, nowMs: number): void {
    const head = update.added.at(-1);
    if (update.kind !== 'head' || head === undefined) return;
    this.#recent.sweep(nowMs);
    this.#transactions.headMoved(update.removed.length > 0);
    this.#blocks.headMoved(head, nowMs);
  }

  /** See {@link BlockRelay.handedIn}; the verdict on the block follows by {@link blockDone}. */
  handedIn(block: Block, nowMs: number): void {
    this.#blocks.handedIn(block, nowMs);
  }

  /** See {@link BlockRelay.madeAside}. */
  madeAside(block: Block, nowMs: number): void {
    this.#blocks.headMoved(block, nowMs);
  }

  /** See {@link BlockRelay.want}. */
  want(id: Hash): void {
    this.#blocks.want(id);
  }

  transactionsAdded(added: PooledTransactions, from: PeerId | undefined, nowMs: number): void {
    this.#recent.add(added, nowMs);
    this.#transactions.added(added.transactions, from, nowMs);
  }

  blockDone(id: Hash, _from: PeerId | undefined, result: Result<undefined>): void {
    this.#blocks.blockDone(id, result);
  }

  transactionsDone(from: PeerId, verdicts: readonly SubmitVerdict[], nowMs: number): void {
    this.#transactions.done(from, verdicts, nowMs);
  }
}

import { equalBytes } from '../../base/bytes.ts';
import { OK, type Result } from '../../base/result.ts';
import { type Hash, hash } from '../../crypto/hash.ts';
import { BLOCK_BYTES_MAX } from '../../primitives/limits.ts';
import type { BlockTxsMessage, CompactBlockMessage } from '../messages/blocks.ts';
import { refuseP2p } from '../rules.ts';
import { BlockAttempt, type BlockRequest } from './block-attempt.ts';
import type { KnownBlock } from './known-blocks.ts';
import {
  ATTEMPTS_PER_BLOCK_MAX,
  MISSING_COUNT_FREE,
  MISSING_SHARE_MAX,
  MISSING_SLOW_MS,
  PENDING_BLOCKS_MAX,
} from './limits.ts';
import { PeerSet } from './peer-set.ts';
import type { RecentTransactions } from './recent-transactions.ts';
import { describes } from './reconstruction.ts';
import { joinBlock, type RelayBlock } from './relay-block.ts';
import type { RelayContext } from './relay-host.ts';
import type { RelayPeer } from './relay-peer.ts';
import type { RelayPeers } from './relay-peers.ts';

/** A block that is not here yet. */
interface Pending {
  readonly known: KnownBlock;
  readonly attempts: BlockAttempt[];
  /** The peers that were asked for a description. */
  readonly asked: PeerSet;
  /** When the next one is asked; undefined once there is a description. */
  describeMs: number | undefined;
}

/** A block that has come, and how. */
export interface Fetched {
  readonly known: KnownBlock;
  readonly block: RelayBlock;
  /** Who completed it. */
  readonly peer: RelayPeer;
  /** The description that can be passed on as it is: nothing of it was missing here. */
  readonly message: CompactBlockMessage | undefined;
  /** Places of the transactions that were not in the pool, ascending; undefined when the whole block was sent. */
  readonly supplied: readonly number[] | undefined;
}

/** What fetching needs, and whom it tells. */
export interface BlockFetchDependencies extends RelayContext {
  readonly relayPeers: RelayPeers;
  readonly recent: RecentTransactions;
  fetched(fetched: Fetched, nowMs: number): void;
  /** Nobody who has the block could give it. */
  failed(known: KnownBlock): void;
}

/**
 * Completes new blocks: puts a compact one together from the transactions that are here, asks for those that are not,
 * and for all of them where that did not give the block of the header. Each description is tried for itself, so that a
 * liar delays nobody, and who lied is known once the block is here.
 */
export class BlockFetch {
  readonly #deps: BlockFetchDependencies;
  /** The oldest first: a handful, and mostly none. */
  readonly #pending: Pending[] = [];
  #lastRequest = 0;

  constructor(dependencies: BlockFetchDependencies) {
    this.#deps = dependencies;
  }

  /** Blocks that are being completed. */
  get count(): number {
    return this.#pending.length;
  }

  /** A peer has a block that is wanted; it has described it, or only given its header. */
  offered(known: KnownBlock, peer: RelayPeer, message: CompactBlockMessage | undefined, nowMs: number): void {
    const pending = this.#pendingOf(known);
    if (message === undefined) {
      if (pending.attempts.length === 0 && pending.describeMs === undefined)
        this.#describe(pending, peer, nowMs);
      return;
    }
    pending.describeMs = undefined;
    const same = pending.attempts.find(({ reconstruction }) => isSame(reconstruction.message, message));
    if (same !== undefined) return same.authors.add(peer.slot);
    if (pending.attempts.length >= ATTEMPTS_PER_BLOCK_MAX) return;
    const attempt = new BlockAttempt(message, this.#deps.recent);
    attempt.authors.add(peer.slot);
    pending.attempts.push(attempt);
    this.#advance(pending, attempt, peer, nowMs);
  }

  onBlockTxs(peer: RelayPeer, message: BlockTxsMessage, nowMs: number): Result<undefined> {
    const pending = this.#find(message.blockId);
    for (const attempt of pending?.attempts ?? []) {
      const request = attempt.answered(message.request, peer);
      if (pending === undefined || request === undefined) continue;
      return this.#take(pending, attempt, request, message.transactions, nowMs);
    }
    const isLate = message.request <= peer.lastBlockRequest;
    return isLate ? OK : refuseP2p('p2p/answer-unexpected', { request: message.request });
  }

  /** The block has come another way. */
  cancel(known: KnownBlock): void {
    this.#forget(known);
  }

  tick(nowMs: number): void {
    if (this.#pending.length === 0) return;
    for (const pending of [...this.#pending]) {
      const { describeMs } = pending;
      if (describeMs !== undefined && describeMs <= nowMs) this.#describeElsewhere(pending, nowMs);
      for (const attempt of [...pending.attempts]) {
        if (attempt.nextMs > nowMs) continue;
        attempt.expire(nowMs);
        this.#next(pending, attempt, nowMs);
      }
    }
  }

  /** @param peer - no longer among the holders of any block */
  removePeer(peer: RelayPeer, nowMs: number): void {
    for (const pending of [...this.#pending]) {
      pending.asked.delete(peer.slot);
      for (const attempt of [...pending.attempts]) {
        if (attempt.removePeer(peer)) this.#next(pending, attempt, nowMs);
      }
    }
  }

  #pendingOf(known: KnownBlock): Pending {
    const found = this.#find(known.id);
    if (found !== undefined) return found;
    const [oldest] = this.#pending;
    if (this.#pending.length >= PENDING_BLOCKS_MAX && oldest !== undefined) this.#fail(oldest);
    const pending: Pending = { known, attempts: [], asked: new PeerSet(), describeMs: undefined };
    this.#pending.push(pending);
    return pending;
  }

  #find(id: Hash): Pending | undefined {
    return this.#pending.find(({ known }) => equalBytes(known.id, id));
  }

  #forget({ id }: KnownBlock): void {
    const place = this.#pending.findIndex(({ known }) => equalBytes(known.id, id));
    if (place >= 0) this.#pending.splice(place, 1);
  }

  #describe(pending: Pending, peer: RelayPeer, nowMs: number): void {
    pending.asked.add(peer.slot);
    pending.describeMs = nowMs + MISSING_SLOW_MS;
    this.#deps.host.wake(pending.describeMs);
    this.#deps.host.send(peer.peer.id, { kind: 'compact-request', blockId: pending.known.id });
  }

  #describeElsewhere(pending: Pending, nowMs: number): void {
    const next = this.#untried(pending.known, pending.asked);
    if (next === undefined) this.#fail(pending);
    else this.#describe(pending, next, nowMs);
  }

  #advance(pending: Pending, attempt: BlockAttempt, peer: RelayPeer, nowMs: number): void {
    const { reconstruction } = attempt;
    const missing = reconstruction.missing();
    if (missing.length === 0) return this.#finish(pending, attempt, peer, nowMs);
    const isMuch =
      missing.length > MISSING_COUNT_FREE && missing.length > reconstruction.count * MISSING_SHARE_MAX;
    this.#ask(pending, attempt, peer, isMuch ? [] : missing, nowMs);
  }

  /** Compares the root; where it is another one the peer is asked for the whole block. */
  #finish(pending: Pending, attempt: BlockAttempt, peer: RelayPeer, nowMs: number): void {
    const { reconstruction } = attempt;
    const block = reconstruction.finish(this.#deps.host);
    if (block === undefined) return this.#ask(pending, attempt, peer, [], nowMs);
    const { supplied, message } = reconstruction;
    const isWhole = supplied.length === message.prefilled.length;
    this.#done(pending, attempt, { block, peer, message: isWhole ? message : undefined, supplied }, nowMs);
  }

  /** @param places - none for all transactions of the block */
  #ask(
    pending: Pending,
    attempt: BlockAttempt,
    peer: RelayPeer,
    places: readonly number[],
    nowMs: number,
  ): void {
    this.#lastRequest = (this.#lastRequest + 1) >>> 0;
    const number = this.#lastRequest;
    peer.lastBlockRequest = number;
    attempt.asks(number, peer, places, nowMs);
    this.#deps.host.wake(attempt.nextMs);
    const blockId = pending.known.id;
    this.#deps.host.send(peer.peer.id, {
      kind: 'block-txs-request',
      request: number,
      blockId,
      indexes: places,
    });
  }

  #take(
    pending: Pending,
    attempt: BlockAttempt,
    { peer, places }: BlockRequest,
    transactions: readonly Uint8Array[],
    nowMs: number,
  ): Result<undefined> {
    if (transactions.length === 0) {
      this.#next(pending, attempt, nowMs);
      return OK;
    }
    // Somebody else was faster, and what was missing was not all that is wrong.
    if (places.length > 0 && attempt.reconstruction.isComplete) return OK;
    if (places.length === 0) return this.#takeWhole(pending, attempt, peer, transactions, nowMs);
    return this.#takeSome(pending, attempt, peer, { places, transactions }, nowMs);
  }

  #takeSome(
    pending: Pending,
    attempt: BlockAttempt,
    peer: RelayPeer,
    {
      places,
      transactions,
    }: { readonly places: readonly number[]; readonly transactions: readonly Uint8Array[] },
    nowMs: number,
  ): Result<undefined> {
    const isComplete = transactions.length === places.length;
    if (isComplete && attempt.reconstruction.fill(places, transactions)) {
      this.#finish(pending, attempt, peer, nowMs);
      return OK;
    }
    // Who did not write the description cannot be blamed for what it says: it may have been a lie.
    if (isComplete && !attempt.authors.has(peer.slot)) {
      this.#ask(pending, attempt, peer, [], nowMs);
      return OK;
    }
    this.#next(pending, attempt, nowMs);
    return refuseP2p('p2p/block-txs-mismatch', { got: transactions.length, expected: places.length });
  }

  #takeWhole(
    pending: Pending,
    attempt: BlockAttempt,
    peer: RelayPeer,
    parts: readonly Uint8Array[],
    nowMs: number,
  ): Result<undefined> {
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const leaves = new Uint8Array(32 * parts.length);
    parts.forEach((part, i) => {
      leaves.set(hash('tx-leaf', part), 32 * i);
    });
    const { header } = pending.known;
    const joined = { parts, leaves, transaction: () => undefined };
    const block = bytes > BLOCK_BYTES_MAX ? undefined : joinBlock(header, joined, this.#deps.host.chain);
    if (block === undefined) {
      this.#next(pending, attempt, nowMs);
      return refuseP2p('p2p/block-txs-mismatch', { got: parts.length, bytes });
    }
    this.#done(pending, undefined, { block, peer, message: undefined, supplied: undefined }, nowMs);
    return OK;
  }

  /** @param good - the attempt whose description led to the block */
  #done(
    pending: Pending,
    good: BlockAttempt | undefined,
    fetched: Omit<Fetched, 'known'>,
    nowMs: number,
  ): void {
    const { known, attempts } = pending;
    this.#forget(known);
    for (const attempt of attempts) {
      if (attempt === good || describes(attempt.reconstruction.message, fetched.block)) continue;
      attempt.authors.forEach((slot) => {
        const author = this.#deps.relayPeers.at(slot);
        if (author !== undefined) this.#deps.punish(author.peer.id, refuseP2p('p2p/compact-block-lie').error);
      });
    }
    this.#deps.fetched({ known, ...fetched }, nowMs);
  }

  /** Asks one more of those who have the block; gives up when nobody is left and no answer can come. */
  #next(pending: Pending, attempt: BlockAttempt, nowMs: number): void {
    const { lastMs } = attempt;
    const peer = attempt.hasRoom ? this.#untried(pending.known, attempt.tried) : undefined;
    if (peer !== undefined) return this.#ask(pending, attempt, peer, attempt.places, nowMs);
    if (lastMs !== undefined) {
      attempt.nextMs = lastMs;
      return this.#deps.host.wake(lastMs);
    }
    pending.attempts.splice(pending.attempts.indexOf(attempt), 1);
    if (pending.attempts.length === 0) this.#fail(pending);
  }

  #fail(pending: Pending): void {
    this.#forget(pending.known);
    this.#deps.failed(pending.known);
  }

  /** A peer that has the block and was not asked: an outbound one if there is any. */
  #untried({ holders }: KnownBlock, tried: PeerSet): RelayPeer | undefined {
    let best: RelayPeer | undefined;
    holders.forEach((slot) => {
      const peer = this.#deps.relayPeers.at(slot);
      if (peer === undefined || tried.has(slot)) return;
      if (best === undefined || (peer.isOutbound && !best.isOutbound)) best = peer;
    });
    return best;
  }
}

/** True for two compact blocks of one header that say the same of its transactions. */
function isSame(a: CompactBlockMessage, b: CompactBlockMessage): boolean {
  if (a === b) return true;
  if (a.prefilled.length !== b.prefilled.length || !equalBytes(a.shortIds, b.shortIds)) return false;
  return a.prefilled.every(({ index, bytes }, i) => {
    const other = b.prefilled[i];
    return other?.index === index && equalBytes(other.bytes, bytes);
  });
}

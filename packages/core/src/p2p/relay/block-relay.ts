import { OK, ok, type Result } from '../../base/result.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { Block } from '../../primitives/block.ts';
import { type Header, headerId } from '../../primitives/header.ts';
import type {
  BlockTxsMessage,
  BlockTxsRequestMessage,
  CompactBlockMessage,
  CompactRequestMessage,
  HeaderAnnounceMessage,
} from '../messages/blocks.ts';
import { messageBytes } from '../messages/message.ts';
import { refuseP2p } from '../rules.ts';
import { BlockFetch, type Fetched } from './block-fetch.ts';
import { EarlyHeaders } from './early-headers.ts';
import { type KnownBlock, KnownBlocks } from './known-blocks.ts';
import { PREFILLED_AGE_MS_MAX, PREFILLED_EXTRA_BYTES_MAX, PUSH_ALL_BYTES_MAX, WANT_PEERS } from './limits.ts';
import { PushPeers } from './push-peers.ts';
import { NOT_FOUND, type RecentTransactions } from './recent-transactions.ts';
import { verifyCompactBlock } from './reconstruction.ts';
import { compactBlockOf, type RelayBlock, relayBlockOf } from './relay-block.ts';
import type { RelayContext } from './relay-host.ts';
import type { RelayPeer } from './relay-peer.ts';
import type { RelayPeers } from './relay-peers.ts';

/** What block relay needs. */
export interface BlockRelayDependencies extends RelayContext {
  readonly relayPeers: RelayPeers;
  readonly recent: RecentTransactions;
}

/**
 * Passes new blocks on as compact ones, as soon as the header is good and the transactions are those it commits to,
 * before the block is executed: what that costs is seconds on a path of many nodes, and a block with a good header that
 * is invalid all the same cost its maker as much as a valid one. So nobody is blamed for passing one on.
 *
 * @see BIP 152; docs/decisions/0016-short-ids-without-salt.md
 */
export class BlockRelay {
  readonly #deps: BlockRelayDependencies;
  readonly #blocks = new KnownBlocks();
  readonly #pushPeers: PushPeers;
  readonly #fetch: BlockFetch;
  readonly #early = new EarlyHeaders();
  /** Counts the peers that were asked by {@link want}: each time others come first. */
  #wants = 0;

  constructor(dependencies: BlockRelayDependencies) {
    this.#deps = dependencies;
    this.#pushPeers = new PushPeers(dependencies.host);
    this.#fetch = new BlockFetch({
      ...dependencies,
      fetched: (fetched, nowMs) => this.#fetched(fetched, nowMs),
      failed: (known) => this.#failed(known),
    });
  }

  /** How much of it strangers' messages have filled: for tests and metrics. */
  get counts(): { blocks: number; pending: number; early: number } {
    return { blocks: this.#blocks.count, pending: this.#fetch.count, early: this.#early.count };
  }

  addPeer(peer: RelayPeer): void {
    if (peer.takesCompact) this.#pushPeers.addPeer(peer);
  }

  /** @param peer - no longer among the peers */
  removePeer(peer: RelayPeer, nowMs: number): void {
    this.#pushPeers.removePeer(peer);
    this.#blocks.closeSlot(peer.slot);
    this.#early.removePeer(peer);
    this.#fetch.removePeer(peer, nowMs);
  }

  onCompactBlock(peer: RelayPeer, message: CompactBlockMessage, nowMs: number): Result<undefined> {
    const shape = verifyCompactBlock(message);
    return shape.ok ? this.#offered(peer, message.header, message, nowMs) : shape;
  }

  onHeaderAnnounce(peer: RelayPeer, { header }: HeaderAnnounceMessage, nowMs: number): Result<undefined> {
    return this.#offered(peer, header, undefined, nowMs);
  }

  onBlockTxs(peer: RelayPeer, message: BlockTxsMessage, nowMs: number): Result<undefined> {
    return this.#fetch.onBlockTxs(peer, message, nowMs);
  }

  onCompactRequest(peer: RelayPeer, { blockId }: CompactRequestMessage, nowMs: number): Result<undefined> {
    const compact = this.#blocks.get(blockId)?.compact ?? this.#describe(blockId, nowMs);
    if (compact !== undefined && peer.serve(messageBytes(compact), nowMs)) {
      this.#deps.host.send(peer.peer.id, compact);
    }
    return OK;
  }

  /** Answers by the transactions, or by none when the block is not here or the peer has had enough. */
  onBlockTxsRequest(peer: RelayPeer, message: BlockTxsRequestMessage, nowMs: number): Result<undefined> {
    const { request, blockId, indexes } = message;
    const block = this.#served(blockId);
    const count = block?.count ?? 0;
    const isOutside = count > 0 && (indexes.at(-1) ?? 0) >= count;
    const wanted = block === undefined || isOutside ? [] : partsOf(block, indexes);
    const bytes = wanted.reduce((sum, { length }) => sum + length, 0);
    const transactions = peer.serve(bytes, nowMs) ? wanted : [];
    this.#deps.host.send(peer.peer.id, { kind: 'block-txs', request, blockId, transactions });
    return isOutside ? refuseP2p('p2p/block-txs-range', { got: indexes.at(-1) ?? 0, expected: count }) : OK;
  }

  /**
   * The owner of the node hands a block in, and not a peer: its header is good, its transactions are those the header
   * commits to, and it is on its way to the chain. It is passed on like one that a peer has brought.
   */
  handedIn(block: Block, nowMs: number): void {
    const { chain } = this.#deps.host;
    const { parent } = block.header;
    const before = chain.node(parent) ?? this.#importing(parent);
    if (before === undefined || chain.node(block.id) !== undefined) return;
    this.#passOn(block, 'importing', before.weight + chain.weightOf(block.header), nowMs);
  }

  /** Asks some peers to describe a block of which nothing but the id is known here. */
  want(id: Hash): void {
    const known = this.#blocks.get(id);
    if (known !== undefined && known.state !== 'done') return;
    const peers = [...this.#deps.relayPeers.all()];
    for (let i = 0; i < Math.min(WANT_PEERS, peers.length); i++) {
      const peer = peers[this.#wants++ % peers.length] as RelayPeer;
      this.#deps.host.send(peer.peer.id, { kind: 'compact-request', blockId: id });
    }
  }

  /** A block of this node, or the new head of the best branch, is passed on unless it came this way. */
  headMoved(block: Block, nowMs: number): void {
    this.#passOn(block, 'done', this.#deps.host.chain.node(block.id)?.weight ?? 0n, nowMs);
  }

  blockDone(id: Hash, result: Result<undefined>): void {
    const known = this.#blocks.get(id);
    if (known?.state !== 'importing') return;
    known.state = 'done';
    if (result.ok) return;
    if (result.error.retry) this.#failed(known);
    else this.#blocks.drop(known);
  }

  tick(nowMs: number): void {
    this.#fetch.tick(nowMs);
    for (const { peer, header } of this.#early.due(nowMs)) {
      const offered = this.#offered(peer, header, undefined, nowMs);
      if (!offered.ok) this.#deps.punish(peer.peer.id, offered.error);
    }
  }

  #offered(
    peer: RelayPeer,
    header: Header,
    message: CompactBlockMessage | undefined,
    nowMs: number,
  ): Result<undefined> {
    // Most of what peers send is here already.
    const here = this.#blocks.get(headerId(header));
    const found = here === undefined ? this.#admit(peer, header, nowMs) : undefined;
    if (found?.ok === false) return found;
    const known = here ?? found?.value;
    if (known === undefined) return OK;
    known.holders.add(peer.slot);
    if (known.weight > peer.peer.head.weight) peer.peer.head = known.status;
    if (known.state === 'wanted') this.#fetch.offered(known, peer, message, nowMs);
    return OK;
  }

  /** The block of a header, if it is new and the header is good. */
  #admit(peer: RelayPeer, header: Header, nowMs: number): Result<KnownBlock | undefined> {
    const { chain, voting } = this.#deps.host;
    const id = headerId(header);
    if (header.height <= chain.final.height || chain.node(id) !== undefined) return ok(undefined);
    if (header.height > chain.final.height + (voting?.aheadBlocksMax ?? Number.POSITIVE_INFINITY))
      return ok(undefined);
    const node = chain.node(header.parent);
    // The block before may still be on its way through the node: its header is enough to go on.
    const parent = node ?? this.#importing(header.parent);
    if (parent === undefined) {
      this.#deps.parentMissing(peer.peer, header);
      return ok(undefined);
    }
    const checked = chain.checkHeaderAfter(header, id, parent.header, nowMs);
    if (checked.ok) return ok(this.#add(header, parent.weight + chain.weightOf(header)));
    // The blocks before it come by syncing, which waits for those that decide who may seal it.
    if (checked.error.rule === 'chain/validators-unknown') {
      this.#deps.parentMissing(peer.peer, header);
      return ok(undefined);
    }
    if (checked.error.rule === 'chain/time-early') {
      const { got, expected } = checked.error.evidence;
      const atMs = nowMs + Number(got) - Number(expected);
      if (this.#early.add(peer, header, atMs)) this.#deps.host.wake(atMs);
      return ok(undefined);
    }
    // Others pass blocks on before they execute them, so this one may have come from an honest peer.
    return checked.error.rule === 'chain/block-invalid' ? ok(undefined) : checked;
  }

  #add(header: Header, weight: bigint): KnownBlock {
    return this.#blocks.add(header, weight, this.#deps.host.chain.final.height);
  }

  #importing(id: Hash): KnownBlock | undefined {
    const known = this.#blocks.get(id);
    return known?.state === 'importing' ? known : undefined;
  }

  #fetched({ known, block, peer, message, supplied }: Fetched, nowMs: number): void {
    known.state = 'importing';
    const prefilled = supplied === undefined ? this.#unlikely(block, nowMs) : affordable(block, supplied);
    const compact = message ?? compactBlockOf(block, prefilled);
    if (messageBytes(compact) > PUSH_ALL_BYTES_MAX && peer.takesCompact) this.#pushPeers.delivered(peer);
    this.#relay(known, block, compact);
    const { id, bytes, flat } = block;
    this.#deps.host.importBlock({ id, bytes, flat }, peer.peer.id);
  }

  /** Passes a block on that no peer has brought. */
  #passOn(block: Block, state: 'importing' | 'done', weight: bigint, nowMs: number): void {
    const { host, isCaughtUp } = this.#deps;
    const known = this.#blocks.get(block.id);
    if (known !== undefined) this.#fetch.cancel(known);
    if (!isCaughtUp() || (known !== undefined && known.state !== 'wanted')) return;
    const relayed = relayBlockOf(block, host.chain.hasher);
    const own = known ?? this.#add(block.header, weight);
    own.state = state;
    this.#relay(own, relayed, compactBlockOf(relayed, this.#unlikely(relayed, nowMs)));
  }

  #failed(known: KnownBlock): void {
    this.#blocks.forget(known);
    let holder: RelayPeer | undefined;
    known.holders.forEach((slot) => {
      holder ??= this.#deps.relayPeers.at(slot);
    });
    // The synchronisation asks it for what it has.
    if (holder !== undefined) this.#deps.parentMissing(holder.peer, known.header);
  }

  #relay(known: KnownBlock, block: RelayBlock, compact: CompactBlockMessage): void {
    this.#blocks.keep(known, block, compact);
    const isSmall = messageBytes(compact) <= PUSH_ALL_BYTES_MAX;
    const announce: HeaderAnnounceMessage = { kind: 'header-announce', header: known.header };
    for (const peer of this.#deps.relayPeers.all()) {
      // Who sent it knows that it is here.
      peer.peer.toldHead = known.id;
      if (known.holders.has(peer.slot)) continue;
      known.holders.add(peer.slot);
      const isPushed = peer.takesCompact && (isSmall || peer.takesPushes);
      this.#deps.host.send(peer.peer.id, isPushed ? compact : announce);
    }
  }

  /** The block to give transactions of: a recent one, or any that is not final. */
  #served(id: Hash): RelayBlock | undefined {
    const kept = this.#blocks.get(id)?.block;
    const { chain } = this.#deps.host;
    if (kept !== undefined || chain.node(id) === undefined) return kept;
    const block = chain.block(id);
    return block.ok ? relayBlockOf(block.value, chain.hasher) : undefined;
  }

  /** A compact block of one that nobody speaks of any more, or that came before the last start. */
  #describe(id: Hash, nowMs: number): CompactBlockMessage | undefined {
    const block = this.#served(id);
    return block && compactBlockOf(block, this.#unlikely(block, nowMs));
  }

  /** Places of the transactions that others will hardly have: the reward, and those that came at the last moment. */
  #unlikely(block: RelayBlock, nowMs: number): readonly number[] {
    const { recent } = this.#deps;
    const places: number[] = [];
    for (let i = 0; i < block.count; i++) {
      const place = recent.find(block.leaves, 32 * i);
      if (place === NOT_FOUND || recent.receivedMsAt(place) + PREFILLED_AGE_MS_MAX > nowMs) places.push(i);
    }
    return affordable(block, places);
  }
}

/** The first transaction, and of the others as many as may go with a compact block. */
function affordable({ part }: RelayBlock, places: readonly number[]): readonly number[] {
  let bytes = 0;
  return places.filter((place) => {
    if (place === 0) return true;
    const { length } = part(place);
    if (bytes + length > PREFILLED_EXTRA_BYTES_MAX) return false;
    bytes += length;
    return true;
  });
}

/** The transactions at some places, or all of them for none. */
function partsOf({ count, part }: RelayBlock, places: readonly number[]): readonly Uint8Array[] {
  return places.length === 0 ? Array.from({ length: count }, (_, i) => part(i)) : places.map(part);
}

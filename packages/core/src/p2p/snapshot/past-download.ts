import { equalBytes } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import type { Failure, Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { PastBlock } from '../../chain/past.ts';
import type { PeerId } from '../../ports/network.ts';
import { PAST_BLOCKS_MAX } from '../messages/limits.ts';
import type { MessageOf } from '../messages/message.ts';
import type { Peer } from '../peer.ts';
import { Allowance } from '../sync/allowance.ts';
import { Requests } from './requests.ts';
import type { SnapshotParts } from './snapshot-parts.ts';

/** Bytes that one request for blocks of the past is meant to bring. */
const REQUEST_BYTES = 8 * 1024 * 1024;

/** Bytes that a block is taken for before the first one came. */
const BLOCK_BYTES_GUESS = 262_144;

/** Blocks that are taken in one step. */
const TAKEN_PER_STEP = 4;

/** How long a peer that lacks a block, or does not answer, is not asked. */
const WITHOUT_MS = 60_000;

/** Blocks between two lines of the log. */
const REPORT_BLOCKS = 5_000;

/** How soon to look again while the disk is behind. */
const BEHIND_MS = 50;

/** A block of the window, and what has come of it. */
interface Wanted extends PastBlock {
  /** Who it was asked of last; undefined while it has to be asked for. */
  from: PeerId | undefined;
  block: Uint8Array | undefined;
  receipts: Uint8Array | undefined;
}

/** One request: its blocks, and the records of them that have come. */
interface Batch {
  readonly blocks: readonly Wanted[];
  readonly came: Set<string>;
}

/**
 * Takes the blocks behind the snapshot that the chain began with, from the newest to the oldest, a window of them at a
 * time from all peers that have them. Nothing waits for them, so they give way to everything else.
 */
export class PastDownload {
  readonly #parts: SnapshotParts;
  readonly #asked: Requests<Batch>;
  /** By id, in the order in which they are wanted. */
  readonly #wanted = new Map<string, Wanted>();
  readonly #without = new Map<PeerId, number>();
  /** How many blocks may be asked for: peers have a budget of messages. */
  readonly #allowance: Allowance;
  #blockBytes = BLOCK_BYTES_GUESS;
  /** How many blocks were missing in the last line of the log about it. */
  #reported = Number.POSITIVE_INFINITY;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
    const { blocksTimeoutMs, pastBlocksPerSecond, pastBlocksBurst } = parts.limits;
    this.#asked = new Requests(blocksTimeoutMs);
    this.#allowance = new Allowance(pastBlocksPerSecond, pastBlocksBurst);
  }

  /** Bytes that wait for the block before them. */
  get heldBytes(): number {
    let bytes = 0;
    for (const { block, receipts } of this.#wanted.values())
      bytes += (block?.length ?? 0) + (receipts?.length ?? 0);
    return bytes;
  }

  /** Takes what has come and asks for more; when to look again. */
  advance(nowMs: number): number {
    const { host, limits } = this.#parts;
    if (host.chain.past.missing === 0) return Number.POSITIVE_INFINITY;
    for (const { what, peer } of this.#asked.takeLate(nowMs)) {
      this.#without.set(peer, nowMs + WITHOUT_MS);
      this.#askAgain(what.blocks, peer);
    }
    if (host.isBehind) return nowMs + BEHIND_MS;
    const isMore = this.#takeNext();
    this.#fill();
    const waitMs = this.#allowance.waitMs(nowMs);
    const isStuck = waitMs === 0 && !this.#ask(nowMs) && this.#asked.count === 0;
    if (isMore) return nowMs;
    if (waitMs > 0) return nowMs + waitMs;
    return isStuck ? nowMs + limits.retryMs : this.#asked.lateMs;
  }

  /** Takes one half of a block that was asked for. */
  record(
    peer: Peer,
    { request, id, record, bytes }: MessageOf<'past-record'>,
    nowMs: number,
  ): Result<undefined> {
    const asked = this.#asked.find(peer.id, request);
    const wanted = asked?.what.blocks.find((one) => equalBytes(one.id, id));
    const name = `${record} ${bytesKey(id)}`;
    if (asked === undefined || wanted === undefined || asked.what.came.has(name)) {
      return this.#parts.stray('past-record', request);
    }
    const { blocks, came } = asked.what;
    came.add(name);
    if (record === 'block' && bytes.length === 0) {
      this.#without.set(peer.id, nowMs + WITHOUT_MS);
      this.#askAgain([wanted], peer.id);
    } else if (wanted.from === peer.id) {
      wanted[record] = bytes;
      if (record === 'block') this.#blockBytes = Math.round((3 * this.#blockBytes + bytes.length) / 4);
    }
    if (came.size === 2 * blocks.length) this.#asked.done(asked);
    return OK;
  }

  peerGone(peer: PeerId): void {
    for (const { what } of this.#asked.peerGone(peer)) this.#askAgain(what.blocks, peer);
    this.#without.delete(peer);
  }

  /** Hands the next blocks to the chain; true when there are more of them. */
  #takeNext(): boolean {
    const { host } = this.#parts;
    for (let taken = 0; taken < TAKEN_PER_STEP; taken++) {
      const [first] = this.#wanted;
      if (first === undefined) return false;
      const [name, wanted] = first;
      if (wanted.block === undefined || wanted.receipts === undefined) return false;
      const added = host.chain.past.add(wanted.block, wanted.receipts);
      if (!added.ok) {
        this.#blame(wanted, added);
        return false;
      }
      this.#wanted.delete(name);
      host.commit(added.value);
    }
    const { missing } = host.chain.past;
    if (missing === 0) host.log('info', 'all blocks behind the snapshot are here');
    else if (missing < this.#reported - REPORT_BLOCKS) {
      this.#reported = missing;
      host.log('info', 'blocks behind the snapshot', { missing });
    }
    return missing > 0;
  }

  #blame(wanted: Wanted, { error }: Failure): void {
    const { liars, punish } = this.#parts;
    if (wanted.from !== undefined) {
      liars.add(wanted.from);
      punish(wanted.from, error);
    }
    forget(wanted);
  }

  /** Has blocks asked for again that a peer was asked for and has not given. */
  #askAgain(blocks: readonly Wanted[], from: PeerId): void {
    for (const wanted of blocks) {
      const isHere = wanted.block !== undefined && wanted.receipts !== undefined;
      if (wanted.from === from && !isHere) forget(wanted);
    }
  }

  /** Fills the window with the blocks that are wanted next. */
  #fill(): void {
    const { host, limits } = this.#parts;
    for (const { id, height } of host.chain.past.next(limits.pastBlocksMax)) {
      const name = bytesKey(id);
      if (this.#wanted.has(name)) continue;
      this.#wanted.set(name, {
        id,
        height,
        from: undefined,
        block: undefined,
        receipts: undefined,
      });
    }
  }

  /** Asks peers for blocks of the window; false when there is nobody or nothing to ask. */
  #ask(nowMs: number): boolean {
    const { limits, peers, liars, host, nextRequest } = this.#parts;
    let isAsked = false;
    for (const peer of peers.values()) {
      const isOpen = !liars.has(peer.id) && (this.#without.get(peer.id) ?? 0) <= nowMs;
      if (!isOpen || this.#asked.countOf(peer.id) > 0 || this.#asked.count >= limits.pastRequestsMax)
        continue;
      const expected = this.#asked.count * REQUEST_BYTES + this.heldBytes;
      if (expected >= limits.pastBytesMax && this.#asked.count > 0) break;
      const count = Math.max(1, Math.min(PAST_BLOCKS_MAX, Math.floor(REQUEST_BYTES / this.#blockBytes)));
      const blocks = [...this.#wanted.values()].filter((wanted) => wanted.from === undefined).slice(0, count);
      if (blocks.length === 0) break;
      for (const wanted of blocks) wanted.from = peer.id;
      this.#allowance.take(blocks.length);
      const request = nextRequest();
      this.#asked.add({ request, peer: peer.id, askedMs: nowMs, what: { blocks, came: new Set() } });
      host.send(peer.id, { kind: 'past-blocks-request', request, ids: blocks.map(({ id }) => id) });
      isAsked = true;
    }
    return isAsked;
  }
}

/** Both halves come from one peer, so that it is clear whose fault a bad one is. */
function forget(wanted: Wanted): void {
  wanted.from = undefined;
  wanted.block = undefined;
  wanted.receipts = undefined;
}

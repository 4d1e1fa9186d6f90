import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { PeerId } from '../../ports/network.ts';
import type { MessageOf } from '../messages/message.ts';
import type { Peer } from '../peer.ts';
import type { JoinOutline } from './join-outline.ts';
import { type Asked, Requests } from './requests.ts';
import type { SnapshotParts } from './snapshot-parts.ts';

/** Chunks from before a restart that are looked at in one step: each is hashed again. */
const RECHECKED_PER_STEP = 4;

/** How soon to look again while the disk is behind. */
const BEHIND_MS = 20;

interface ChunkIndex {
  readonly index: number;
}

/** Takes the chunks of a snapshot from all peers that have it. */
export class JoinChunks {
  readonly #parts: SnapshotParts;
  readonly #outline: JoinOutline;
  readonly #asked: Requests<ChunkIndex>;
  /** Chunks that were asked for and have to be asked for again. */
  #again: number[] = [];
  /** The first chunk that was never asked for. */
  #next = 0;
  /** Peers that do not have this snapshot. */
  readonly #without = new Set<PeerId>();

  constructor(parts: SnapshotParts, outline: JoinOutline) {
    this.#parts = parts;
    this.#outline = outline;
    this.#asked = new Requests(parts.limits.chunkTimeoutMs);
  }

  /** Begins with an outline that was taken. */
  start(): void {
    this.#asked.clear();
    this.#without.clear();
    this.#again = [];
    this.#next = 0;
  }

  /**
   * Asks for more; when to look again.
   *
   * @returns undefined when nobody has the snapshot any more
   */
  advance(nowMs: number): number | undefined {
    for (const { what } of this.#asked.takeLate(nowMs)) this.#again.push(what.index);
    const { peers, host } = this.#parts;
    if (host.isBehind) return nowMs + BEHIND_MS;
    const rechecked = { left: RECHECKED_PER_STEP };
    const sources = [...peers.values()].filter(({ id }) => this.#isSource(id));
    if (sources.length === 0 && peers.size > 0 && this.#asked.count === 0) return undefined;
    // One for each in turn, so that all of them have their share.
    for (let given = true; given; ) {
      given = false;
      for (const peer of sources) given = this.#askOne(peer, rechecked, nowMs) || given;
    }
    return rechecked.left < 0 ? nowMs : this.#asked.lateMs;
  }

  /** Takes a chunk. Refuses one that was not asked for, or is not the right one. */
  chunk(peer: Peer, { request, index, bytes }: MessageOf<'chunk'>): Result<undefined> {
    const asked = this.#asked.find(peer.id, request);
    if (asked?.what.index !== index) return this.#parts.stray('chunk', request);
    const { host } = this.#parts;
    if (bytes.length === 0) {
      this.#without.add(peer.id);
      return this.#fail(asked, OK);
    }
    const added = host.chain.join.addChunk(index, bytes);
    if (added.ok) {
      this.#asked.done(asked);
      host.commit(added.value);
      this.#report();
      return OK;
    }
    if (added.error.rule === 'state/snapshot-chunk-size') {
      this.#outline.blame(added);
      host.commit(host.chain.join.dropOutline());
      this.start();
      return OK;
    }
    this.#without.add(peer.id);
    return this.#fail(asked, added);
  }

  peerGone(peer: PeerId): void {
    for (const { what } of this.#asked.peerGone(peer)) this.#again.push(what.index);
    this.#without.delete(peer);
  }

  #fail(asked: Asked<ChunkIndex>, result: Result<undefined>): Result<undefined> {
    this.#asked.failed(asked);
    this.#again.push(asked.what.index);
    return result;
  }

  #isSource(peer: PeerId): boolean {
    const { liars, limits } = this.#parts;
    const hasFailed = this.#asked.failuresOf(peer) >= limits.failuresMax;
    return !liars.has(peer) && !this.#without.has(peer) && !hasFailed;
  }

  /** Asks a peer for one chunk, if there is one and it has room. */
  #askOne({ id }: Peer, rechecked: { left: number }, nowMs: number): boolean {
    const { limits, host, nextRequest } = this.#parts;
    const { snapshot } = host.chain.join;
    if (snapshot === undefined || this.#asked.count >= limits.chunksMax) return false;
    if (this.#asked.countOf(id) >= limits.peerChunksMax) return false;
    const index = this.#take(snapshot.chunks, rechecked);
    if (index === undefined) return false;
    const request = nextRequest();
    this.#asked.add({ request, peer: id, askedMs: nowMs, what: { index } });
    host.send(id, { kind: 'chunk-request', request, outline: snapshot.id, index });
    return true;
  }

  /** The next chunk to ask for; undefined when there is none, or when enough of old ones have been looked at. */
  #take(chunks: number, rechecked: { left: number }): number | undefined {
    const { join } = this.#parts.host.chain;
    const again = this.#again.pop();
    if (again !== undefined) return again;
    while (this.#next < chunks && rechecked.left >= 0) {
      const index = this.#next;
      const before = join.snapshot?.missing;
      const isHere = join.hasChunk(index);
      if (isHere && join.snapshot?.missing !== before) rechecked.left--;
      this.#next++;
      if (!isHere) return index;
    }
    return undefined;
  }

  /** Says how far it is, some ten times. */
  #report(): void {
    const { host } = this.#parts;
    const { chunks = 0, missing = 0 } = host.chain.join.snapshot ?? {};
    const step = Math.ceil(chunks / 10);
    if (missing % step === 0) host.log('info', 'snapshot', { chunks, missing });
  }
}

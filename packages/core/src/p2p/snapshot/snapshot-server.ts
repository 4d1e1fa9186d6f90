import { equalBytes } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PeerId } from '../../ports/network.ts';
import type { Header } from '../../primitives/header.ts';
import type { P2pHost } from '../host.ts';
import { headerBytes } from '../messages/fields.ts';
import { OUTLINE_PART_BYTES_MAX } from '../messages/limits.ts';
import type { MessageOf } from '../messages/message.ts';
import { refuseP2p } from '../rules.ts';
import { Allowance } from '../sync/allowance.ts';
import { HEADERS_ANSWER_BYTES } from '../sync/limits.ts';
import type { SnapshotLimits } from './limits.ts';

/** What is asked of a node that others join by. */
export type SnapshotRequest = MessageOf<
  'snapshot-request' | 'chunk-request' | 'past-headers-request' | 'past-blocks-request'
>;

/** A peer that is served. */
interface Client {
  readonly requests: SnapshotRequest[];
  readonly allowance: Allowance;
  /** Parts of the outline, or blocks, of the first request that have been given. */
  given: number;
}

/** Bytes that a request counts for when there is nothing to give. */
const MISS_BYTES = 1_024;

/**
 * Gives outlines, chunks, and headers and blocks of the past to whoever asks, in turn, each within a budget of bytes:
 * what is over it waits, and when too much waits the next request is refused.
 */
export class SnapshotServer {
  readonly #limits: SnapshotLimits;
  readonly #host: Pick<P2pHost, 'chain' | 'send'>;
  readonly #clients = new Map<PeerId, Client>();
  readonly #allowance: Allowance;

  constructor(limits: SnapshotLimits, host: Pick<P2pHost, 'chain' | 'send'>) {
    this.#limits = limits;
    this.#host = host;
    this.#allowance = new Allowance(limits.bytesPerSecond, limits.bytesBurst);
  }

  /** Takes a request of a peer that is connected. Refuses by `p2p/requests-too-many`. */
  ask(peer: PeerId, message: SnapshotRequest): Result<undefined> {
    const client = this.#clients.get(peer) ?? this.#newClient(peer);
    if (client.requests.length >= this.#limits.requestsMax) {
      return refuseP2p('p2p/requests-too-many', { waiting: client.requests.length });
    }
    client.requests.push(message);
    return OK;
  }

  /** Forgets a peer that is gone. */
  peerGone(peer: PeerId): void {
    this.#clients.delete(peer);
  }

  /** Gives what the budgets allow now; when there will be more to give. */
  advance(nowMs: number): number {
    const isMaking = this.#makeOutline();
    let stepBytes = this.#limits.stepBytes;
    let againMs = isMaking ? nowMs : Number.POSITIVE_INFINITY;
    // Peers take turns: whoever was given something goes to the end.
    for (const [peer, client] of [...this.#clients]) {
      for (;;) {
        const waitMs = Math.max(this.#allowance.waitMs(nowMs), client.allowance.waitMs(nowMs));
        const isPossible = client.requests.length > 0 && !this.#isWaiting(client);
        if (!isPossible) break;
        if (waitMs > 0 || stepBytes <= 0) {
          againMs = Math.min(againMs, nowMs + waitMs);
          break;
        }
        const bytes = this.#serve(peer, client);
        stepBytes -= bytes;
        client.allowance.take(bytes);
        this.#allowance.take(bytes);
        this.#clients.delete(peer);
        this.#clients.set(peer, client);
      }
    }
    return againMs;
  }

  /** Makes a piece of the outline that somebody waits for; false when nobody waits for one that can be made. */
  #makeOutline(): boolean {
    const { snapshots } = this.#host.chain;
    const isWanted = [...this.#clients.values()].some((client) => this.#isWaiting(client));
    if (!isWanted) return false;
    for (let i = 0; i < this.#limits.stepPieces; i++) if (!snapshots.step()) break;
    return true;
  }

  /** Whether the first request waits for an outline that is being made. */
  #isWaiting({ requests: [first] }: Client): boolean {
    const { snapshots } = this.#host.chain;
    return first?.kind === 'snapshot-request' && snapshots.isAvailable && snapshots.newest === undefined;
  }

  /** Gives a part of the answer to the first request; how many bytes that were. */
  #serve(peer: PeerId, client: Client): number {
    const [request] = client.requests;
    switch (request?.kind) {
      case 'snapshot-request':
        return this.#serveOutline(peer, client, request.request);
      case 'chunk-request':
        client.requests.shift();
        return this.#serveChunk(peer, request);
      case 'past-headers-request':
        client.requests.shift();
        return this.#serveHeaders(peer, request);
      case 'past-blocks-request':
        return this.#serveBlock(peer, client, request);
      default:
        return 0;
    }
  }

  #serveOutline(peer: PeerId, client: Client, request: number): number {
    const outline = this.#host.chain.snapshots.newest?.outline ?? new Uint8Array(0);
    const parts = Math.ceil(outline.length / OUTLINE_PART_BYTES_MAX);
    const part = client.given;
    const bytes = outline.slice(part * OUTLINE_PART_BYTES_MAX, (part + 1) * OUTLINE_PART_BYTES_MAX);
    this.#host.send(peer, { kind: 'snapshot-outline', request, part, parts, bytes });
    this.#next(client, part + 1 >= parts);
    return bytes.length + MISS_BYTES;
  }

  #serveChunk(peer: PeerId, { request, outline, index }: MessageOf<'chunk-request'>): number {
    const bytes = this.#host.chain.snapshots.chunk(outline, index) ?? new Uint8Array(0);
    this.#host.send(peer, { kind: 'chunk', request, index, bytes });
    return bytes.length + MISS_BYTES;
  }

  #serveHeaders(peer: PeerId, { request, height, limit }: MessageOf<'past-headers-request'>): number {
    const { chain } = this.#host;
    const headers: Header[] = [];
    let bytes = 0;
    while (headers.length < limit && bytes < HEADERS_ANSWER_BYTES) {
      const id = chain.idAt(height + headers.length);
      const header = id === undefined ? undefined : chain.header(id);
      if (header?.ok !== true) break;
      headers.push(header.value);
      bytes += headerBytes(header.value);
    }
    this.#host.send(peer, { kind: 'past-headers', request, headers });
    return bytes + MISS_BYTES;
  }

  /** Gives one block and its receipts. */
  #serveBlock(peer: PeerId, client: Client, { request, ids }: MessageOf<'past-blocks-request'>): number {
    const id = ids[client.given];
    this.#next(client, client.given + 1 >= ids.length);
    if (id === undefined) return MISS_BYTES;
    const { block, receipts } = this.#readBlock(id);
    this.#host.send(peer, { kind: 'past-record', request, id, record: 'block', bytes: block });
    this.#host.send(peer, { kind: 'past-record', request, id, record: 'receipts', bytes: receipts });
    return block.length + receipts.length + MISS_BYTES;
  }

  /** A final block of the best branch with its receipts; no bytes for one that is not here. */
  #readBlock(id: Hash): { readonly block: Uint8Array; readonly receipts: Uint8Array } {
    const { chain } = this.#host;
    const none = new Uint8Array(0);
    const header = chain.header(id);
    const best =
      header.ok && header.value.height <= chain.final.height ? chain.idAt(header.value.height) : undefined;
    if (best === undefined || !equalBytes(best, id)) return { block: none, receipts: none };
    const block = chain.blockBytes(id);
    const receipts = chain.receiptBytes(id);
    return block.ok && receipts.ok
      ? { block: block.value, receipts: receipts.value }
      : { block: none, receipts: none };
  }

  #next(client: Client, isDone: boolean): void {
    client.given = isDone ? 0 : client.given + 1;
    if (isDone) client.requests.shift();
  }

  #newClient(peer: PeerId): Client {
    const { peerBytesPerSecond, peerBytesBurst } = this.#limits;
    const client = { requests: [], allowance: new Allowance(peerBytesPerSecond, peerBytesBurst), given: 0 };
    this.#clients.set(peer, client);
    return client;
  }
}

import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PeerId } from '../../ports/network.ts';
import type { Header } from '../../primitives/header.ts';
import type { P2pHost } from '../host.ts';
import { headerBytes } from '../messages/fields.ts';
import type { BodiesRequestMessage, HeadersRequestMessage } from '../messages/sync.ts';
import { refuseP2p } from '../rules.ts';
import { Allowance } from './allowance.ts';
import { HEADERS_ANSWER_BYTES, type ServeLimits } from './limits.ts';

/** A peer that is served. */
interface Client {
  readonly requests: (HeadersRequestMessage | BodiesRequestMessage)[];
  readonly allowance: Allowance;
  /** How many blocks of the first request have been dealt with, and which of them are not here. */
  served: number;
  missing: Hash[];
}

/**
 * Gives headers and blocks of the best branch to whoever asks, in turn, each within a budget of bytes: what is over it
 * waits, and when too much waits the next request is refused. A block that was not executed is never given.
 */
export class BlockServer {
  readonly #limits: ServeLimits;
  readonly #host: Pick<P2pHost, 'chain' | 'send'>;
  /** Peers with requests that wait, in the order of their turns. */
  readonly #clients = new Map<PeerId, Client>();
  /** Of peers that wait for nothing, so that asking anew brings no new burst. */
  readonly #idle = new Map<PeerId, Client>();
  readonly #allowance: Allowance;

  constructor(limits: ServeLimits, host: Pick<P2pHost, 'chain' | 'send'>) {
    this.#limits = limits;
    this.#host = host;
    this.#allowance = new Allowance(limits.bytesPerSecond, limits.bytesBurst);
  }

  /** Peers that wait for something. */
  get waiting(): number {
    return this.#clients.size;
  }

  /** Takes a request. Refuses by `p2p/requests-too-many`. */
  ask(peer: PeerId, message: HeadersRequestMessage | BodiesRequestMessage): Result<undefined> {
    const client = this.#clients.get(peer) ?? this.#idle.get(peer) ?? this.#newClient();
    const { requestsMax, blocksMax } = this.#limits;
    const blocks = client.requests.reduce((sum, request) => sum + blocksOf(request), blocksOf(message));
    if (client.requests.length >= requestsMax || blocks > blocksMax) {
      return refuseP2p('p2p/requests-too-many', { waiting: client.requests.length, blocks });
    }
    client.requests.push(message);
    this.#idle.delete(peer);
    this.#clients.set(peer, client);
    return OK;
  }

  /** Forgets a peer that is gone. */
  peerGone(peer: PeerId): void {
    this.#clients.delete(peer);
    this.#idle.delete(peer);
  }

  /** Gives what the budgets allow now, in turn; when there will be more to give. */
  advance(nowMs: number): number {
    if (this.#clients.size === 0) return Number.POSITIVE_INFINITY;
    let stepBytes = this.#limits.stepBytes;
    let againMs = Number.POSITIVE_INFINITY;
    const blocked = new Set<PeerId>();
    while (this.#clients.size > blocked.size) {
      if (stepBytes <= 0) return nowMs;
      const waitMs = this.#allowance.waitMs(nowMs);
      if (waitMs > 0) return nowMs + waitMs;
      const [peer, client] = this.#nextTurn(blocked);
      const clientWaitMs = client.allowance.waitMs(nowMs);
      if (clientWaitMs > 0) {
        blocked.add(peer);
        againMs = Math.min(againMs, nowMs + clientWaitMs);
        continue;
      }
      const bytes = this.#serve(peer, client);
      stepBytes -= bytes;
      client.allowance.take(bytes);
      this.#allowance.take(bytes);
      this.#endTurn(peer, client);
    }
    return againMs;
  }

  /** The next peer in turn whose budget is not known to be used up. */
  #nextTurn(blocked: ReadonlySet<PeerId>): readonly [PeerId, Client] {
    const turn = [...this.#clients].find(([peer]) => !blocked.has(peer));
    assert(turn !== undefined, 'somebody waits whose budget is not used up');
    return turn;
  }

  #endTurn(peer: PeerId, client: Client): void {
    this.#clients.delete(peer);
    if (client.requests.length > 0) this.#clients.set(peer, client);
    else this.#idle.set(peer, client);
  }

  /** Gives one answer of headers, or one block; how many bytes that were. */
  #serve(peer: PeerId, client: Client): number {
    const [request] = client.requests;
    if (request === undefined) return 0;
    if (request.kind === 'bodies-request') return this.#serveBody(peer, client, request);
    client.requests.shift();
    return this.#serveHeaders(peer, request);
  }

  #serveHeaders(peer: PeerId, { request, locator, limit }: HeadersRequestMessage): number {
    const start = this.#host.chain.lastCommonAncestor(locator);
    const headers = start === undefined ? [] : this.#headersAfter(start.height, limit);
    this.#host.send(peer, { kind: 'headers', request, headers });
    return headers.reduce((sum, header) => sum + headerBytes(header), 0);
  }

  /** Headers of the best branch, until there are as many as wanted or an answer is full. */
  #headersAfter(start: number, limit: number): readonly Header[] {
    const { chain } = this.#host;
    const headers: Header[] = [];
    let bytes = 0;
    for (
      let height = start;
      headers.length < limit && bytes < HEADERS_ANSWER_BYTES;
      height = start + headers.length
    ) {
      const ids = chain.idsAfter(height, limit - headers.length);
      if (ids.length === 0) break;
      for (const id of ids) {
        const header = chain.header(id);
        if (!header.ok) return headers;
        headers.push(header.value);
        bytes += headerBytes(header.value);
        if (bytes >= HEADERS_ANSWER_BYTES) break;
      }
    }
    return headers;
  }

  #serveBody(peer: PeerId, client: Client, { request, ids }: BodiesRequestMessage): number {
    const id = ids[client.served];
    const bytes = id === undefined ? undefined : this.#read(id);
    if (id !== undefined && bytes !== undefined) this.#host.send(peer, { kind: 'body', request, id, bytes });
    if (id !== undefined && bytes === undefined) client.missing.push(id);
    client.served += 1;
    if (client.served >= ids.length) {
      if (client.missing.length > 0) {
        this.#host.send(peer, { kind: 'bodies-missing', request, ids: client.missing });
      }
      client.requests.shift();
      client.served = 0;
      client.missing = [];
    }
    return bytes?.length ?? MISS_BYTES;
  }

  /** A block of the best branch. A side block was not executed, and giving it would be held against this node. */
  #read(id: Hash): Uint8Array | undefined {
    const { chain } = this.#host;
    const header = chain.node(id)?.header ?? headerOf(chain.header(id));
    if (header === undefined) return undefined;
    const best = chain.idAt(header.height);
    if (best === undefined || !equalBytes(best, id)) return undefined;
    const bytes = chain.blockBytes(id);
    return bytes.ok ? bytes.value : undefined;
  }

  #newClient(): Client {
    const { peerBytesPerSecond, peerBytesBurst } = this.#limits;
    const allowance = new Allowance(peerBytesPerSecond, peerBytesBurst);
    return { requests: [], allowance, served: 0, missing: [] };
  }
}

/** What looking for a block that is not here counts for. */
const MISS_BYTES = 1_024;

function headerOf(header: Result<Header>): Header | undefined {
  return header.ok ? header.value : undefined;
}

function blocksOf(request: HeadersRequestMessage | BodiesRequestMessage): number {
  return request.kind === 'bodies-request' ? request.ids.length : 0;
}

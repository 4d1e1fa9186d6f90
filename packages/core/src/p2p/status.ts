import { equalBytes } from '../base/bytes.ts';
import type { Hash } from '../crypto/hash.ts';
import { headStatus } from './handshake.ts';
import { STATUS_INTERVAL_MS, STATUS_REPEAT_MS } from './limits.ts';
import type { P2pPart, PartDependencies } from './part.ts';
import type { Peer } from './peer.ts';

/**
 * Tells peers where this node's head is when nothing else did: after a while without blocks to relay, and while it
 * catches up, when no block of its own is news to anybody. Those that do not say that they are there too are told again
 * now and then, for messages may be lost: two sides of a network that was parted find out about each other.
 */
export class Status implements P2pPart {
  readonly #deps: Pick<PartDependencies, 'host' | 'peers'>;
  /** When peers are told next; undefined while there is nothing to tell. */
  #dueMs: number | undefined;
  #repeatMs = 0;

  constructor(dependencies: Pick<PartDependencies, 'host' | 'peers'>) {
    this.#deps = dependencies;
  }

  start(nowMs: number): void {
    this.#repeatAfter(nowMs);
  }

  headMoved(_update: unknown, _isOwn: boolean, nowMs: number): void {
    if (this.#dueMs !== undefined || this.#isTold()) return;
    this.#dueMs = nowMs + STATUS_INTERVAL_MS;
    this.#deps.host.wake(this.#dueMs);
  }

  tick(nowMs: number): void {
    const isNews = this.#dueMs !== undefined && this.#dueMs <= nowMs;
    const isRepeated = this.#repeatMs <= nowMs;
    if (isNews) this.#dueMs = undefined;
    if (isRepeated) this.#repeatAfter(nowMs);
    if (isNews || isRepeated)
      this.#tell((peer, head) => equalBytes(isRepeated ? peer.head.id : peer.toldHead, head));
  }

  /** True when every peer was told of the head, as relay does with a new block. */
  #isTold(): boolean {
    const { host, peers } = this.#deps;
    const { id } = host.chain.head;
    for (const { toldHead } of peers.values()) if (!equalBytes(toldHead, id)) return false;
    return true;
  }

  #repeatAfter(nowMs: number): void {
    this.#repeatMs = nowMs + STATUS_REPEAT_MS;
    this.#deps.host.wake(this.#repeatMs);
  }

  /** Tells every peer that does not know it yet. */
  #tell(isKnown: (peer: Peer, head: Hash) => boolean): void {
    const { host, peers } = this.#deps;
    const head = headStatus(host);
    const finalHeight = host.chain.final.height;
    for (const peer of peers.values()) {
      if (isKnown(peer, head.id)) continue;
      peer.toldHead = head.id;
      host.send(peer.id, { kind: 'status', head, finalHeight });
    }
  }
}

import { equalBytes } from '../base/bytes.ts';
import { headStatus } from './handshake.ts';
import { STATUS_INTERVAL_MS } from './limits.ts';
import type { Handlers, P2pPart, PartDependencies } from './part.ts';

/**
 * Tells peers where this node's head is when nothing else did: after a while without blocks to relay, and while it
 * catches up, when no block of its own is news to anybody.
 */
export class Status implements P2pPart {
  readonly handlers: Handlers = {};
  readonly #deps: Pick<PartDependencies, 'host' | 'peers'>;
  /** When peers are told next; undefined while there is nothing to tell. */
  #dueMs: number | undefined;

  constructor(dependencies: Pick<PartDependencies, 'host' | 'peers'>) {
    this.#deps = dependencies;
  }

  headMoved(_update: unknown, _isOwn: boolean, nowMs: number): void {
    if (this.#dueMs !== undefined) return;
    this.#dueMs = nowMs + STATUS_INTERVAL_MS;
    this.#deps.host.wake(this.#dueMs);
  }

  tick(nowMs: number): void {
    if (this.#dueMs === undefined || this.#dueMs > nowMs) return;
    this.#dueMs = undefined;
    const { host, peers } = this.#deps;
    const head = headStatus(host);
    const finalHeight = host.chain.final.height;
    for (const peer of peers.values()) {
      if (equalBytes(peer.toldHead, head.id)) continue;
      peer.toldHead = head.id;
      host.send(peer.id, { kind: 'status', head, finalHeight });
    }
  }
}

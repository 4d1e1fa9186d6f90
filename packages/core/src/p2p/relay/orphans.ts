import { bytesKey } from '../../base/bytes-key.ts';
import type { PeerId } from '../../ports/network.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import { ORPHAN_AGE_MS_MAX, ORPHAN_BYTES_MAX, ORPHANS_MAX, ORPHANS_PER_PEER_MAX } from './limits.ts';

/** A transaction that spends coins of transactions this node does not have. */
export interface Orphan {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** The keys of the transactions it spends from. */
  readonly parents: readonly string[];
  readonly from: PeerId;
  readonly receivedMs: number;
}

/**
 * Transactions that wait for the ones they build on. Few, small and for a short time: whoever announces a child has its
 * parents, so they come soon or never.
 */
export class Orphans {
  /** Oldest first. */
  readonly #orphans = new Map<string, Orphan>();

  get count(): number {
    return this.#orphans.size;
  }

  /** Keeps an orphan if there is room for one more of this peer; the oldest of all leaves for it. */
  add({ txid, bytes, inputs }: Transaction, from: PeerId, nowMs: number): Orphan | undefined {
    const key = bytesKey(txid);
    if (bytes.length > ORPHAN_BYTES_MAX || this.#orphans.has(key)) return undefined;
    let ofPeer = 0;
    for (const orphan of this.#orphans.values()) if (orphan.from === from) ofPeer += 1;
    if (ofPeer >= ORPHANS_PER_PEER_MAX) return undefined;
    const [oldest] = this.#orphans.keys();
    if (this.#orphans.size >= ORPHANS_MAX && oldest !== undefined) this.#orphans.delete(oldest);
    const parents = [...new Set(inputs.map((input) => bytesKey(input.txid)))];
    const orphan: Orphan = { key, bytes, parents, from, receivedMs: nowMs };
    this.#orphans.set(key, orphan);
    return orphan;
  }

  /** Takes the orphan with a key out. */
  take(key: string): Orphan | undefined {
    const orphan = this.#orphans.get(key);
    this.#orphans.delete(key);
    return orphan;
  }

  /** Takes those out that build on a transaction. */
  takeChildren(parent: string): readonly Orphan[] {
    const children = [...this.#orphans.values()].filter(({ parents }) => parents.includes(parent));
    for (const { key } of children) this.#orphans.delete(key);
    return children;
  }

  /** Lets those go that have waited too long. */
  expire(nowMs: number): void {
    for (const [key, { receivedMs }] of this.#orphans) {
      if (receivedMs + ORPHAN_AGE_MS_MAX > nowMs) break;
      this.#orphans.delete(key);
    }
  }

  /** Lets those of a peer go. */
  removePeer(from: PeerId): void {
    for (const [key, orphan] of this.#orphans) if (orphan.from === from) this.#orphans.delete(key);
  }
}

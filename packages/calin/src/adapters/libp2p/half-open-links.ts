import type { Connection, Stream } from '@libp2p/interface';
import { HALF_OPEN_MAX, HALF_OPEN_MS_MAX } from './limits.ts';
import type { LinkStreams } from './peer-link.ts';

/** The lane that a stream carries. */
export type LaneName = 'urgent' | 'bulk';

interface HalfOpen {
  readonly lane: LaneName;
  readonly stream: Stream;
  readonly sinceMs: number;
}

/** Streams of strangers whose second lane has not come yet. */
export class HalfOpenLinks {
  readonly #waiting = new Map<string, HalfOpen>();

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Takes a stream that a peer opened; gives both once the second one of the same connection is there. */
  add(lane: LaneName, stream: Stream, connection: Connection): LinkStreams | undefined {
    const other = this.#waiting.get(connection.id);
    if (other === undefined) {
      this.#makeRoom();
      this.#waiting.set(connection.id, { lane, stream, sinceMs: performance.now() });
      return undefined;
    }
    this.#waiting.delete(connection.id);
    if (other.lane === lane || other.stream.status !== 'open') {
      for (const refused of [stream, other.stream]) refused.abort(new Error('a lane was opened twice'));
      return undefined;
    }
    const peer = connection.remotePeer.toString();
    const [urgent, bulk] = lane === 'urgent' ? [stream, other.stream] : [other.stream, stream];
    return { peer, opener: peer, connection, urgent, bulk };
  }

  /** Forgets those that have waited for too long; all of them when the time is infinite. */
  sweep(nowMs: number): void {
    for (const [id, { stream, sinceMs }] of this.#waiting) {
      if (nowMs - sinceMs < HALF_OPEN_MS_MAX) continue;
      this.#waiting.delete(id);
      stream.abort(new Error('the second lane did not come'));
    }
  }

  /** The one that has waited longest goes first. */
  #makeRoom(): void {
    if (this.#waiting.size < HALF_OPEN_MAX) return;
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#waiting.delete(first[0]);
    first[1].stream.abort(new Error('too many links are half open'));
  }
}

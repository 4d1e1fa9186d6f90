import { FEATURES } from '../features.ts';
import type { Peer } from '../peer.ts';
import { namesOf, networkPlace } from '../peers/network-place.ts';
import { Allowance } from '../sync/allowance.ts';
import { SERVED_BYTES_BURST, SERVED_BYTES_PER_SECOND } from './limits.ts';
import type { Wanted } from './wanted.ts';

/** What relay knows of one peer. Everything that grows with what the peer says is bounded in limits.ts. */
export class RelayPeer {
  readonly peer: Peer;
  /** Its bit in every set of peers; another peer may get it when this one is gone. */
  readonly slot: number;
  /** Kept here as well, with what it has said of itself, because each block and transaction asks for it. */
  readonly direction: Peer['direction'];
  readonly takesCompact: boolean;
  readonly takesTransactions: boolean;
  /** What is remembered of it when it is gone is kept under these. */
  readonly names: readonly string[];
  /** Transactions of the log before this number have been announced to it. */
  cursor = 0;
  /** Transactions it has announced that nobody has delivered. */
  wantedCount = 0;
  /** Transactions that it is going to be asked for. */
  queue: Wanted[] = [];
  /** Transactions that it has been asked for and has not answered. */
  requested = 0;
  /** Times in a row that it has left requests without an answer in time. */
  failures = 0;
  /** When the last of them was noticed. */
  failedMs = Number.NEGATIVE_INFINITY;
  /** The number of the last request to it; what answers a later one answers none. */
  lastRequest = -1;
  /** The same for transactions of blocks. */
  lastBlockRequest = -1;
  /** It has asked for compact blocks as soon as there are new ones. */
  takesPushes = false;
  /** What it may be sent. */
  readonly #served = new Allowance(SERVED_BYTES_PER_SECOND, SERVED_BYTES_BURST);

  constructor(peer: Peer, slot: number) {
    this.peer = peer;
    this.slot = slot;
    this.direction = peer.direction;
    this.names = namesOf(peer.id, networkPlace(peer.address));
    const { features } = peer.hello;
    this.takesCompact = (features & FEATURES.compactBlocks) !== 0;
    this.takesTransactions = (features & FEATURES.transactions) !== 0;
  }

  /** True when it may be sent so many bytes, which are counted then. */
  serve(bytes: number, nowMs: number): boolean {
    if (this.#served.waitMs(nowMs) > 0) return false;
    this.#served.take(bytes);
    return true;
  }

  get isOutbound(): boolean {
    return this.direction === 'outbound';
  }
}

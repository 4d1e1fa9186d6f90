import type { Connection } from '../peer.ts';
import type { NetworkPlace } from './network-place.ts';

/** What is remembered of a connection, ready or not, in order to judge it. Times are ms since 1970, 0 for never. */
export interface PeerRecord extends Connection {
  readonly place: NetworkPlace;
  /** When it last gave us a transaction that the pool took. */
  transactionMs: number;
  /** When it last gave us a block that the chain took. */
  blockMs: number;
}

/** A connected peer as its owner's tools show it. */
export interface PeerInfo extends PeerRecord {
  /** Points of misbehaviour; a hundred ban. */
  readonly points: number;
  /** True for one that is dialled first after a restart. */
  readonly isAnchor: boolean;
  /** What it says of itself; undefined before its hello. */
  readonly said:
    | { readonly agent: string; readonly height: number; readonly finalHeight: number }
    | undefined;
  /** The shortest time a pong took. */
  readonly latencyMs: number | undefined;
}

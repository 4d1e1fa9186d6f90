import { ownBytes } from '../../base/bytes.ts';
import type { Hash } from '../../crypto/hash.ts';
import { PeerSet } from './peer-set.ts';

/** A transaction that peers have announced and this node has not received. */
export class Wanted {
  readonly txid: Hash;
  /** See bytesKey. */
  readonly key: string;
  /** Who can be asked for it. */
  readonly announcers = new PeerSet();
  /** The slot of the peer in whose queue or request it is. */
  askedOf = -1;
  /** It has been asked for, and is not merely in a queue. */
  isRequested = false;
  /** Nobody waits for it any more: it was received, or nobody is left who could send it. */
  isDone = false;

  constructor(txid: Hash, key: string) {
    // It may stay for long, and the announcement it came in must not.
    this.txid = ownBytes(txid);
    this.key = key;
  }
}

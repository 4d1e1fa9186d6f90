import type { Random } from '../base/random.ts';
import type { Chain } from '../chain/chain.ts';
import type { ChainUpdate } from '../chain/chain-update.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { LogLevel } from '../ports/log.ts';
import type { Lane, PeerAddress, PeerId } from '../ports/network.ts';
import type { StoreBatch } from '../ports/store.ts';
import type { FlatBlock } from '../primitives/flat-block.ts';
import type { VotingHost } from './consensus/vote-exchange.ts';
import type { Message } from './messages/message.ts';

/** What the protocol reads of the node's chain. */
export type P2pChain = Pick<
  Chain,
  | 'block'
  | 'blockBytes'
  | 'chainId'
  | 'checkHeader'
  | 'checkHeaderAfter'
  | 'compareHeads'
  | 'final'
  | 'genesis'
  | 'hasher'
  | 'head'
  | 'header'
  | 'idAt'
  | 'idsAfter'
  | 'join'
  | 'lastCommonAncestor'
  | 'locator'
  | 'node'
  | 'scanJoined'
  | 'past'
  | 'receiptBytes'
  | 'scanBlock'
  | 'sharedBlock'
  | 'snapshots'
  | 'storage'
  | 'weightOf'
>;

/** What the protocol reads of the node's pool. */
export type P2pMempool = Pick<
  Mempool,
  'candidates' | 'get' | 'has' | 'info' | 'size' | 'stats' | 'transactions'
>;

/** What the protocol may ask of its node. Nothing of it calls back before it has returned. */
export interface P2pHost {
  readonly chain: P2pChain;
  readonly mempool: P2pMempool;
  /** The engine that counts votes; undefined on a chain without any. */
  readonly voting: VotingHost | undefined;
  /** Dice of the protocol alone. */
  readonly random: Random;

  /**
   * Hands over a block, to be checked, executed and stored; answered by `blockDone` of every part, also when it is
   * refused at once. `node/busy` says that it can be tried again. `flat` is the same block where it has been read.
   */
  importBlock(
    block: { readonly id: Hash; readonly bytes: Uint8Array; readonly flat?: FlatBlock | undefined },
    from: PeerId,
  ): void;
  /** Hands over transactions; answered by `transactionsDone` of every part. */
  submit(transactions: readonly Uint8Array[], from: PeerId): void;
  /** The node is (`true`) or is not at the end of the best branch it knows of: it makes blocks only when it is. */
  caughtUp(isCaughtUp: boolean): void;
  /** The node has had no peer for longer than it is told to live with. */
  aloneTooLong(): void;

  /** Hands a batch to the store, that the chain has given for something other than a block. */
  commit(batch: StoreBatch): void;
  /** True while so much waits for the disk that nothing more should be fetched for it. */
  readonly isBehind: boolean;
  /** The chain has begun with a snapshot; every part is told by `headMoved`. */
  begin(update: ChainUpdate): void;

  dial(address: PeerAddress): void;
  /** Sends on the lane of the message's kind when none is given; nothing happens when the peer is not connected. */
  send(peer: PeerId, message: Message, lane?: Lane): void;
  close(peer: PeerId): void;

  /** Asks for a `tick` of every part at or soon after a time of the node; each time that was asked for gives one. */
  wake(atMs: number): void;
  /** Keeps a small record over restarts, or forgets it; the key is ASCII, at most 128 characters. */
  save(key: string, value: Uint8Array | undefined): void;
  load(key: string): Uint8Array | undefined;
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
}

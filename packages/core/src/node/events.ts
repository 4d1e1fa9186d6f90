import type { Refusal } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { WorkDone } from '../ports/miner.ts';
import type { NetworkEvent } from '../ports/network.ts';
import type { StoreFailure } from '../ports/store.ts';
import type { Transaction } from '../primitives/transaction.ts';

/** What the node is asked to do by somebody who waits for an answer. */
export type NodeRequest =
  /** Take transactions into the pool; answered by one verdict each ({@link SubmitVerdict}). */
  | { readonly kind: 'submit'; readonly transactions: readonly Uint8Array[] }
  /** Take a block; answered once it is on disk, by its id. */
  | { readonly kind: 'import'; readonly block: Uint8Array }
  /** Make blocks now, whatever the pool holds; answered by their ids (hex). Dev networks only. */
  | { readonly kind: 'mine'; readonly blocks: number }
  /** Let the node's time continue from `timeMs`; answered by the new time. Dev networks only. */
  | { readonly kind: 'set-time'; readonly timeMs: number }
  /** Nothing: answered once the indexes have followed to the head, so that they can be read, in the very same turn. */
  | { readonly kind: 'follow' }
  /** Shut a peer, a machine or a network out; answered by the ban. */
  | { readonly kind: 'ban'; readonly target: string; readonly durationMs: number }
  /** Lift a ban; answered by its target. */
  | { readonly kind: 'unban'; readonly target: string }
  /** Remember where a peer can be dialled; answered by the address. */
  | { readonly kind: 'add-peer'; readonly address: string }
  /** Nothing: answered once everything decided before it is on disk. */
  | { readonly kind: 'flush' }
  /** Remember the head; answered by an id for `revert`. Dev networks only. */
  | { readonly kind: 'snapshot' }
  /** Go back to a remembered head; everything after it is gone. Dev networks only. */
  | { readonly kind: 'revert'; readonly snapshot: string }
  /** Replace the last blocks by a longer branch of empty ones; answered by the new ids. Dev networks only. */
  | { readonly kind: 'reorg'; readonly depth: number };

/** A request about the peers of the node. */
export type NetworkRequest = Extract<NodeRequest, { kind: 'ban' | 'unban' | 'add-peer' }>;

/** Transactions that are new in the pool. */
export interface PooledTransactions {
  readonly transactions: readonly Transaction[];
  /** Their leaves, 32 bytes each. */
  readonly leaves: Uint8Array;
}

/** The verdict on one submitted transaction. */
export type SubmitVerdict =
  | { readonly txid: Hash; readonly accepted: true }
  /** The id is undefined when the bytes are no transaction. */
  | { readonly txid: Hash | undefined; readonly accepted: false; readonly refusal: Refusal };

/** Everything that can happen to a node. The time comes with each step, never from inside. */
export type NodeEvent =
  | { readonly type: 'start' }
  | { readonly type: 'request'; readonly id: number; readonly request: NodeRequest }
  | { readonly type: 'timer'; readonly name: TimerName }
  /** One byte for each record of the job: 1 for a valid signature. */
  | { readonly type: 'signatures-checked'; readonly job: number; readonly valid: Uint8Array }
  | { readonly type: 'searched'; readonly job: number; readonly done: WorkDone }
  | { readonly type: 'signed'; readonly job: number; readonly signature: Uint8Array | undefined }
  | { readonly type: 'proved'; readonly job: number; readonly proof: Uint8Array | undefined }
  | { readonly type: 'committed'; readonly sequence: number }
  | { readonly type: 'commit-failed'; readonly sequence: number; readonly failure: StoreFailure }
  | { readonly type: 'network'; readonly event: NetworkEvent }
  | { readonly type: 'stop' };

/** The node's timers; one of each at a time. */
export type TimerName = 'produce' | 'expire' | 'import' | 'backlog' | 'index' | 'p2p' | 'voting';

import { toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { type Hash, keyedHash, ZERO_HASH } from '@calin/core/crypto/hash.ts';

/** What a client wants done. Clients have one request at a time, numbered from 1 on. */
export interface StudyRequest {
  /** The client's machine number. */
  readonly client: number;
  readonly number: number;
  readonly operation: string;
}

/** A message from a node or client to another one. */
export interface Outgoing<M> {
  readonly kind: 'send';
  readonly to: number;
  readonly message: M;
}

/** What a protocol's node is told. `M` is its message, `R` one record of its disk. */
export type StudyEvent<M, R> =
  /** The first event of each life: what the disk holds. */
  | { readonly kind: 'start'; readonly disk: ReadonlyMap<string, R> }
  /** A message; the channel proves who it comes from, and not that it was written by that machine. */
  | { readonly kind: 'message'; readonly from: number; readonly message: M }
  /** A time that a `wake` effect named has come. */
  | { readonly kind: 'tick' };

/** What a protocol's node wants done. */
export type StudyEffect<M, R> =
  /** Keep a record under a key, or forget it. It is on disk before any later effect of the node is done. */
  | { readonly kind: 'save'; readonly key: string; readonly record: R | undefined }
  | Outgoing<M>
  /** The entry at an index is decided, and executed unless the same request was executed before. */
  | {
      readonly kind: 'decide';
      readonly index: number;
      /** Undefined for an entry that does nothing. */
      readonly request: StudyRequest | undefined;
      readonly executed: boolean;
    }
  /** The node has taken over the state after the entry at an index; `history` is the chain of all entries up to it. */
  | { readonly kind: 'adopt'; readonly index: number; readonly history: string }
  /** The node tries to replace the leader: an election, or a change of view. */
  | { readonly kind: 'suspect'; readonly term: number }
  /** The node leads from now on. */
  | { readonly kind: 'lead'; readonly term: number }
  /** Send a `tick` at this time; takes the place of the wake before it. */
  | { readonly kind: 'wake'; readonly atMs: number };

/** A replication protocol as a state machine: equal events at equal times give equal effects. */
export interface StudyNode<M, R> {
  /**
   * Takes one event.
   *
   * @param nowMs - whole milliseconds, never earlier than at the call before
   * @returns what has to be done, in this order
   */
  step(event: StudyEvent<M, R>, nowMs: number): readonly StudyEffect<M, R>[];
}

/** The name of an entry of the log, the same on all machines. */
export function entryName(request: StudyRequest | undefined): string {
  return request === undefined ? 'nothing' : `${request.client}#${request.number} ${request.operation}`;
}

/** The chain over no entries. */
export const EMPTY_HISTORY: string = toHex(ZERO_HASH);

/** The chain over all entries so far and one more, as hex. */
export function extendHistory(history: string, request: StudyRequest | undefined): string {
  return textDigest(ZERO_HASH, `${history} ${entryName(request)}`);
}

/** BLAKE3 of a text under a key, as hex. */
export function textDigest(key: Hash, text: string): string {
  return toHex(keyedHash(key, utf8Bytes(text)));
}

/** Bytes of a request on the wire: client, number and the operation with its length. */
export function requestBytes(request: StudyRequest | undefined): number {
  return request === undefined ? 1 : 1 + 4 + 8 + 2 + request.operation.length;
}

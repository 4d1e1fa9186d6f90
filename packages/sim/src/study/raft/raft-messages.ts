import { requestBytes, type StudyRequest } from '../study-node.ts';

/** One entry of the log; a new leader's first one does nothing. */
export interface RaftEntry {
  readonly term: number;
  readonly request: StudyRequest | undefined;
}

/** What machines say to one another: the two calls of figure 2 with their results, and what clients say and hear. */
export type RaftMessage =
  | {
      readonly kind: 'request-vote';
      readonly term: number;
      readonly lastLogIndex: number;
      readonly lastLogTerm: number;
    }
  | { readonly kind: 'vote'; readonly term: number; readonly isGranted: boolean }
  | {
      readonly kind: 'append';
      readonly term: number;
      readonly prevLogIndex: number;
      readonly prevLogTerm: number;
      readonly entries: readonly RaftEntry[];
      readonly leaderCommit: number;
    }
  | {
      readonly kind: 'append-reply';
      readonly term: number;
      readonly isSuccess: boolean;
      /** The last entry that is now known to be the leader's; or, on failure, the first that may differ. */
      readonly index: number;
      readonly isHeartbeat: boolean;
    }
  | { readonly kind: 'request'; readonly request: StudyRequest }
  /** To a client: its request of this number is done; without one, only who leads. */
  | { readonly kind: 'answer'; readonly number: number | undefined; readonly leader: number | undefined };

/** What a machine keeps on its disk: term and vote, and each entry of the log. */
export type RaftRecord =
  | { readonly kind: 'term'; readonly term: number; readonly votedFor: number | undefined }
  | { readonly kind: 'entry'; readonly entry: RaftEntry };

/** The name under which a message is counted: without entries it is a heartbeat. */
export function raftKind(message: RaftMessage): string {
  if (message.kind === 'append' && message.entries.length === 0) return 'heartbeat';
  if (message.kind === 'append-reply' && message.isHeartbeat) return 'heartbeat-reply';
  return message.kind;
}

/** Bytes on the wire: a tag, a sender, and 8 bytes for each term and index. */
export function raftBytes(message: RaftMessage): number {
  const head = 1 + 4;
  switch (message.kind) {
    case 'request-vote':
      return head + 3 * 8;
    case 'vote':
      return head + 8 + 1;
    case 'append':
      return (
        head + 4 * 8 + 2 + message.entries.reduce((sum, { request }) => sum + 8 + requestBytes(request), 0)
      );
    case 'append-reply':
      return head + 2 * 8 + 1;
    case 'request':
      return head + requestBytes(message.request);
    case 'answer':
      return head + 8 + 4;
  }
}

/** A message in a few words. */
export function describeRaft(message: RaftMessage): string {
  switch (message.kind) {
    case 'request-vote':
      return `request-vote t${message.term}`;
    case 'vote':
      return message.isGranted ? `vote t${message.term}` : 'no vote';
    case 'append': {
      const { entries, prevLogIndex } = message;
      if (entries.length === 0) return 'heartbeat';
      const last = prevLogIndex + entries.length;
      return entries.length === 1 ? `append ${last}` : `append ${prevLogIndex + 1} to ${last}`;
    }
    case 'append-reply':
      return message.isSuccess ? `has ${message.index}` : `misses ${message.index}`;
    case 'request':
      return `request ${message.request.number}`;
    case 'answer':
      return message.number === undefined ? 'asks the leader' : `answer ${message.number}`;
  }
}

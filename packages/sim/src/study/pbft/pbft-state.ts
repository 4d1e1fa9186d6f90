import { ZERO_HASH } from '@calin/core/crypto/hash.ts';
import { EMPTY_HISTORY, extendHistory, type StudyRequest, textDigest } from '../study-node.ts';

/** The replicated service after some requests: a value that is never changed. */
export interface PbftState {
  /** Requests so far, those that do nothing included. */
  readonly seq: number;
  /** The chain of all of them. */
  readonly history: string;
  /** The last request of each client that was executed, by client: ascending, at most one for each. */
  readonly sessions: readonly (readonly [client: number, number: number])[];
}

/** The service before the first request. */
export const EMPTY_STATE: PbftState = { seq: 0, history: EMPTY_HISTORY, sessions: [] };

/** Executes a request, unless the client has had it, or a later one, executed before (section 4.1: exactly once). */
export function execute(
  state: PbftState,
  request: StudyRequest | undefined,
): { readonly state: PbftState; readonly executed: boolean } {
  const executed = request !== undefined && request.number > lastOf(state, request.client);
  const history = extendHistory(state.history, request);
  if (!executed) return { state: { ...state, seq: state.seq + 1, history }, executed };
  const others = state.sessions.filter(([client]) => client !== request.client);
  const sessions = [...others, [request.client, request.number] as const].toSorted(([a], [b]) => a - b);
  return { state: { seq: state.seq + 1, history, sessions }, executed };
}

/** The number of a client's last executed request; 0 of none. */
export function lastOf({ sessions }: PbftState, client: number): number {
  return sessions.find(([one]) => one === client)?.[1] ?? 0;
}

/** The digest that checkpoints agree on. */
export function stateDigest({ seq, history, sessions }: PbftState): string {
  return textDigest(ZERO_HASH, `state ${seq} ${history} ${sessions.join(' ')}`);
}

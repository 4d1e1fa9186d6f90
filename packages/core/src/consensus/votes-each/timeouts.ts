import { TIMEOUT_MS_MAX } from './limits.ts';

/** How long the phases of a round wait. Equal on all nodes for liveness; safety needs no clock. */
export interface VotesEachTimeouts {
  /** For the proposal and its block, in round 0. */
  readonly proposeMs: number;
  /** For more prevotes, and for more precommits, once a quorum voted for different things; in round 0. */
  readonly voteMs: number;
  /** What every later round waits longer, so that some round is long enough whatever the network's delay. */
  readonly growthMs: number;
  /** From the start of a height to the start of the next one, at least. */
  readonly blockMs: number;
  /** After this time without a decision, votes are sent again. */
  readonly resendMs: number;
}

/** How long round `round` waits: its first time-out and what each round adds, at most {@link TIMEOUT_MS_MAX}. */
export function roundTimeoutMs(firstMs: number, { growthMs }: VotesEachTimeouts, round: number): number {
  return Math.min(TIMEOUT_MS_MAX, firstMs + growthMs * round);
}

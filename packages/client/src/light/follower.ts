import type { Result } from '@calin/core/base/result.ts';
import type { Followed } from './followed.ts';
import type { LightRequest, LightUpdate, ServerTip } from './light-update.ts';

/** One way of following a chain. */
export interface Follower {
  /** The last block of the best branch. */
  readonly head: Followed;
  /** The last block that can no longer be undone. */
  readonly final: Followed;
  /** A header of the best branch, if it is kept. */
  at(height: number): Followed | undefined;
  /** What to ask a server for that says it is there; undefined when it has nothing new. */
  next(tip: ServerTip): LightRequest | undefined;
  /** True when something new was learned. */
  take(update: LightUpdate, nowMs: number): Result<boolean>;
}

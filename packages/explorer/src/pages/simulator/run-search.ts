import { ok, type Result } from '@calin/core/base/result.ts';
import { parsePlan, type RunPlan } from '@calin/sim/live/run-plan.ts';
import type { RunSearch } from './read-search.ts';

/** What is shown to who comes without a link. */
export const FIRST_PLAN: RunPlan = {
  scenario: 'calm',
  consensus: 'poa',
  nodes: 12,
  seed: 1,
  durationS: 180,
  faults: [],
};

/** The run of an address; refused by `run-plan/…`. */
export function planOf({ run }: RunSearch): Result<RunPlan> {
  return run === undefined ? ok(FIRST_PLAN) : parsePlan(run);
}

/** A moment of a link that lies within its run. */
export function momentOf({ at = 0 }: RunSearch, { durationS }: RunPlan): number {
  return Math.min(at, 1_000_000 * durationS);
}

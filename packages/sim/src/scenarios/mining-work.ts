import type { PowSpec } from '@calin/core/spec/chain-spec.ts';

/** What blocks take where they take work, and how fast each maker searches for them. */
export interface MiningWork {
  readonly spec: Omit<PowSpec, 'kind'>;
  readonly hashesPerSecond: readonly number[];
}

/** Hashes that a block takes; each of them is really computed. */
const DIFFICULTY = 500;

/** The difficulty follows within minutes: runs are short. */
const HALF_LIFE_MS = 120_000;

/**
 * Work for miners large and small: a share of it for the first one, and the rest for the others, one twice as fast as
 * the next but one.
 *
 * @param firstShare - from 0 to 1
 */
export function createWork(miners: number, blockMs: number, firstShare = 0.2): MiningWork {
  const all = (DIFFICULTY * 1000) / blockMs;
  const first = Math.round(all * firstShare);
  const shares = Array.from({ length: miners - 1 }, (_, i) => (i % 2 === 0 ? 2 : 1));
  const sum = shares.reduce((total, share) => total + share, 0);
  return {
    spec: { initialDifficulty: DIFFICULTY, blockMs, halfLifeMs: HALF_LIFE_MS },
    hashesPerSecond: [
      first,
      ...shares.map((share) => Math.max(1, Math.round(((all - first) * share) / sum))),
    ],
  };
}

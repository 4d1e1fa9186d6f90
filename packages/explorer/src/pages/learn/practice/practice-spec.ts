import { amount, HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { devSpec } from '@calin/core/spec/presets.ts';
import type { PracticeKey } from './practice-key.ts';

/** The first moment of every practice chain: 2026-01-01, 00:00 UTC. */
const GENESIS_MS = 1_767_225_600_000;

/** What one block takes on average where blocks take work: a few milliseconds of one core. */
const PRACTICE_DIFFICULTY = 2000;

/** A coin that a practice chain begins with. */
export interface FirstCoin {
  readonly owner: PracticeKey;
  /** In whole CALIN. */
  readonly calin: number;
}

/** A chain whose blocks take a little work, ten seconds apart. */
export function workSpec(coins: readonly FirstCoin[] = [], authority?: PracticeKey): ChainSpec {
  return devSpec({
    ...shared(coins),
    authority: authority?.publicKey ?? new Uint8Array(32),
    consensus: 'pow',
    blockMs: 10_000,
    work: { initialDifficulty: PRACTICE_DIFFICULTY, halfLifeMs: 3_600_000 },
  });
}

/** A chain whose blocks are signed by authorities in turn, in slots of five seconds. */
export function turnsSpec(keys: readonly PracticeKey[]): ChainSpec {
  const [first, ...others] = keys.map(({ publicKey }) => publicKey);
  return devSpec({ ...shared([]), authority: first ?? new Uint8Array(32), others, blockMs: 5000 });
}

function shared(coins: readonly FirstCoin[]) {
  const allocations = coins.map(({ owner, calin }) => ({
    address: owner.address,
    amount: amount(calin * HUGS_PER_CALIN),
  }));
  return { name: 'calin-practice', genesisTimeMs: GENESIS_MS, allocations };
}

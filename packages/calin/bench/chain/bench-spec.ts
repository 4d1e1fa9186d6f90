import { amount, HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { devSpec } from '@calin/core/spec/presets.ts';
import { type ChainSize, FAN_OUT, planFanOut } from './chain-size.ts';
import { authorityKey } from './keys.ts';
import { createOwner } from './owners.ts';

/** Before every clock that a benchmark may meet, so that no block comes from the future. */
const GENESIS_TIME_MS = 1_700_000_000_000;

/** More than the fee of a transaction with 255 outputs, at the base fee of 1; the rest is a tip. */
const FAN_OUT_FEE = 100_000;

/** Hugs that may be issued on a development chain, see the default of the genesis file. */
const CAP = 21_000_000 * HUGS_PER_CALIN;

/** What each coin of a step holds, in hugs. */
export interface StepAmounts {
  readonly seed: number;
  readonly middle: number;
  readonly start: number;
}

/** The amounts of the coins: 1 CALIN each at the start, less where the cap would not allow as much. */
export function stepAmounts({ coins }: Pick<ChainSize, 'coins'>): StepAmounts {
  const start = Math.min(HUGS_PER_CALIN, Math.floor(CAP / 2 / (coins + FAN_OUT)));
  const middle = FAN_OUT * start + FAN_OUT_FEE;
  return { start, middle, seed: FAN_OUT * middle + FAN_OUT_FEE };
}

/**
 * The chain of a size: one authority, a few coins in the genesis, the base fee at its least in every block, and room
 * for the blocks, so that a node is measured and not the limits.
 */
export function benchSpec(size: ChainSize): ChainSpec {
  const { seeds } = planFanOut(size);
  const { seed } = stepAmounts(size);
  const { address } = createOwner(size, 0);
  const spec = devSpec({
    authority: authorityKey().publicKey,
    genesisTimeMs: GENESIS_TIME_MS,
    allocations: Array.from({ length: seeds }, () => ({ address, amount: amount(seed) })),
  });
  const limits = { ...spec.limits, blockBytesMax: 32 * 1024 * 1024, blockGasMax: 1_000_000_000 };
  return { ...spec, dev: false, fees: { ...spec.fees, blockGasTarget: 500_000_000 }, limits };
}

/** What the targets of a chain follow from; times in any unit, the same for all of them. */
export interface AsertSchedule {
  /** The target of the anchor. */
  readonly anchorTarget: bigint;
  /** No target is above it. */
  readonly targetMax: bigint;
  /** How far apart blocks should be. */
  readonly spacing: bigint;
  /** Being late by this doubles the target, being early halves it. */
  readonly halfLife: bigint;
}

/** The fixed point: 16 bits after it. */
const RADIX_BITS = 16n;
const RADIX = 1n << RADIX_BITS;

/**
 * The target of the block after one that came `timeDelta` after the anchor's parent, and `heightDelta` blocks after the
 * anchor: anchorTarget × 2^((timeDelta − spacing × (heightDelta + 1)) / halfLife), in whole numbers only, with a cubic
 * polynomial for the fraction of the power. It looks at nothing in between, so no sequence of times can move it
 * further than the last of them: an absolutely scheduled, exponentially rising target.
 *
 * @returns 1 to `targetMax`
 * @see aserti3-2d, https://github.com/bitcoincashorg/bitcoincash.org/blob/master/spec/2020-11-15-asert.md (Jonathan
 *   Toomim, Mark Lundeberg and others); every run of its official vectors is a test
 */
export function asertTarget(schedule: AsertSchedule, timeDelta: bigint, heightDelta: bigint): bigint {
  const { anchorTarget, targetMax, spacing, halfLife } = schedule;
  // The division rounds toward zero, as that of C++ does, in which the algorithm was first written.
  const exponent = ((timeDelta - spacing * (heightDelta + 1n)) * RADIX) / halfLife;
  // These two round down: the fraction is never negative.
  const doublings = exponent >> RADIX_BITS;
  const fraction = exponent & (RADIX - 1n);
  // Further than from the smallest target to the largest and back, and long before a shift that takes memory.
  if (doublings > 256n) return targetMax;
  if (doublings < -512n) return 1n;
  const scaled = anchorTarget * powerOfTwo(fraction);
  const shift = doublings - RADIX_BITS;
  const target = shift >= 0n ? scaled << shift : scaled >> -shift;
  if (target < 1n) return 1n;
  return target < targetMax ? target : targetMax;
}

/** 2^(fraction / 65,536) × 65,536 for a fraction from 0 to 65,535; off by less than 0.013 %. */
function powerOfTwo(fraction: bigint): bigint {
  const polynomial =
    195_766_423_245_049n * fraction + 971_821_376n * fraction ** 2n + 5_127n * fraction ** 3n;
  return RADIX + ((polynomial + (1n << 47n)) >> 48n);
}

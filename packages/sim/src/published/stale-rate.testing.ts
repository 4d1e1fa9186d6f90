import type { StaleRate } from './stale-rate.ts';

/**
 * The probability that a block meets another one that was found while it spread: 1 − (1 − Pb)^∫(1 − f(t))dt, where Pb
 * is the probability that the network finds a block in a second and f(t) the share of it that has heard of the block
 * after t seconds. The integral is the mean delay.
 *
 * @see C. Decker and R. Wattenhofer, "Information propagation in the Bitcoin network" (2013), equation 2
 */
export function forkProbability({ delayS, intervalS }: Pick<StaleRate, 'delayS' | 'intervalS'>): number {
  return 1 - Math.exp(-delayS / intervalS);
}

/** Replicas that may break the rules, of `n`: f of section 3. */
export function faultyMax(n: number): number {
  return Math.floor((n - 1) / 3);
}

/**
 * Replicas of which any two sets have an honest one in common: 2f + 1 of 3f + 1, and as many as it takes of numbers
 * between.
 */
export function quorumOf(n: number): number {
  return Math.ceil((n + faultyMax(n) + 1) / 2);
}

import type { DoubleSpend } from './double-spend.ts';

/** What Nakamoto gives: the attacker's progress is taken to be a Poisson variable. */
export function nakamotoProbability({ sharePercent, confirmations }: DoubleSpend): number {
  const [q, z] = [sharePercent / 100, confirmations];
  const ratio = q / (1 - q);
  const lambda = z * ratio;
  let sum = 1;
  let poisson = Math.exp(-lambda);
  for (let k = 0; k <= z; k++) {
    if (k > 0) poisson *= lambda / k;
    sum -= poisson * (1 - ratio ** (z - k));
  }
  return sum;
}

/** What Rosenfeld gives: the progress is a negative binomial variable, which is exact. */
export function rosenfeldProbability({ sharePercent, confirmations }: DoubleSpend): number {
  const [q, n] = [sharePercent / 100, confirmations];
  const p = 1 - q;
  let sum = 1;
  // The number of ways in which m of the first m + n − 1 blocks are the attacker's.
  let ways = 1;
  for (let m = 0; m <= n; m++) {
    if (m > 0) ways *= (m + n - 1) / m;
    sum -= ways * (p ** n * q ** m - p ** m * q ** n);
  }
  return sum;
}

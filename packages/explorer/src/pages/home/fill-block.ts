/** How many of what waits, in the order in which a producer takes it, fits into a block, and the gas of that. */
export function fillBlock(
  waiting: readonly { readonly gas: number }[],
  blockGasMax: number,
): { readonly transactions: number; readonly gas: number } {
  let [transactions, gas] = [0, 0];
  for (const entry of waiting) {
    if (gas + entry.gas > blockGasMax) break;
    gas += entry.gas;
    transactions += 1;
  }
  return { transactions, gas };
}

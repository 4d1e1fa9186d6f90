/** A transaction of the picture: where it begins, how wide and how high it is. */
export interface Step {
  readonly txid: string;
  readonly x: number;
  readonly width: number;
  readonly height: number;
}

interface Entry {
  readonly txid: string;
  readonly fee: number;
  readonly gas: number;
}

/** The part of a step's width that is left free beside it, so that neighbours can be told apart. */
const GAP = 0.08;

/** Lays out what waits: width by gas, height by fee for gas, and where blocks of so much gas would end. */
export function layoutSteps(
  entries: readonly Entry[],
  blockGasMax: number,
  size: { readonly width: number; readonly height: number },
): { readonly steps: readonly Step[]; readonly blockEnds: readonly number[] } {
  const total = entries.reduce((sum, { gas }) => sum + gas, 0);
  const highest = entries.reduce((most, { fee, gas }) => Math.max(most, fee / Math.max(1, gas)), 0);
  if (total === 0 || highest === 0) return { steps: [], blockEnds: [] };
  const steps: Step[] = [];
  const blockEnds: number[] = [];
  let [at, inBlock] = [0, 0];
  for (const { txid, fee, gas } of entries) {
    const x = (at / total) * size.width;
    if (inBlock + gas > blockGasMax) {
      blockEnds.push(x);
      inBlock = 0;
    }
    const width = (gas / total) * size.width * (1 - GAP);
    steps.push({ txid, x, width, height: Math.max(2, (fee / Math.max(1, gas) / highest) * size.height) });
    at += gas;
    inBlock += gas;
  }
  return { steps, blockEnds };
}

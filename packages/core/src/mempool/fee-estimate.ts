import type { Amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { BLOCK_OVERHEAD_BYTES } from '../ledger/apply-block.ts';
import { nextBaseFee } from '../ledger/base-fee.ts';
import type { BlockEnvironment } from '../ledger/environment.ts';
import { REWARD_BYTES_MAX } from '../ledger/reward-transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { compareFeeRates, type FeeRate, paysRate, rateAbove } from './fee-rate.ts';
import { ESTIMATE_BLOCKS_MAX } from './limits.ts';
import type { Package } from './packages.ts';

/** A block that the present pool would make. */
interface VirtualBlock {
  readonly gasUsed: number;
  /** Hugs per gas that would have been enough to be in it. */
  readonly feePerGas: Amount;
}

/**
 * What to pay, in hugs per gas, to be in one of the next 1, 2, … {@link ESTIMATE_BLOCKS_MAX} blocks, if nothing
 * more comes: the packages of the pool are put into blocks one after the other, with the base fee that follows. An
 * estimate still pays the base fee of the block after, so that a transaction which narrowly misses its block is not
 * stranded by a rise.
 *
 * @param packages - see selectPackages; read only as far as the blocks reach
 */
export function estimateFees(
  spec: ChainSpec,
  env: Pick<BlockEnvironment, 'height' | 'baseFee'>,
  packages: Iterator<Package, void>,
): readonly Amount[] {
  const estimates: Amount[] = [];
  let lowest: Amount | undefined;
  const queue = new PackageQueue(packages);
  for (let { height, baseFee } = env; estimates.length < ESTIMATE_BLOCKS_MAX; height++) {
    const { feePerGas, gasUsed } = fillBlock(spec, baseFee, queue);
    baseFee = nextBaseFee(spec, { height, gasUsed, baseFee });
    const enough = Math.max(feePerGas, baseFee) as Amount;
    lowest = lowest === undefined || enough < lowest ? enough : lowest;
    estimates.push(lowest);
  }
  return estimates;
}

/** Takes packages until one does not fit (then room must be bought) or pays less than the base fee (then it waits). */
function fillBlock({ limits }: ChainSpec, baseFee: Amount, queue: PackageQueue): VirtualBlock {
  let gasUsed = 0;
  let bytesLeft = limits.blockBytesMax - BLOCK_OVERHEAD_BYTES - REWARD_BYTES_MAX;
  let cheapest: FeeRate | undefined;
  for (let next = queue.peek(); next !== undefined; next = queue.peek()) {
    const { totals } = next;
    if (!paysRate(totals, baseFee)) break;
    if (totals.bytes > bytesLeft || gasUsed + totals.gas > limits.blockGasMax) {
      // A package larger than an empty block must not hold up the next one for ever.
      if (cheapest === undefined) queue.drop();
      const feePerGas = Math.max(baseFee, rateAbove(cheapest ?? totals)) as Amount;
      return { feePerGas, gasUsed };
    }
    queue.drop();
    gasUsed += totals.gas;
    bytesLeft -= totals.bytes;
    if (cheapest === undefined || compareFeeRates(totals, cheapest) < 0) cheapest = totals;
  }
  return { feePerGas: baseFee, gasUsed };
}

/** Packages with a look at the next one. */
class PackageQueue {
  readonly #packages: Iterator<Package, void>;
  #next: Package | undefined;
  #ended = false;

  constructor(packages: Iterator<Package, void>) {
    this.#packages = packages;
  }

  peek(): Package | undefined {
    if (this.#next === undefined && !this.#ended) {
      const drawn = this.#packages.next();
      this.#ended = drawn.done === true;
      this.#next = drawn.done === true ? undefined : drawn.value;
    }
    return this.#next;
  }

  drop(): void {
    assert(this.#next !== undefined, 'no package to drop');
    this.#next = undefined;
  }
}

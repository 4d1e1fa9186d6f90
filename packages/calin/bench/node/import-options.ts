import type { BenchOption, BenchOptions, BenchProgress } from '../bench.ts';
import type { ChainSize } from '../chain/chain-size.ts';
import { obtainChain } from '../chain/obtain-chain.ts';
import type { Bounded } from '../measure/signature-rate.ts';
import { importMeasured, type MeasuredImport } from './import-measured.ts';

/**
 * Blocks of transfers before the measured ones. The first 10,000 transfers of a process run some 20 % slower, until
 * the engine has compiled what they need; a node that catches up imports millions.
 */
const WARM_UP_BLOCKS = 2;

/** The options of every benchmark that imports a chain. */
export function importOptions(
  defaults: Pick<ChainSize, 'coins' | 'blocks'>,
): Readonly<Record<string, BenchOption>> {
  return {
    coins: { summary: 'Coins in the state at the start', default: defaults.coins },
    blocks: { summary: 'Blocks that are measured', default: defaults.blocks },
    transfers: { summary: 'Transfers in each block, 1 input and 2 outputs each', default: 5000 },
    verified: { summary: 'As if all signatures had been checked before', default: false },
    index: { summary: 'Keep the transaction index and the history of addresses too', default: false },
    fresh: { summary: 'Make the chain anew, also when an earlier run has left it', default: false },
    'warm-up': { summary: 'Blocks that are imported before the measured ones', default: WARM_UP_BLOCKS },
    'bound-ms': { summary: 'How long the raw signature rate is measured, before and after', default: 1500 },
  };
}

/** An import as its options ask for it, with those that belong into its result. */
export interface ImportRun {
  readonly bounded: Bounded<MeasuredImport>;
  /** Transfers that were measured. */
  readonly measured: number;
  readonly size: {
    readonly coins: number;
    readonly blocks: number;
    readonly transfers: number;
    readonly index: boolean;
    readonly verified: boolean;
  };
}

/** Makes or finds the chain that the options name, and imports it. */
export async function runImport(options: BenchOptions, progress: BenchProgress): Promise<ImportRun> {
  const coins = Number(options['coins']);
  const blocks = Number(options['blocks']);
  const transfers = Number(options['transfers']);
  const warmUp = Number(options['warm-up']);
  const index = options['index'] === true;
  const verified = options['verified'] === true;
  const chainSize = { coins, blocks: blocks + warmUp, transfers, respend: true };
  const chain = await obtainChain(chainSize, { fresh: options['fresh'] === true }, progress);
  const boundMs = Number(options['bound-ms']);
  const bounded = await importMeasured(chain, { index, verified, warmUp, boundMs }, progress);
  return { bounded, measured: blocks * transfers, size: { coins, blocks, transfers, index, verified } };
}

import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import type { ChainSize } from './chain/chain-size.ts';
import { obtainChain } from './chain/obtain-chain.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';
import { type Tenth, tenthsOf } from './measure/tenths.ts';
import { importMeasured } from './node/import-measured.ts';

/** A long import: whether a node is as fast at the end as it was at the start. */
export const bench: Bench = {
  name: 'sync-curve',
  summary: 'A long import, and its rate in each tenth: does a node slow down as it goes?',
  options: {
    coins: { summary: 'Coins in the state at the start', default: 200_000 },
    blocks: { summary: 'Blocks, at least 10', default: 200 },
    transfers: { summary: 'Transfers in each block, 1 input and 2 outputs each', default: 5000 },
    verified: { summary: 'As if all signatures had been checked before', default: false },
    index: { summary: 'Keep the transaction index and the history of addresses too', default: false },
    fresh: { summary: 'Make the chain anew', default: false },
    'bound-ms': { summary: 'How long the raw signature rate is measured, before and after', default: 1500 },
  },
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const coins = Number(options['coins']);
  const blocks = Number(options['blocks']);
  const transfers = Number(options['transfers']);
  if (blocks < 10) throw new Error('--blocks is at least 10: each tenth needs one');
  const size: ChainSize = { coins, blocks, transfers, respend: true };
  const index = options['index'] === true;
  const verified = options['verified'] === true;
  const chain = await obtainChain(size, { fresh: options['fresh'] === true }, progress);
  const choices = { index, verified, boundMs: Number(options['bound-ms']) };
  const { value, mean } = await importMeasured(chain, choices, progress);
  const tenths = tenthsOf(value.answered);
  const rates = tenths.map((tenth) => Math.round((tenth.blocks * transfers * 1000) / tenth.wallMs));
  const transfersPerSecond = (blocks * transfers * 1000) / value.thread.wallMs;
  return {
    bench: 'sync-curve',
    ratio: round((rates.at(-1) as number) / (rates[0] as number), 3),
    cpuRatio: round(cpuUs(tenths[0] as Tenth, transfers) / cpuUs(tenths.at(-1) as Tenth, transfers), 3),
    transfersPerSecondByTenth: rates,
    cpuUsPerTransferByTenth: tenths.map((tenth) => round(cpuUs(tenth, transfers), 1)),
    transfersPerSecond: Math.round(transfersPerSecond),
    signaturesPerSecond: Math.round(mean),
    signatureRatio: round(transfersPerSecond / mean, 3),
    eventLoopP999Ms: round(value.thread.eventLoopP999Ms, 1),
    eventLoopMaxMs: round(value.thread.eventLoopMaxMs, 1),
    coins,
    blocks,
    transfers,
    index,
    verified,
    ...machine(),
  };
}

function cpuUs({ cpuMs, blocks }: Tenth, transfers: number): number {
  return (cpuMs * 1000) / (blocks * transfers);
}

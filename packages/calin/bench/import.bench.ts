import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import type { ChainSize } from './chain/chain-size.ts';
import { obtainChain } from './chain/obtain-chain.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';
import type { Bounded } from './measure/signature-rate.ts';
import { importMeasured, type MeasuredImport } from './node/import-measured.ts';

/** Imports a chain of signed transfers into a fresh store on disk, as a node does that catches up. */
export const bench: Bench = {
  name: 'import',
  summary: 'Import of blocks of signed transfers into a node, each with its state root and a synced commit.',
  options: {
    coins: { summary: 'Coins in the state at the start', default: 1_000_000 },
    blocks: { summary: 'Blocks', default: 24 },
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
  const size: ChainSize = {
    coins: Number(options['coins']),
    blocks: Number(options['blocks']),
    transfers: Number(options['transfers']),
    respend: true,
  };
  const index = options['index'] === true;
  const verified = options['verified'] === true;
  const chain = await obtainChain(size, { fresh: options['fresh'] === true }, progress);
  const choices = { index, verified, boundMs: Number(options['bound-ms']) };
  const measured = await importMeasured(chain, choices, progress);
  const { coins, blocks, transfers } = size;
  return {
    bench: 'import',
    ...report(size, measured),
    coins,
    blocks,
    transfers,
    index,
    verified,
    ...machine(),
  };
}

function report(size: ChainSize, { value, mean, before, after }: Bounded<MeasuredImport>) {
  const { thread, steps } = value;
  const transfers = size.blocks * size.transfers;
  const perSecond = (transfers * 1000) / thread.wallMs;
  const perTransferUs = (ms: number | undefined) => round(((ms ?? 0) * 1000) / transfers, 2);
  return {
    transfersPerSecond: Math.round(perSecond),
    signaturesPerSecond: Math.round(mean),
    signaturesPerSecondBefore: Math.round(before),
    signaturesPerSecondAfter: Math.round(after),
    ratio: round(perSecond / mean, 3),
    cpuUsPerTransfer: perTransferUs(thread.cpuMs),
    mainCpuUsPerTransfer: perTransferUs(thread.mainCpuMs),
    takeInUsPerTransfer: perTransferUs(steps.request),
    applyUsPerTransfer: perTransferUs(steps['signatures-checked']),
    committedUsPerTransfer: perTransferUs(steps.committed),
    eventLoopP999Ms: round(thread.eventLoopP999Ms, 1),
    eventLoopMaxMs: round(thread.eventLoopMaxMs, 1),
    rssBytesPerCoin: Math.round(value.coinsRssBytes / size.coins),
  };
}

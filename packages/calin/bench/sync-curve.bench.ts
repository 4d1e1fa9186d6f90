import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';
import { type Tenth, tenthsOf } from './measure/tenths.ts';
import { importOptions, runImport } from './node/import-options.ts';

/** A long import: whether a node is as fast at the end as it was at the start. */
export const bench: Bench = {
  name: 'sync-curve',
  summary: 'A long import, and its rate in each tenth: does a node slow down as it goes?',
  options: importOptions({ coins: 200_000, blocks: 200 }),
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  if (Number(options['blocks']) < 10) throw new Error('--blocks is at least 10: each tenth needs one');
  const { bounded, measured, size } = await runImport(options, progress);
  const { thread, answered } = bounded.value;
  const tenths = tenthsOf(answered);
  const rates = tenths.map((tenth) => Math.round((tenth.blocks * size.transfers * 1000) / tenth.wallMs));
  const cpuUs = tenths.map((tenth) => cpuUsPerTransfer(tenth, size.transfers));
  const perSecond = (measured * 1000) / thread.wallMs;
  return {
    bench: 'sync-curve',
    ratio: round((rates.at(-1) as number) / (rates[0] as number), 3),
    cpuRatio: round((cpuUs[0] as number) / (cpuUs.at(-1) as number), 3),
    transfersPerSecondByTenth: rates,
    cpuUsPerTransferByTenth: cpuUs,
    transfersPerSecond: Math.round(perSecond),
    signaturesPerSecond: Math.round(bounded.mean),
    boundDrift: round(bounded.drift, 3),
    coresFree: round(bounded.coresFree, 3),
    signatureRatio: round(perSecond / bounded.mean, 3),
    eventLoopP999Ms: round(thread.eventLoopP999Ms, 1),
    eventLoopMaxMs: round(thread.eventLoopMaxMs, 1),
    ...size,
    ...machine(),
  };
}

function cpuUsPerTransfer({ cpuMs, blocks }: Tenth, transfers: number): number {
  return round((cpuMs * 1000) / (blocks * transfers), 1);
}

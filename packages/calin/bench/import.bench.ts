import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';
import { importOptions, runImport } from './node/import-options.ts';

/** Imports a chain of signed transfers into a fresh store on disk, as a node does that catches up. */
export const bench: Bench = {
  name: 'import',
  summary: 'Import of blocks of signed transfers into a node, each with its state root and a synced commit.',
  options: importOptions({ coins: 1_000_000, blocks: 24 }),
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const { bounded, measured, size } = await runImport(options, progress);
  const { thread, steps, coinsRssBytes } = bounded.value;
  const { times, longestMs } = steps;
  const perSecond = (measured * 1000) / thread.wallMs;
  // What the ratio would be if every core were busy throughout: other work on the machine changes it least.
  const cpuRatio = (bounded.cpuUs * measured) / (thread.cpuMs * 1000);
  const perTransferUs = (ms: number) => round((ms * 1000) / measured, 2);
  return {
    bench: 'import',
    ratio: round(perSecond / bounded.mean, 3),
    cpuRatio: round(cpuRatio, 3),
    transfersPerSecond: Math.round(perSecond),
    signaturesPerSecond: Math.round(bounded.mean),
    signaturesPerSecondBefore: Math.round(bounded.before),
    signaturesPerSecondAfter: Math.round(bounded.after),
    boundDrift: round(bounded.drift, 3),
    coresFree: round(bounded.coresFree, 3),
    cpuUsPerSignature: round(bounded.cpuUs, 2),
    cpuUsPerTransfer: perTransferUs(thread.cpuMs),
    mainCpuUsPerTransfer: perTransferUs(thread.mainCpuMs),
    takeInUsPerTransfer: perTransferUs(times.request ?? 0),
    applyUsPerTransfer: perTransferUs((times.import ?? 0) + (times['signatures-checked'] ?? 0)),
    eventLoopP999Ms: round(thread.eventLoopP999Ms, 1),
    eventLoopMaxMs: round(thread.eventLoopMaxMs, 1),
    longestStepMs: round(longestMs, 1),
    rssBytesPerCoin: Math.round(coinsRssBytes / size.coins),
    ...size,
    ...machine(),
  };
}

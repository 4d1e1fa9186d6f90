import { TreeCoinMap } from '@calin/core/state/tree-coin-map.ts';
import { createKernelCoinMap } from '@calin/kernel/kernel-coin-map.ts';
import { createKernelHasher } from '@calin/kernel/kernel-hasher.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';
import { measureHashRate } from './state/hash-rate.ts';
import { measureProofs } from './state/measure-proofs.ts';
import { measureUpdates } from './state/measure-updates.ts';

/** The coins with the tree over them, alone: what a block changes, its root, and proofs. */
export const bench: Bench = {
  name: 'state',
  summary: 'Updates a second of the coins with their tree, in the kernel and in its twin, and proofs.',
  options: {
    coins: { summary: 'Coins in the map of the kernel', default: 1_000_000 },
    transfers: { summary: 'Transfers of a batch, each removing one coin and adding two', default: 5000 },
    rounds: { summary: 'Batches, each with a root', default: 40 },
    'twin-coins': { summary: 'Coins in the map of the twin', default: 100_000 },
    proofs: { summary: 'Proofs that are made and checked', default: 2000 },
    'bound-ms': { summary: 'How long the raw hash rate is measured, before and after', default: 500 },
  },
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const coins = Number(options['coins']);
  const transfers = Number(options['transfers']);
  const rounds = Number(options['rounds']);
  const twinCoins = Number(options['twin-coins']);
  const boundMs = Number(options['bound-ms']);
  const hasher = createKernelHasher();
  const before = measureHashRate(hasher, boundMs);
  const map = createKernelCoinMap();
  const { rates, load } = measureUpdates(map, { coins, transfers, rounds }, (done) =>
    progress(done, coins, 'filling the map'),
  );
  const hashesPerSecond = (before + measureHashRate(hasher, boundMs)) / 2;
  const proofs = measureProofs(map, load, Number(options['proofs']));
  const twin = measureUpdates(
    new TreeCoinMap(),
    { coins: twinCoins, transfers: Math.min(transfers, twinCoins), rounds: 2 },
    (done) => progress(done, twinCoins, 'filling the twin'),
  ).rates;
  return {
    bench: 'state',
    ratio: round(rates.updatesPerSecond / hashesPerSecond, 4),
    updatesPerSecond: Math.round(rates.updatesPerSecond),
    hashesPerSecond: Math.round(hashesPerSecond),
    findsPerSecond: Math.round(rates.findsPerSecond),
    fillsPerSecond: Math.round(rates.fillsPerSecond),
    twinUpdatesPerSecond: Math.round(twin.updatesPerSecond),
    proofBytesMean: round(proofs.proofBytesMean, 1),
    proofBytesMax: proofs.proofBytesMax,
    proveUs: round(proofs.proveUs, 1),
    verifyUs: round(proofs.verifyUs, 1),
    coins,
    transfers,
    rounds,
    twinCoins,
    ...machine(),
  };
}

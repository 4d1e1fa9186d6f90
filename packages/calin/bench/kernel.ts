import { type Kernel, mapKernel } from '@calin/core/state/kernel.ts';
import { createKernelCoinMap } from '@calin/kernel/kernel-coin-map.ts';
import { createKernelHasher } from '@calin/kernel/kernel-hasher.ts';

/** What hashes and keeps the states of benchmarks: the one that a node runs with. */
export function benchKernel(): Kernel {
  return mapKernel(createKernelHasher(), () => createKernelCoinMap());
}

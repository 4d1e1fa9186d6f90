import { type Kernel, plainKernel } from '@calin/core/state/kernel.ts';

/** What hashes and keeps the states of benchmarks: the one that a node runs with. */
export function benchKernel(): Kernel {
  return plainKernel;
}

import type { Kernel } from '@calin/core/state/kernel.ts';
import { createNodeKernel } from '../src/host/node-kernel.ts';

/** What hashes and keeps the states of benchmarks: the one that a node runs with. */
export function benchKernel(): Kernel {
  return createNodeKernel();
}

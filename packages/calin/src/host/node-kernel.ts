import { type Kernel, mapKernel } from '@calin/core/state/kernel.ts';
import { createKernelCoinMap } from '@calin/kernel/kernel-coin-map.ts';
import { createKernelHasher } from '@calin/kernel/kernel-hasher.ts';
import { systemRandom } from '../adapters/random.ts';

/** The kernel of a node on a machine of its own: WebAssembly. */
export function createNodeKernel(): Kernel {
  return mapKernel(createKernelHasher(), () => createKernelCoinMap(), systemRandom(32));
}

import { type Kernel, mapKernel } from '@calin/core/state/kernel.ts';
import { createKernelCoinMap } from '@calin/kernel/kernel-coin-map.ts';
import { createKernelHasher } from '@calin/kernel/kernel-hasher.ts';
import { systemRandom } from '../adapters/random.ts';

/** Choices for {@link createNodeKernel}. */
export interface NodeKernelOptions {
  /** Memories for coins, of up to 4 GiB and some 30 million coins each: a power of two up to 256; 1 when left out. */
  readonly shards?: number;
  /** The most coins that there may be; as many as fit into the memories when left out. */
  readonly coinsMax?: number;
}

/** The kernel of a node on a machine of its own: WebAssembly. */
export function createNodeKernel(options: NodeKernelOptions = {}): Kernel {
  return mapKernel(createKernelHasher(), () => createKernelCoinMap(options), systemRandom(32));
}

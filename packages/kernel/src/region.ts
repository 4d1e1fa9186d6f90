import { assert } from '@calin/core/base/assert.ts';
import type { KernelExports } from './load-kernel.ts';

/** A piece of the kernel's memory that grows by moving: what was in it is then lost. */
export interface Region {
  /** Where it begins; another place after it has grown. */
  address: number;
  /** Its size in bytes. */
  bytes: number;
}

/**
 * A new piece of memory of this size.
 *
 * @throws AssertionError when the memory is used up
 */
export function allocateRegion(kernel: KernelExports, bytes: number): Region {
  const address = kernel.allocate(bytes, 16) >>> 0;
  assert(address !== 0, `the kernel has no memory for ${bytes} bytes more`);
  return { address, bytes };
}

/**
 * Makes a region at least this large. Sizes double and the kernel takes no memory back, so all that a region ever
 * took is less than four times what it needs.
 */
export function growRegion(kernel: KernelExports, region: Region, bytes: number): void {
  if (bytes <= region.bytes) return;
  let size = region.bytes;
  while (size < bytes) size *= 2;
  Object.assign(region, allocateRegion(kernel, size));
}

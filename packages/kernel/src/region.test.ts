import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssertionError } from '@calin/core/base/assert.ts';
import { loadKernel } from './load-kernel.ts';
import { allocateRegion, growRegion } from './region.ts';

describe('a region of the kernel', () => {
  it('grows by doubling, and stays where it is when it is large enough', () => {
    const kernel = loadKernel();
    const region = allocateRegion(kernel, 1000);
    const { address } = region;
    growRegion(kernel, region, 1000);
    assert.deepEqual(region, { address, bytes: 1000 });
    growRegion(kernel, region, 1001);
    assert.equal(region.bytes, 2000);
    assert.ok(region.address >= address + 1000);
    growRegion(kernel, region, 9000);
    assert.equal(region.bytes, 16_000);
    assert.ok(kernel.memory.buffer.byteLength >= region.address + region.bytes);
  });

  it('asserts when the memory is used up', () => {
    assert.throws(() => allocateRegion(loadKernel(), 2 ** 32 - 1), AssertionError);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { divideRegions } from './divide-regions.ts';
import { ROOM, WORLD } from './regions.ts';

describe('dividing the regions of a run', () => {
  it('gives the world two halves that are 42 ms apart', () => {
    const { partOf, lookaheadUs } = divideRegions(WORLD, 2);
    const east = WORLD.names.filter((_, region) => partOf[region] === partOf[2]);
    assert.deepEqual(east, ['europe', 'asia-east']);
    const apart = [
      [Number.POSITIVE_INFINITY, 42_000],
      [42_000, Number.POSITIVE_INFINITY],
    ];
    assert.deepEqual(lookaheadUs, apart);
  });

  it('gives every part a region, and never a longer lookahead than the links across have', () => {
    for (let count = 1; count <= WORLD.names.length; count++) {
      const { partOf, lookaheadUs } = divideRegions(WORLD, count);
      assert.equal(new Set(partOf).size, count);
      for (const [a, from] of partOf.entries()) {
        for (const [b, to] of partOf.entries()) {
          if (from === to) continue;
          const latencyUs = 1000 * (WORLD.latencyMs[a]?.[b] ?? 0);
          assert.ok((lookaheadUs[from]?.[to] ?? 0) <= latencyUs);
        }
      }
    }
  });

  it('does not divide a room', () => {
    assert.deepEqual(divideRegions(ROOM, 1).partOf, [0]);
    assert.throws(() => divideRegions(ROOM, 2), /2 parts of 1 regions/);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeSoak, type Measure, type SoakSample } from './soak-verdict.testing.ts';

const MIB = 2 ** 20;

/** A hundred samples, a second apart, of a process whose measures follow the functions. */
function run(shape: Partial<Record<Measure, (second: number) => number>>, blocksPerSecond = 1): SoakSample[] {
  return Array.from({ length: 100 }, (_, second) => {
    const of = (measure: Measure, usual: number) => shape[measure]?.(second) ?? usual;
    const probe = {
      ...{ pid: 1, upMs: second * 1000, resources: {} },
      ...{ heap: of('heap', 50 * MIB), external: of('external', 30 * MIB), rss: of('rss', 200 * MIB) },
      ...{ files: of('files', 40), handles: of('handles', 20) },
    };
    return { atMs: second * 1000, height: Math.floor(second * blocksPerSecond), probe };
  });
}

const grown = (samples: SoakSample[]): Measure[] =>
  (judgeSoak(samples, 0, 100_000) ?? assert.fail('a verdict')).flatMap(({ measure, isFlat }) =>
    isFlat ? [] : [measure],
  );

describe('the verdict of a soak', () => {
  test('is flat for what stays, swings, or settles in the first quarter', () => {
    assert.deepEqual(grown(run({})), []);
    assert.deepEqual(grown(run({ heap: (s) => 50 * MIB + 5 * MIB * Math.sin(s) })), []);
    assert.deepEqual(grown(run({ heap: (s) => Math.min(s, 20) * 3 * MIB })), []);
  });

  test('finds what grows without end, each by its name', () => {
    assert.deepEqual(grown(run({ heap: (s) => (50 + s / 4) * MIB })), ['heap']);
    assert.deepEqual(grown(run({ external: (s) => (30 + s / 4) * MIB })), ['external']);
    assert.deepEqual(grown(run({ rss: (s) => (200 + 2 * s) * MIB })), ['rss']);
    assert.deepEqual(grown(run({ files: (s) => 40 + s / 2 })), ['files']);
    assert.deepEqual(grown(run({ handles: (s) => 20 + s / 4 })), ['handles']);
  });

  test('allows a chain that grows its few kilobytes a block, and no more', () => {
    assert.deepEqual(grown(run({ heap: (s) => 10 * MIB + s * 100 * 4000 }, 100)), []);
    assert.deepEqual(grown(run({ heap: (s) => 10 * MIB + s * 100 * 8000 }, 100)), ['heap']);
  });

  test('needs some samples in both quarters', () => {
    assert.equal(judgeSoak([], 0, 100_000), undefined);
    assert.equal(judgeSoak(run({}).slice(0, 60), 0, 100_000), undefined);
  });
});

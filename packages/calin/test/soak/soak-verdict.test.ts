import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeSoak, type Measure, type SoakSample } from './soak-verdict.testing.ts';

const MIB = 2 ** 20;

/** What a node of a soak holds once it is warm. */
const USUAL: Readonly<Record<Measure, number>> = {
  ...{ heap: 48 * MIB, external: 31 * MIB, index: 22 * MIB, anonymous: 165 * MIB },
  ...{ files: 36, handles: 18 },
};
const MEASURES = Object.keys(USUAL) as Measure[];

/** What the measures are at a moment, in minutes; those that are left out are as usual. */
type Shape = Partial<Record<Measure | 'chainLog' | 'indexLog', (minute: number) => number>>;

/** The samples of a run, one every two seconds. */
function run(shape: Shape, minutes = 20): SoakSample[] {
  return Array.from({ length: minutes * 30 }, (_, i) => {
    const minute = i / 30;
    const of = (measure: Measure) => Math.round(shape[measure]?.(minute) ?? USUAL[measure]);
    const probe = {
      ...{ pid: 1, upMs: minute * 60_000, resources: {}, rss: 220 * MIB },
      ...{ heap: of('heap'), external: of('external'), index: of('index'), anonymous: of('anonymous') },
      ...{ files: of('files'), handles: of('handles') },
    };
    const logBytes = { chain: shape.chainLog?.(minute) ?? 0, index: shape.indexLog?.(minute) ?? 0 };
    return { atMs: minute * 60_000, height: 60 * minute, logBytes, probe };
  });
}

function grown(samples: SoakSample[], minutes = 20): Measure[] {
  const trends = judgeSoak(samples, 0, minutes * 60_000) ?? assert.fail('a verdict');
  return trends.flatMap(({ measure, isFlat }) => (isFlat ? [] : [measure]));
}

/** Grows by a share of what is usual in each minute. */
const leak = (measure: Measure, share: number) => (minute: number) => USUAL[measure] * (1 + share * minute);

describe('the verdict of a soak', () => {
  test('is flat for what stays, swings, or settles in the first quarter', () => {
    assert.deepEqual(grown(run({})), []);
    assert.deepEqual(grown(run({ heap: (minute) => (48 + 5 * Math.sin(20 * minute)) * MIB })), []);
    assert.deepEqual(grown(run({ heap: (minute) => Math.min(minute, 5) * 10 * MIB })), []);
    // A peer is away for a while, less often in the end.
    const isAway = (minute: number) => (minute * 30) % 10 < 7 - minute / 4;
    assert.deepEqual(grown(run({ handles: (minute) => (isAway(minute) ? 16 : 18) })), []);
  });

  for (const measure of MEASURES) {
    test(`finds a leak of one per cent a minute: ${measure}`, () => {
      // A count has no hundredths: what is lost is a whole one now and then.
      const share = measure === 'handles' ? 0.014 : 0.01;
      assert.deepEqual(grown(run({ [measure]: leak(measure, share) })), [measure]);
      assert.deepEqual(grown(run({ [measure]: leak(measure, 0.002) })), []);
    });
  }

  test('finds a leak that begins late, and one that comes in steps', () => {
    const late = (minute: number) => USUAL.heap * (1 + 0.02 * Math.max(0, minute - 10));
    assert.deepEqual(grown(run({ heap: late })), ['heap']);
    const doubling = (minute: number) => (20 + 2 * 2 ** Math.floor(minute / 7)) * MIB;
    assert.deepEqual(grown(run({ external: doubling })), ['external']);
  });

  test('finds twice as fast a leak in half the time', () => {
    for (const measure of MEASURES) {
      assert.deepEqual(grown(run({ [measure]: leak(measure, 0.024) }, 10), 10), [measure]);
    }
  });

  test('allows memory that the store has filled with what is in its log, and no more', () => {
    const perMinute = 5 * MIB;
    const filling = (minute: number) => (165 + 5 * minute) * MIB;
    assert.deepEqual(grown(run({ anonymous: filling })), ['anonymous']);
    const log = (minute: number) => perMinute * minute;
    assert.deepEqual(grown(run({ anonymous: filling, chainLog: log })), []);
    assert.deepEqual(grown(run({ anonymous: filling, indexLog: log })), []);
    assert.deepEqual(grown(run({ anonymous: (minute) => 2 * filling(minute), chainLog: log })), [
      'anonymous',
    ]);
    assert.deepEqual(grown(run({ heap: leak('heap', 0.01), chainLog: log })), ['heap']);
    assert.deepEqual(grown(run({ index: leak('index', 0.01), indexLog: log })), ['index']);
  });

  test('allows the memory of a write buffer once, though it is filled again and again', () => {
    const filledAt = 6;
    const log = (minute: number) => (minute % filledAt) * 10 * MIB;
    const kept = (minute: number) => (165 + 10 * Math.min(minute, filledAt)) * MIB;
    assert.deepEqual(grown(run({ anonymous: kept, chainLog: log })), []);
    assert.deepEqual(grown(run({ anonymous: (minute) => (165 + 10 * minute) * MIB, chainLog: log })), [
      'anonymous',
    ]);
  });

  test('needs some samples in both quarters', () => {
    assert.equal(judgeSoak([], 0, 1_200_000), undefined);
    assert.equal(judgeSoak(run({}).slice(0, 400), 0, 1_200_000), undefined);
  });
});

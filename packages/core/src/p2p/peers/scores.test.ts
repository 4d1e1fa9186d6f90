import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { POINT_MS } from './limits.ts';
import { START_MS } from './peers.testing.ts';
import { Scores } from './scores.ts';

describe('scores', () => {
  test('add up and fade by a point a minute, never below zero', () => {
    const scores = new Scores({ entriesMax: 10 });
    assert.equal(scores.add('a', 20, START_MS), 20);
    assert.equal(scores.add('a', 20, START_MS + 5 * POINT_MS), 35);
    assert.equal(scores.of('a', START_MS + 15 * POINT_MS), 25);
    assert.equal(scores.of('a', START_MS + 1000 * POINT_MS), 0);
    assert.equal(scores.of('b', START_MS), 0);
    scores.forget('a');
    assert.equal(scores.of('a', START_MS), 0);
  });

  test('a clock that is set back forgives nothing and adds nothing', () => {
    const scores = new Scores({ entriesMax: 10 });
    scores.add('a', 50, START_MS);
    assert.equal(scores.of('a', START_MS - 1e9), 50);
    assert.equal(scores.add('a', 10, START_MS - 1e9), 60);
  });

  test('nobody is remembered for nothing', () => {
    const scores = new Scores({ entriesMax: 10 });
    assert.equal(scores.add('a', 0, START_MS), 0);
    assert.equal(scores.size, 0);
  });

  test('do not grow, and who floods them with new names does not wash an old one clean', () => {
    const scores = new Scores({ entriesMax: 100 });
    scores.add('offender', 90, START_MS);
    for (let n = 0; n < 10_000; n++) {
      scores.add(`name${n}`, 5, START_MS + n);
      assert.ok(scores.size <= 100);
    }
    assert.ok(scores.of('offender', START_MS + 10_000) > 89);
  });

  test('no order of additions takes more than was given or leaves more than the bound', () => {
    const step = fc.record({
      key: fc.integer({ min: 0, max: 30 }),
      points: fc.integer({ min: 0, max: 100 }),
      passedMs: fc.integer({ min: -100_000, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const scores = new Scores({ entriesMax: 8 });
        const given = new Map<number, number>();
        let nowMs = START_MS;
        for (const { key, points, passedMs } of steps) {
          nowMs += passedMs;
          given.set(key, (given.get(key) ?? 0) + points);
          const sum = scores.add(`${key}`, points, nowMs);
          assert.ok(sum >= points && sum <= (given.get(key) ?? 0));
          assert.ok(scores.size <= 8);
        }
      }),
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { VirtualClock } from './clock.ts';

describe('the virtual clock', () => {
  it('lets events happen in the order of time, and of being put in', () => {
    const times = fc.array(fc.nat(50), { maxLength: 500 });
    fc.assert(
      fc.property(times, (all) => {
        const clock = new VirtualClock();
        const happened: [number, number][] = [];
        all.forEach((atUs, i) => {
          clock.schedule(atUs, { fire: () => happened.push([clock.nowUs, i]) });
        });
        clock.runUntil(100);
        const expected = all.map((atUs, i) => [atUs, i] as [number, number]);
        assert.deepEqual(
          happened,
          expected.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]),
        );
        assert.equal(clock.size, 0);
        assert.equal(clock.fired, all.length);
      }),
    );
  });

  it('stops where it is told to, with what is due at that moment done', () => {
    const clock = new VirtualClock();
    const happened: number[] = [];
    for (const atUs of [3, 1, 2, 2]) clock.schedule(atUs, { fire: () => happened.push(atUs) });
    clock.runUntil(2);
    assert.deepEqual(happened, [1, 2, 2]);
    assert.equal(clock.nowUs, 2);
    clock.runUntil(10);
    assert.deepEqual(happened, [1, 2, 2, 3]);
    assert.equal(clock.nowUs, 10);
  });

  it('lets what is put in on the way happen in its turn, and never goes back', () => {
    const clock = new VirtualClock();
    const happened: string[] = [];
    clock.schedule(5, {
      fire: () => {
        clock.schedule(1, { fire: () => happened.push(`late at ${clock.nowUs}`) });
        clock.schedule(7, { fire: () => happened.push(`next at ${clock.nowUs}`) });
      },
    });
    clock.schedule(6, { fire: () => happened.push('six') });
    clock.runUntil(7);
    assert.deepEqual(happened, ['late at 5', 'six', 'next at 7']);
  });

  it('grows beyond its first room', () => {
    const clock = new VirtualClock();
    let sum = 0;
    for (let i = 5_000; i > 0; i--) clock.schedule(i, { fire: () => (sum += clock.nowUs) });
    clock.runUntil(5_000);
    assert.equal(sum, (5_000 * 5_001) / 2);
  });

  it('knows no moment between two microseconds', () => {
    assert.throws(() => new VirtualClock().schedule(0.5, { fire: () => {} }), /not a moment/);
  });
});

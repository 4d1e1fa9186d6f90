import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { SystemClock } from './clock.ts';

/** A clock whose wall and steady time the test moves. */
function made(): { clock: SystemClock; pass: (ms: number) => void; setWall: (ms: number) => void } {
  let [wallMs, steadyMs] = [1_000_000, 0];
  const clock = new SystemClock({ wallMs: () => wallMs, steadyMs: () => steadyMs });
  const pass = (ms: number): void => {
    wallMs += ms;
    steadyMs += ms;
  };
  const setWall = (ms: number): void => {
    wallMs = ms;
  };
  return { clock, pass, setWall };
}

describe('the time', () => {
  it('is the wall clock’s, also after it jumped forward', () => {
    const { clock, pass, setWall } = made();
    pass(10);
    assert.equal(clock.nowMs(), 1_000_010);
    setWall(5_000_000);
    assert.equal(clock.nowMs(), 5_000_000);
  });

  it('never goes back, and meets a wall clock that was set back', () => {
    const { clock, pass, setWall } = made();
    setWall(990_000);
    let [last, steps] = [clock.nowMs(), 0];
    assert.equal(last, 1_000_000);
    for (; last < 1_009_999; steps++) {
      pass(1);
      const now = clock.nowMs();
      assert.ok(now >= last && now <= last + 1);
      last = now;
    }
    assert.ok(Math.abs(steps - 20_000) < 10, `${steps} ms until they met`);
    pass(100);
    assert.equal(clock.nowMs(), 990_000 + steps + 100);
  });

  it('is a whole number', () => {
    const { clock, pass, setWall } = made();
    setWall(999_000);
    pass(3);
    assert.equal(clock.nowMs(), 1_000_001);
  });
});

describe('timers', () => {
  it('call back once at or after their time, replace each other by name, and can be cleared', () => {
    mock.timers.enable({ apis: ['setTimeout', 'setImmediate', 'Date'], now: 1000 });
    try {
      const clock = new SystemClock({ wallMs: () => Date.now(), steadyMs: () => Date.now() });
      const calls: string[] = [];
      const note = (name: string) => () => calls.push(`${name} ${Date.now()}`);
      clock.setTimer('a', 1500, note('a'));
      clock.setTimer('b', 1200, note('b'));
      clock.setTimer('b', 1700, note('b again'));
      clock.setTimer('c', 1100, note('c'));
      clock.setTimer('past', 1, note('past'));
      clock.clearTimer('c');
      clock.clearTimer('never set');
      for (let i = 0; i < 100; i++) mock.timers.tick(10);
      assert.deepEqual(calls, ['past 1010', 'a 1500', 'b again 1700']);
      clock.setTimer('last', 3000, note('last'));
      clock.close();
      mock.timers.tick(5000);
      assert.equal(calls.length, 3);
    } finally {
      mock.timers.reset();
    }
  });

  it('that are due have the next whole turn of the event loop, and can be cleared until then', async () => {
    const clock = new SystemClock();
    const calls: string[] = [];
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    clock.setTimer('due', clock.nowMs(), () => calls.push('due'));
    clock.setTimer('cleared', clock.nowMs(), () => calls.push('cleared'));
    await turn();
    assert.deepEqual(calls, []);
    clock.clearTimer('cleared');
    await turn();
    assert.deepEqual(calls, ['due']);
    await turn();
    assert.deepEqual(calls, ['due']);
  });

  it('wait longer than the system’s longest delay', () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
    try {
      const clock = new SystemClock({ wallMs: () => Date.now(), steadyMs: () => Date.now() });
      let calledAtMs = -1;
      clock.setTimer('far', 2 ** 32, () => {
        calledAtMs = Date.now();
      });
      for (let i = 0; i < 5 && calledAtMs < 0; i++) {
        mock.timers.tick(2 ** 31 - 1);
        assert.ok(calledAtMs < 0 || Date.now() >= 2 ** 32);
      }
      assert.ok(calledAtMs >= 2 ** 32);
    } finally {
      mock.timers.reset();
    }
  });
});

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

  it('has room for as many events as wait, whether they were put in at once or while others happened', () => {
    const clock = new VirtualClock();
    const happened: number[] = [];
    const expected: number[] = [];
    // As many new ones for each that happens as keep some thousands waiting, at times that mix them.
    const put = (left: number): void => {
      const atUs = clock.nowUs + 1 + ((left * 7919) % 10_007);
      expected.push(atUs);
      const fire = () => {
        happened.push(clock.nowUs);
        if (left > 0) put(left - 1);
      };
      clock.schedule(atUs, { fire });
    };
    for (let i = 0; i < 5_000; i++) put(i % 4);
    assert.equal(clock.size, 5_000);
    clock.runUntil(100_000);
    assert.equal(clock.size, 0);
    assert.deepEqual(
      happened,
      expected.toSorted((a, b) => a - b),
    );
  });

  it('orders what is due at one moment by machine, and then as each machine has put it in', () => {
    const events = fc.array(fc.tuple(fc.nat(20), fc.nat(5)), { maxLength: 300 });
    fc.assert(
      fc.property(events, (all) => {
        const clock = new VirtualClock();
        const agendas = Array.from({ length: 6 }, (_, machine) => clock.agenda(machine + 1));
        const happened: (readonly number[])[] = [];
        all.forEach(([atUs, machine], i) => {
          agendas[machine]?.schedule(atUs, { fire: () => happened.push([clock.nowUs, machine, i]) });
        });
        clock.runUntil(100);
        const expected = all.map(([atUs, machine], i) => [atUs, machine, i] as const);
        const inOrder = expected.toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
        assert.deepEqual(happened, inOrder);
      }),
    );
  });

  it('does not stand still for ever where something sets itself again and again', () => {
    const clock = new VirtualClock();
    // A crowd is no circle: each of these moments has fewer events than a million.
    let left = 1_200_000;
    const some = {
      fire: () => {
        left -= 1;
        if (left > 0) clock.schedule(clock.nowUs + (left === 600_000 ? 1 : 0), some);
      },
    };
    clock.schedule(7, some);
    assert.ok(clock.runUntil(10) && left === 0);
    const again = { fire: () => clock.schedule(clock.nowUs, again) };
    clock.schedule(11, again);
    assert.throws(() => clock.runUntil(12), /time goes on/);
  });

  it('lets the events of a machine happen in the same order without those of others', () => {
    // Each event puts in another one, at once or later, for its own machine.
    const events = fc.array(fc.tuple(fc.nat(20), fc.nat(3), fc.nat(4)), { maxLength: 100 });
    fc.assert(
      fc.property(events, (all) => {
        const play = (isHere: (machine: number) => boolean) => {
          const clock = new VirtualClock();
          const agendas = Array.from({ length: 4 }, (_, machine) => clock.agenda(machine + 1));
          const happened: (readonly number[])[] = [];
          all.forEach(([atUs, machine, laterUs], i) => {
            const agenda = agendas[machine];
            if (agenda === undefined || !isHere(machine)) return;
            const note = (what: number) => happened.push([clock.nowUs, machine, what]);
            const later = { fire: () => note(1_000 + i) };
            const fire = () => {
              note(i);
              agenda.schedule(clock.nowUs + laterUs, later);
            };
            agenda.schedule(atUs, { fire });
          });
          clock.runUntil(100);
          return happened;
        };
        const whole = play(() => true);
        for (let machine = 0; machine < 4; machine++) {
          const alone = play((one) => one === machine);
          assert.deepEqual(
            alone,
            whole.filter(([, one]) => one === machine),
          );
        }
      }),
    );
  });

  it('counts what the run itself has put in, and says when the next event is due', () => {
    const clock = new VirtualClock();
    assert.equal(clock.nextUs, Number.POSITIVE_INFINITY);
    clock.schedule(5, { fire: () => {} });
    clock.agenda(1).schedule(7, { fire: () => {} });
    assert.equal(clock.nextUs, 5);
    clock.runUntil(6);
    assert.equal(clock.nextUs, 7);
    clock.runUntil(7);
    assert.deepEqual([clock.fired, clock.firedOfRun], [2, 1]);
    assert.throws(() => clock.agenda(-1), /no machine/);
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

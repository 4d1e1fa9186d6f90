import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EMPTY_HISTORY, extendHistory } from '../study-node.ts';
import { Accountability } from './accountability.ts';
import { AgreedLog } from './agreed-log.ts';
import { Durability } from './durability.ts';
import { ExactlyOnce } from './exactly-once.ts';
import type { Decision, StudyEnd } from './study-checker.ts';
import { StudyLiveness } from './study-liveness.ts';

const request = (number: number) => ({ client: 9, number, operation: 'put' });
const decision = (machine: string, index: number, number: number, executed = true): Decision => {
  return { machine, index, request: request(number), executed };
};

/** Gathers what is reported. */
function reports() {
  const messages: string[] = [];
  return { messages, report: (message: string) => void messages.push(message) };
}

function endOf(log: AgreedLog, changes: Partial<StudyEnd> = {}): StudyEnd {
  const machines = ['a', 'b'].map((name, number) => {
    return { name, number, isUp: true, position: log.position(name) };
  });
  return { log, machines, open: [], guilty: new Map(), ...changes };
}

describe('agreement', () => {
  it('holds while all decide the same, also again after a restart', () => {
    const log = new AgreedLog();
    const { messages, report } = reports();
    for (const machine of ['a', 'b']) for (const i of [1, 2]) log.decided(decision(machine, i, i), report);
    log.started('a');
    log.decided(decision('a', 1, 1), report);
    assert.deepEqual(messages, []);
    assert.equal(log.position('a'), 1);
    assert.equal(log.length, 2);
  });

  it('is broken by another entry, by one that was left out, and by a state that nobody has', () => {
    const log = new AgreedLog();
    const { messages, report } = reports();
    log.decided(decision('a', 1, 1), report);
    log.decided(decision('b', 1, 2), report);
    assert.equal(log.isBroken, true);
    log.decided(decision('a', 3, 3), report);
    log.adopted('b', 1, EMPTY_HISTORY, report);
    assert.deepEqual(messages, [
      'Two machines have decided different entries.',
      'A machine left entries out.',
      'A machine has taken over a state that nobody honest has decided.',
    ]);
  });

  it('lets a machine take over what others have decided', () => {
    const log = new AgreedLog();
    const { messages, report } = reports();
    log.decided(decision('a', 1, 1), report);
    log.adopted('b', 1, extendHistory(EMPTY_HISTORY, request(1)), report);
    log.decided(decision('b', 2, 2), report);
    assert.deepEqual(messages, []);
  });
});

describe('exactly once', () => {
  it('is broken by a request that is executed again, or not where it stands first', () => {
    const log = new AgreedLog();
    const checker = new ExactlyOnce(log);
    const { messages, report } = reports();
    const decide = (one: Decision) => {
      log.decided(one, report);
      checker.decided(one, report);
    };
    decide(decision('a', 1, 1));
    decide(decision('a', 2, 1, false));
    assert.deepEqual(messages, []);
    decide(decision('b', 1, 1, false));
    decide(decision('b', 2, 1, true));
    assert.deepEqual(messages, [
      'A request was not executed where it stands first.',
      'A request was executed again.',
    ]);
  });
});

describe('durability', () => {
  it('is broken by an answer for what is in no log, and by machines that lack what others have', () => {
    const log = new AgreedLog();
    const { messages, report } = reports();
    for (const i of [1, 2, 3]) log.decided(decision('a', i, i), report);
    log.decided(decision('b', 1, 1), report);
    const checker = new Durability(1);
    checker.answered(request(3));
    checker.finish(endOf(log), report);
    assert.deepEqual(messages, ['A machine lacks entries that others have decided.']);
    log.decided(decision('b', 2, 2), report);
    checker.answered(request(4));
    checker.finish(endOf(log), report);
    assert.deepEqual(messages.slice(1), ['A client has a request as done that is in no log.']);
    const [a, b] = endOf(log).machines;
    assert.ok(a !== undefined && b !== undefined);
    new Durability(1).finish(endOf(log, { machines: [a, { ...b, isUp: false }] }), report);
    assert.deepEqual(messages.slice(2), ['A machine is still off.']);
  });
});

describe('liveness', () => {
  it('is broken by a log that stands still after healing, and by a request without an answer', () => {
    const log = new AgreedLog();
    const { messages, report } = reports();
    let nowUs = 5;
    const checker = new StudyLiveness({ nowUs: () => nowUs, healedUs: 10, executedMin: 1 });
    checker.decided(decision('a', 1, 1));
    checker.finish(endOf(log, { open: ['9#2 put'] }), report);
    assert.deepEqual(messages, ['The log stands still.', 'A request is not answered.']);
    nowUs = 10;
    checker.decided(decision('b', 1, 1));
    checker.finish(endOf(log), report);
    assert.equal(messages.length, 3, 'what another machine decides again is nothing new');
    checker.decided(decision('b', 2, 2));
    checker.finish(endOf(log), report);
    assert.equal(messages.length, 3);
  });
});

describe('accountability', () => {
  it('is broken by an honest node that is accused, and by a break that names too few', () => {
    const log = new AgreedLog();
    const { messages, report } = reports();
    const checker = new Accountability({ liars: new Set([0, 1]), guiltyMin: 2 });
    checker.finish(endOf(log, { guilty: new Map([[0, 'two votes']]) }), report);
    assert.deepEqual(messages, []);
    log.decided(decision('a', 1, 1), () => {});
    log.decided(decision('b', 1, 2), () => {});
    checker.finish(endOf(log, { guilty: new Map([[0, 'two votes']]) }), report);
    checker.finish(
      endOf(log, {
        guilty: new Map([
          [1, ''],
          [3, ''],
        ]),
      }),
      report,
    );
    assert.deepEqual(messages, ['Agreement is broken, and too few are named.', 'An honest node is accused.']);
  });
});

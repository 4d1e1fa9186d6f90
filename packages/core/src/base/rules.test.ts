import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssertionError, assert as must, unreachable } from './assert.ts';
import { OK, ok } from './result.ts';
import { defineRules } from './rules.ts';

describe('defineRules', () => {
  const refuse = defineRules({
    'door/closed': { message: 'The door is closed.', help: 'Open it.', banPoints: 5, retry: true },
    'door/missing': { message: 'There is no door.', help: 'Build one.' },
  });

  it('makes a failure that says everything the edge needs', () => {
    assert.deepEqual(refuse('door/closed', { got: 1, expected: 0 }), {
      ok: false,
      error: {
        rule: 'door/closed',
        message: 'The door is closed.',
        help: 'Open it.',
        evidence: { got: 1, expected: 0 },
        banPoints: 5,
        retry: true,
      },
    });
  });

  it('bans and retries only where the rule says so', () => {
    const { error } = refuse('door/missing');
    assert.equal(error.banPoints, 0);
    assert.equal(error.retry, false);
    assert.deepEqual(error.evidence, {});
  });

  it('lists its rules', () => {
    assert.deepEqual(Object.keys(refuse.rules), ['door/closed', 'door/missing']);
  });
});

describe('results and assertions', () => {
  it('wrap a value', () => {
    assert.deepEqual(ok(3), { ok: true, value: 3 });
    assert.deepEqual(OK, { ok: true, value: undefined });
  });

  it('throw with the message when false, and only then', () => {
    must(true, 'never');
    assert.throws(() => must(false, 'the sky fell'), { name: 'AssertionError', message: 'the sky fell' });
    assert.throws(() => unreachable('gold' as never), AssertionError);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateLimiter } from './rate-limiter.ts';

test('a bucket holds some seconds of calls and fills again at its rate', () => {
  let nowMs = 0;
  const limiter = new RateLimiter(() => nowMs, 10);
  for (let i = 0; i < 20; i++) assert(limiter.take('a', 2, 1).allowed, `${i}`);
  assert.deepEqual(limiter.take('a', 2, 1), {
    allowed: false,
    limit: 20,
    remaining: 0,
    resetSeconds: 10,
    retrySeconds: 1,
  });
  assert(limiter.take('b', 2, 1).allowed, 'others have buckets of their own');
  nowMs = 500;
  assert(limiter.take('a', 2, 1).allowed);
  assert(!limiter.take('a', 2, 1).allowed);
  nowMs = 1_000_000;
  assert.equal(limiter.take('a', 2, 1).remaining, 19);
});

test('what costs more than a bucket holds takes a full one', () => {
  const limiter = new RateLimiter(() => 0, 10);
  assert(limiter.take('a', 1, 1000).allowed);
  assert.equal(limiter.take('a', 1, 3).retrySeconds, 3);
});

test('a slow rate has one call at a time', () => {
  let nowMs = 0;
  const limiter = new RateLimiter(() => nowMs, 10);
  assert(limiter.take('a', 0.05, 1).allowed);
  assert.equal(limiter.take('a', 0.05, 1).retrySeconds, 20);
  nowMs = 20_000;
  assert(limiter.take('a', 0.05, 1).allowed);
});

test('callers without number share bounded memory; those that are active are kept', () => {
  const limiter = new RateLimiter(() => 0, 10);
  for (let i = 0; i < 10; i++) limiter.take('active', 1, 1);
  for (let i = 0; i < 40_000; i++) {
    limiter.take(`stranger ${i}`, 1, 1);
    if (i % 1000 === 0) assert(!limiter.take('active', 1, 1).allowed);
  }
  assert(limiter.take('stranger 0', 1, 10).allowed, 'the quiet ones are forgotten');
});

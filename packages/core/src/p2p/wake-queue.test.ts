import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../base/random.ts';
import { WakeQueue } from './wake-queue.ts';

describe('the queue of wakes', () => {
  it('gives every time, never early, and at most a grid step late', () => {
    const random = new Random(new Uint8Array(32).fill(1));
    const queue = new WakeQueue();
    const wanted = Array.from({ length: 500 }, () => 1_000_003 + random.below(9_000));
    for (const time of wanted) queue.add(time, 1_000_003);
    const woken: number[] = [];
    for (let nowMs = 1_000_003; queue.next !== undefined; nowMs++) {
      if (nowMs < queue.next) continue;
      assert.ok(queue.take(nowMs));
      woken.push(nowMs);
    }
    for (const time of wanted)
      assert.ok(
        woken.some((at) => at >= time && at <= time + 10),
        `${time}`,
      );
  });

  it('holds few times, however many are asked for', () => {
    const random = new Random(new Uint8Array(32).fill(2));
    const queue = new WakeQueue();
    for (let i = 0; i < 100_000; i++) queue.add(random.below(2 ** 32), 5_000);
    for (let i = 0; i < 100_000; i++) queue.add(5_000 + random.below(700_000), 5_000);
    assert.ok(queue.size <= 3_100, `${queue.size}`);
    assert.ok(!queue.take(4_999));
  });

  it('takes a time in the past for now, and one beyond a day for a day', () => {
    const queue = new WakeQueue();
    queue.add(1, 100);
    assert.equal(queue.next, 100);
    assert.ok(queue.take(100));
    queue.add(10 ** 12, 0);
    assert.equal(queue.next, 86_400_000);
    assert.throws(() => queue.add(Number.POSITIVE_INFINITY, 0), /no time/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Budgets } from './budgets.ts';
import { LeftBudgets } from './left-budgets.ts';
import { BUDGETS, BUDGETS_KEPT_MAX, BUDGETS_KEPT_MS } from './limits.ts';

describe('the budgets of peers that have left', () => {
  it('are theirs when they come back, and once', () => {
    const left = new LeftBudgets();
    const spent = new Budgets();
    left.keep(['a'], spent, 0);
    assert.notEqual(left.take(['b'], 1), spent);
    assert.equal(left.take(['a'], 1), spent);
    assert.notEqual(left.take(['a'], 1), spent);
    assert.equal(left.size, 0);
  });

  it('are those of the machine too, for who comes back under another name', () => {
    const left = new LeftBudgets();
    const spent = new Budgets();
    left.keep(['a', '5.6.7.8/32'], spent, 0);
    assert.equal(left.take(['b', '5.6.7.8/32'], 1), spent);
  });

  it('are kept until all of them are full again', () => {
    const left = new LeftBudgets();
    const spent = new Budgets();
    for (const [passedMs, isSame] of [
      [BUDGETS_KEPT_MS - 1, true],
      [BUDGETS_KEPT_MS, false],
    ] as const) {
      left.keep(['a'], spent, 0);
      assert.equal(left.take(['a'], passedMs) === spent, isSame);
    }
    for (const { messagesPerSecond, messagesBurst, bytesPerSecond, bytesBurst } of Object.values(BUDGETS)) {
      const fullMs = 1000 * Math.max(messagesBurst / messagesPerSecond, bytesBurst / bytesPerSecond);
      assert.ok(fullMs <= BUDGETS_KEPT_MS);
    }
  });

  it('do not grow, however many names come and go: who left last is known', () => {
    const left = new LeftBudgets();
    const spent = new Budgets();
    left.keep(['early'], spent, 0);
    for (let i = 0; i < 2 * BUDGETS_KEPT_MAX; i++) {
      left.keep([`name${i}`, `host${i}`], new Budgets(), i);
      assert.ok(left.size <= BUDGETS_KEPT_MAX);
    }
    left.keep(['late'], spent, 5_000);
    assert.equal(left.take(['late'], 5_001), spent);
    assert.notEqual(left.take(['early'], 5_001), spent);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Budgets } from './budgets.ts';
import { BUDGETS, type BudgetName } from './limits.ts';
import { encodeMessage } from './messages/message.ts';

const families = Object.keys(BUDGETS) as readonly BudgetName[];

describe('the budgets of a peer', () => {
  for (const family of families) {
    it(`${family}: a burst passes, then as much as the rate says, however it is spread`, () => {
      const { messagesBurst, messagesPerSecond } = BUDGETS[family];
      const budgets = new Budgets();
      let passed = 0;
      for (let i = 0; i < 3 * messagesBurst; i++) if (budgets.take(family, 1, 0)) passed += 1;
      assert.equal(passed, messagesBurst);
      for (let ms = 1; ms <= 10_000; ms++) if (budgets.take(family, 1, ms)) passed += 1;
      const expected = messagesBurst + Math.min(10_000, 10 * messagesPerSecond);
      assert.ok(Math.abs(passed - expected) <= 1, `${passed}, expected ${expected}`);
    });

    it(`${family}: bytes are bounded in the same way, and one frame too long takes nothing`, () => {
      const { bytesBurst } = BUDGETS[family];
      const budgets = new Budgets();
      assert.ok(!budgets.take(family, bytesBurst + 1, 0));
      assert.ok(budgets.take(family, bytesBurst, 0));
      assert.ok(!budgets.take(family, bytesBurst, 100));
    });
  }

  it('do not share between families, and gain nothing from a clock that goes back', () => {
    const budgets = new Budgets();
    while (budgets.take('control', 1, 1_000_000));
    assert.ok(budgets.take('headers', 1, 1_000_000));
    assert.ok(!budgets.take('control', 1, 0));
    assert.ok(!budgets.take('control', 1, 50));
    assert.ok(budgets.take('control', 1, 200));
  });

  it('let a body of any size pass', () => {
    const bytes = encodeMessage({
      kind: 'body',
      request: 1,
      id: new Uint8Array(32),
      bytes: new Uint8Array(33_554_432),
    });
    assert.ok(new Budgets().take('bodies', bytes.length, 0));
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nakamotoProbability, rosenfeldProbability } from './double-spend.testing.ts';
import { attemptDoubleSpend } from './double-spend.ts';

describe('the formulas for a double spend', () => {
  it('give the table of section 11 of the Bitcoin paper', () => {
    const tables = {
      10: [
        1, 0.2045873, 0.0509779, 0.0131722, 0.0034552, 0.0009137, 0.0002428, 0.0000647, 0.0000173, 0.0000046,
        0.0000012,
      ],
      30: { 0: 1, 5: 0.1773523, 10: 0.0416605, 15: 0.0101008, 20: 0.0024804, 25: 0.0006132, 30: 0.0001522 },
    };
    for (const [sharePercent, table] of Object.entries(tables)) {
      for (const [confirmations, expected] of Object.entries(table)) {
        const attack = { sharePercent: Number(sharePercent), confirmations: Number(confirmations) };
        assert.ok(Math.abs(nakamotoProbability(attack) - expected) < 6e-8, JSON.stringify(attack));
      }
    }
  });

  it('give the values of Rosenfeld’s table', () => {
    // Table 1: 10 % and 30 % of the hash rate, 1, 2 and 6 confirmations.
    const rows = [
      [10, 1, 0.2],
      [10, 2, 0.056],
      [10, 6, 0.00059],
      [30, 1, 0.6],
      [30, 2, 0.432],
      [30, 6, 0.15645],
    ] as const;
    for (const [sharePercent, confirmations, expected] of rows) {
      const got = rosenfeldProbability({ sharePercent, confirmations });
      assert.ok(Math.abs(got / expected - 1) < 0.01, `${sharePercent} % and ${confirmations}: ${got}`);
    }
  });
});

describe('an attacker who mines in secret', () => {
  const attacks = [
    [10, 1, 400],
    [30, 2, 300],
    [30, 5, 250],
  ] as const;
  for (const [sharePercent, confirmations, attempts] of attacks) {
    it(`with ${sharePercent} % of the hash rate beats ${confirmations} confirmations as often as was published`, () => {
      let successes = 0;
      for (let seed = 0; seed < attempts; seed++) {
        if (attemptDoubleSpend({ sharePercent, confirmations }, 1000 * confirmations + seed)) successes += 1;
      }
      const got = successes / attempts;
      const exact = rosenfeldProbability({ sharePercent, confirmations });
      const deviation = Math.sqrt((exact * (1 - exact)) / attempts);
      const text = `${got} of ${exact} ± ${deviation}`;
      assert.ok(Math.abs(got - exact) < 3 * deviation, text);
      // The Poisson variable of the paper is an approximation, which is off by less than 0.05 here.
      assert.ok(
        Math.abs(got - nakamotoProbability({ sharePercent, confirmations })) < 3 * deviation + 0.05,
        text,
      );
    });
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAssetAmount, NATIVE_UNITS, parseAssetAmount } from './asset-units.ts';

test('amounts are read and written in the units of their asset', () => {
  assert.deepEqual(parseAssetAmount('12.5', NATIVE_UNITS), { ok: true, value: 1_250_000_000 });
  assert.deepEqual(parseAssetAmount('12', { decimals: 0 }), { ok: true, value: 12 });
  assert.equal(formatAssetAmount(1_250_000_000, NATIVE_UNITS), '12.5 CALIN');
  assert.equal(formatAssetAmount(1250, { symbol: 'CASH', decimals: 2 }), '12.5 CASH');
});

test('amount/zero: nothing is no amount to pay, and other refusals keep their rule', () => {
  for (const [text, rule] of [
    ['0', 'amount/zero'],
    ['0.00', 'amount/zero'],
    ['1e3', 'amount/syntax'],
    ['0.001', 'amount/too-many-decimals'],
  ] as const) {
    const parsed = parseAssetAmount(text, { decimals: 2 });
    assert.equal(parsed.ok ? undefined : parsed.error.rule, rule, text);
  }
});

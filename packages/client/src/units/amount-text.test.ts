import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AMOUNT_MAX, amount, HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import fc from 'fast-check';
import { formatAmountText, NATIVE_DECIMALS, parseAmountText } from './amount-text.ts';

function rule(text: string, decimals = NATIVE_DECIMALS): string {
  const parsed = parseAmountText(text, decimals);
  assert.ok(!parsed.ok, `${text} is accepted`);
  return parsed.error.rule;
}

test('whole numbers and decimals become base units', () => {
  assert.equal(10 ** NATIVE_DECIMALS, HUGS_PER_CALIN);
  const cases = [
    ['5', 8, 500_000_000],
    ['0.25', 8, 25_000_000],
    ['0.00000001', 8, 1],
    ['0', 8, 0],
    ['0.10', 1, 1],
    ['1.000000000000', 2, 100],
    ['7', 0, 7],
    ['0.000000000000000001', 18, 1],
    ['90071992.54740991', 8, Number.MAX_SAFE_INTEGER],
    ['9007199254740991', 0, Number.MAX_SAFE_INTEGER],
    ['0.009007199254740991', 18, Number.MAX_SAFE_INTEGER],
  ] as const;
  for (const [text, decimals, expected] of cases) {
    assert.deepEqual(parseAmountText(text, decimals), { ok: true, value: expected }, text);
  }
});

test('amount/syntax: whatever somebody else could read as another number', () => {
  const texts = [
    '',
    ' ',
    '1e-8',
    '1E8',
    '+1',
    '-1',
    '1,5',
    '1.000,5',
    '1_000',
    '.5',
    '5.',
    '.',
    '01',
    '00',
    ' 1',
    '1 ',
    '1.2.3',
  ];
  texts.push('0x10', 'NaN', 'Infinity', '١', '½', '1\n', `0.${'1'.repeat(80)}`);
  for (const text of texts) assert.equal(rule(text), 'amount/syntax', JSON.stringify(text));
});

test('amount/too-many-decimals: parts of a base unit, but not zeros', () => {
  assert.equal(rule('0.000000001'), 'amount/too-many-decimals');
  assert.equal(rule('1.5', 0), 'amount/too-many-decimals');
  assert.ok(parseAmountText('1.500', 1).ok);
});

test('amount/too-large: one above the largest, and far above', () => {
  assert.equal(rule('90071992.54740992'), 'amount/too-large');
  assert.equal(rule('9007199254740992', 0), 'amount/too-large');
  assert.equal(rule('9007199254740993', 0), 'amount/too-large');
  assert.equal(rule('1'.padEnd(40, '0')), 'amount/too-large');
});

test('amounts are written with as few digits as say them', () => {
  assert.equal(formatAmountText(amount(500_000_000), 8), '5');
  assert.equal(formatAmountText(amount(25_000_000), 8), '0.25');
  assert.equal(formatAmountText(amount(1), 18), '0.000000000000000001');
  assert.equal(formatAmountText(amount(0), 8), '0');
  assert.equal(formatAmountText(AMOUNT_MAX, 0), '9007199254740991');
  assert.throws(() => formatAmountText(amount(1), 19), /19 decimals/);
});

test('every amount is read back as it was written', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 18 }), (value, decimals) => {
      const text = formatAmountText(amount(value), decimals);
      assert.deepEqual(parseAmountText(text, decimals), { ok: true, value });
    }),
  );
});

test('no text makes it throw, and what is accepted has one meaning', () => {
  const characters = fc.constantFrom(...'0123456789..0,e-+ ');
  fc.assert(
    fc.property(
      fc.string({ unit: characters, maxLength: 24 }),
      fc.integer({ min: 0, max: 18 }),
      (text, decimals) => {
        const parsed = parseAmountText(text, decimals);
        if (!parsed.ok) return;
        const [whole = '', fraction = ''] = text.split('.');
        const exact =
          BigInt(whole) * 10n ** BigInt(decimals) +
          BigInt(fraction.slice(0, decimals).padEnd(decimals, '0') || '0');
        assert.equal(BigInt(parsed.value), exact);
      },
    ),
  );
});

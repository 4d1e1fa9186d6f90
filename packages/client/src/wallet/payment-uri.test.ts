import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAddress, parseAddress } from '@calin/core/primitives/address.ts';
import fc from 'fast-check';
import { formatPaymentUri, isPaymentUri, type PaymentRequest, parsePaymentUri } from './payment-uri.ts';

const ADDRESS = new Uint8Array(32).fill(7);
const TEXT = formatAddress(ADDRESS, 'dcal');

function parsed(text: string): PaymentRequest | string {
  const result = parsePaymentUri(text, 'dcal');
  return result.ok ? result.value : result.error.rule;
}

test('a request is read back as it was written', () => {
  const characters = fc.string({
    unit: fc.constantFrom(...("aZ09 &=?%#+é€🍵'".match(/./gu) ?? [])),
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(
      fc.record({
        amountText: fc.option(fc.constantFrom('1', '0.5', '21000000.00000001'), { nil: undefined }),
        asset: fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { nil: undefined }),
        label: fc.option(characters, { nil: undefined }),
        message: fc.option(characters, { nil: undefined }),
      }),
      (fields) => {
        const request = { address: ADDRESS, ...fields };
        const text = formatPaymentUri(request, 'dcal');
        assert.deepEqual(parsed(text), request);
        assert.ok(isPaymentUri(text));
      },
    ),
  );
});

test('requests look like those of BIP-21', () => {
  const request = { address: ADDRESS, amountText: '1.5', label: 'Tea & cake', asset: 0 };
  assert.equal(formatPaymentUri(request, 'dcal'), `calin:${TEXT}?amount=1.5&label=Tea%20%26%20cake`);
  assert.equal(formatPaymentUri({ address: ADDRESS }, 'dcal'), `calin:${TEXT}`);
});

test('case of the scheme and of the whole address, and names that are not known, do not matter', () => {
  const upper = parsed(`CALIN:${TEXT.toUpperCase()}?lightning=x&amount=2`);
  assert.ok(typeof upper !== 'string');
  assert.deepEqual(upper.address, ADDRESS);
  assert.equal(upper.amountText, '2');
});

test('what two programs could read in two ways is refused', () => {
  const rule = 'wallet/payment-uri';
  for (const query of [
    '',
    'amount',
    'amount=',
    'amount=1&amount=2',
    'amount=1e3',
    'amount=1,5',
    'amount=-1',
    'amount=01',
    'amount=0.0',
    'amount=.5',
    'amount=1.1234567890123456789',
    'asset=-1',
    'asset=9007199254740993',
    'asset=1.0',
    'label=%ff',
    'label=%0a',
    'label=%e2%80%ae',
    'label=a b',
    'label=%4',
    'req-later=1',
    'Amount=1',
    'amount=1?x=1',
    'a=b=c',
    `label=${'x'.repeat(65)}`,
    `message=${'x'.repeat(257)}`,
    `x=${'y'.repeat(5000)}`,
  ])
    assert.equal(parsed(`calin:${TEXT}?${query}`), rule, query);
  assert.equal(parsed(`bitcoin:${TEXT}`), rule);
  assert.equal(parsed(`calin:${TEXT.slice(0, -1)}x`), 'codec/address');
  const foreign = formatAddress(ADDRESS, 'cal');
  assert.ok(parseAddress(foreign, 'cal').ok);
  assert.equal(parsed(`calin:${foreign}`), 'codec/address');
});

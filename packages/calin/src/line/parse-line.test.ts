import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAmountText, NATIVE_DECIMALS } from '@calin/client/units/amount-text.ts';
import type { Amount } from '@calin/core/base/amount.ts';
import { fromHex } from '@calin/core/base/bytes.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import fc from 'fast-check';
import { parseLine } from './parse-line.ts';

const PREFIX = 'dcal';
const sender = formatAddress(new Uint8Array(32).fill(1), PREFIX);
const receiver = formatAddress(new Uint8Array(32).fill(2), PREFIX);
const key = '0123456789abcdef'.repeat(4);

function ruleOf(line: string): string | undefined {
  const parsed = parseLine(line, PREFIX);
  return parsed.ok ? undefined : parsed.error.rule;
}

test('a payment is read with its addresses, its amount in hugs and its key', () => {
  assert.deepEqual(parseLine(`ADD_TRANSACTION:${sender}:${receiver}:0.25:${key}`, PREFIX), {
    ok: true,
    value: {
      kind: 'add-transaction',
      sender: new Uint8Array(32).fill(1),
      receiver: new Uint8Array(32).fill(2),
      amount: 25_000_000,
      secretKey: fromHex(key),
    },
  });
});

test('the other commands are read', () => {
  assert.deepEqual(parseLine('GET_BLOCKCHAIN', PREFIX), {
    ok: true,
    value: { kind: 'get-blockchain', from: undefined },
  });
  assert.deepEqual(parseLine('GET_BLOCKCHAIN:0', PREFIX), {
    ok: true,
    value: { kind: 'get-blockchain', from: 0 },
  });
  assert.deepEqual(parseLine('SYNC_BLOCKCHAIN:{"a":":"}', PREFIX), {
    ok: true,
    value: { kind: 'sync-blockchain', data: '{"a":":"}' },
  });
  assert.deepEqual(parseLine('VALIDATE_BLOCKCHAIN', PREFIX), {
    ok: true,
    value: { kind: 'validate-blockchain' },
  });
});

test('what is no command, or has other fields, is refused by its rule', () => {
  const foreign = formatAddress(new Uint8Array(32).fill(2), 'cal');
  const cases: readonly (readonly [string, string])[] = [
    ['', 'line/unknown-command'],
    ['get_blockchain', 'line/unknown-command'],
    [' GET_BLOCKCHAIN', 'line/unknown-command'],
    ['__proto__', 'line/unknown-command'],
    ['GET_BLOCKCHAIN ', 'line/unknown-command'],
    ['GET_BLOCKCHAIN:', 'line/fields'],
    ['GET_BLOCKCHAIN:-1', 'line/fields'],
    ['GET_BLOCKCHAIN:01', 'line/fields'],
    ['GET_BLOCKCHAIN:4294967296', 'line/fields'],
    ['VALIDATE_BLOCKCHAIN:', 'line/fields'],
    ['SYNC_BLOCKCHAIN', 'line/fields'],
    ['SYNC_BLOCKCHAIN:', 'line/fields'],
    ['ADD_TRANSACTION', 'line/fields'],
    [`ADD_TRANSACTION:${sender}:${receiver}:1`, 'line/fields'],
    [`ADD_TRANSACTION:${sender}:${receiver}:1:${key}:`, 'line/fields'],
    [`ADD_TRANSACTION:${sender}:${receiver}:1:${key.slice(2)}`, 'line/private-key'],
    [`ADD_TRANSACTION:${sender}:${receiver}:1:`, 'line/private-key'],
    [`ADD_TRANSACTION:${sender}:${receiver}:1e3:${key}`, 'amount/syntax'],
    [`ADD_TRANSACTION:${sender}:${receiver}:-1:${key}`, 'amount/syntax'],
    [`ADD_TRANSACTION:${sender}:${receiver}:0.123456789:${key}`, 'amount/too-many-decimals'],
    [`ADD_TRANSACTION:${sender}:${foreign}:1:${key}`, 'codec/address'],
    ['POST / HTTP/1.1', 'line/http'],
    ['Host: 127.0.0.1:8647', 'line/http'],
  ];
  for (const [line, rule] of cases) assert.equal(ruleOf(line), rule, line);
});

test('a refusal never repeats a key, wherever it stands in the line', () => {
  const fields = [sender, receiver, '1', key];
  for (let at = 0; at < 4; at++) {
    for (const wrong of [key, key.slice(1), `${key}0`]) {
      const line = `ADD_TRANSACTION:${fields.map((field, i) => (i === at ? wrong : field)).join(':')}`;
      const parsed = parseLine(line, PREFIX);
      if (!parsed.ok) assert.equal(JSON.stringify(parsed).includes(key.slice(0, 16)), false, line);
    }
  }
});

test('every amount that can be written is read exactly', () => {
  const amounts = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(amounts, (hugs) => {
      const text = formatAmountText(hugs as Amount, NATIVE_DECIMALS);
      const parsed = parseLine(`ADD_TRANSACTION:${sender}:${receiver}:${text}:${key}`, PREFIX);
      assert.ok(parsed.ok && parsed.value.kind === 'add-transaction');
      assert.equal(parsed.value.amount, hugs);
    }),
  );
});

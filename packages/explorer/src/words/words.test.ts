import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActionJson, TransactionJson } from '../node/shapes.ts';
import { explainAction } from './explain-action.ts';
import { explainLock } from './explain-lock.ts';
import { formatAge, formatDuration, formatMoment } from './format-time.ts';
import { formatBytes, formatCount, formatShare, splitAmount } from './format-units.ts';
import { nameTransaction } from './name-transaction.ts';
import { shorten } from './shorten.ts';

test('amounts are exact up to the largest, with thousands apart', () => {
  assert.deepEqual(splitAmount(0, 8), ['0', '']);
  assert.deepEqual(splitAmount(1, 8), ['0', '.00000001']);
  assert.deepEqual(splitAmount(725_000_000, 8), ['7', '.25']);
  assert.deepEqual(splitAmount(Number.MAX_SAFE_INTEGER, 8), ['90,071,992', '.54740991']);
  assert.deepEqual(splitAmount(Number.MAX_SAFE_INTEGER, 0), ['9,007,199,254,740,991', '']);
  assert.deepEqual(splitAmount(-847, 8), ['-847', '']);
  assert.equal(formatCount(1_234_567), '1,234,567');
});

test('small parts are told from nothing', () => {
  assert.equal(formatShare(0, 10), '0 %');
  assert.equal(formatShare(1, 1_000_000), '< 0.1 %');
  assert.equal(formatShare(55, 1000), '5.5 %');
  assert.equal(formatShare(1, 2), '50 %');
  assert.equal(formatShare(0, 0), '0 %');
  assert.deepEqual([512, 2048, 3 * 2 ** 20].map(formatBytes), ['512 B', '2.0 KiB', '3.0 MiB']);
});

test('durations have one unit, or two while the first is small', () => {
  const cases: readonly [number, string][] = [
    [0, '0 ms'],
    [999, '999 ms'],
    [42_000, '42 s'],
    [190_000, '3 min'],
    [3_900_000, '1 h 5 min'],
    [90_000_000, '1 d 1 h'],
    [400_000_000, '4 d'],
  ];
  for (const [ms, text] of cases) assert.equal(formatDuration(ms), text);
  assert.equal(formatAge(1000, 1500), 'now');
  assert.equal(formatAge(0, 61_000), '1 min ago');
  assert.equal(formatAge(61_000, 0), 'in 1 min');
  assert.equal(formatMoment(0), '1970-01-01 00:00:00 UTC');
});

test('long names keep their beginning and their end', () => {
  assert.equal(shorten('abcdef'), 'abcdef');
  assert.equal(shorten('0123456789abcdef'), '01234567…abcdef');
});

test('a transaction is named by what it does', () => {
  const output = { asset: 0, amount: 1, address: 'a' };
  const coin = { txid: '00', index: 0 };
  const named = (parts: object) =>
    nameTransaction({
      inputs: [coin],
      outputs: [output],
      actions: [],
      ...parts,
    } as unknown as TransactionJson);
  assert.equal(named({}), 'Payment');
  assert.equal(named({ inputs: [] }), 'Reward');
  assert.equal(named({ outputs: [output, { ...output, asset: 7 }] }), 'Token transfer');
  assert.equal(named({ actions: [{ kind: 'unjail', validator: '00' }] }), 'Unjail');
});

test('every kind of action and lock is explained in a sentence', () => {
  const validator = 'ab'.repeat(32);
  const [key, amount, shares] = ['cd'.repeat(32), 150_000_000, 5];
  const token = { asset: 5, symbol: 'GOLD', name: '<b>', decimals: 2, supply: 150, supplyMax: 1000 };
  const actions: readonly [ActionJson, RegExp][] = [
    [{ kind: 'data', hash: key, note: 'deed' }, /the note “deed”/],
    [
      { kind: 'token-create', ...token, minter: null },
      /“GOLD”, named “<b>”, .* 1\.5 at once, at most 10; nobody/,
    ],
    [{ kind: 'token-mint', asset: 5, amount: 7 }, /7 more/],
    [{ kind: 'token-burn', asset: 5, amount: 7 }, /Destroys 7/],
    [{ kind: 'bond', validator, payTo: 'x', amount, commissionPermille: 25 }, /1\.5 CALIN; it keeps 2\.5 %/],
    [{ kind: 'delegate', validator, amount }, /Stakes 1\.5 CALIN/],
    [{ kind: 'unbond', validator, shares }, /5 shares/],
    [{ kind: 'redelegate', from: validator, to: key, shares }, /from the validator abababab….* to cdcdcdcd/],
    [{ kind: 'withdraw', validator, epoch: 3, amount }, /epoch 3/],
    [{ kind: 'validator-edit', validator, payTo: 'x', commissionPermille: 10 }, /keeps 1 %/],
    [{ kind: 'unjail', validator }, /silent/],
    [{ kind: 'evidence', claim: amount, evidence: '0102' }, /2 bytes/],
    [{ kind: 'certificate', certificate: '010203' }, /3 bytes/],
    [{ kind: 'authority-vote', voter: key, change: 'remove', subject: validator }, /votes to remove abab/],
    [{ kind: 'unknown', tag: 200, body: '01' }, /kind 200/],
  ];
  for (const [action, expected] of actions) assert.match(explainAction(action), expected, action.kind);
  const one = { kind: 'key', publicKey: key } as const;
  const two = { kind: 'multisig', threshold: 2, publicKeys: [key, validator] } as const;
  assert.equal(explainLock(one), 'One key signs.');
  assert.equal(explainLock(two), '2 of 2 keys sign together.');
  const opens = { kind: 'timelock', unit: 'height', from: 1200, inner: two } as const;
  assert.equal(explainLock(opens), 'Closed before block 1,200; from then on: 2 of 2 keys sign together.');
  assert.match(explainLock({ ...opens, unit: 'timeMs', from: 0 }), /before 1970-01-01 00:00:00 UTC/);
  const hash = { kind: 'htlc', sha256: key, receiver: key, sender: key, refundHeight: 9 } as const;
  assert.match(explainLock(hash), /from block 9 on/);
  const saved = { kind: 'recoverable', owner: key, threshold: 1, guardians: [key], restBlocks: 10 } as const;
  assert.match(explainLock(saved), /1 of 1 guardians .* 10 blocks/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMnemonic } from '@calin/client/keys/mnemonic.ts';
import { refuseWallet } from '@calin/client/transaction-builder/rules.ts';
import type { Activity } from '@calin/client/wallet/history-csv.ts';
import { fitsFilter, wholePart } from './account-activity.ts';
import { choosePlaces, wrongPlaces } from './ask-back.ts';
import { judgePassword } from './judge-password.ts';
import { refusalWords } from './refusal-words.ts';

test('passwords are judged by what whoever guesses would try', () => {
  const word = (password: string) => judgePassword(password).word;
  assert.equal(word('1234567'), 'too short');
  for (const weak of [
    'password',
    'Password1!',
    '12345678',
    'aaaaaaaaaaaaaaaa',
    'abcdefghijklmnop',
    'calin2026',
  ])
    assert.equal(word(weak), 'weak', weak);
  assert.equal(word('marble canoe lantern fig'), 'fair');
  assert.equal(word('marble canoe lantern fig quartz'), 'strong');
  assert.equal(word('v7#Kq9!xTz2&Lm'), 'strong');
});

test('three places are asked back, each once, and a wrong word is found', () => {
  for (let seed = 0; seed < 50; seed++) {
    let state = seed + 1;
    const places = choosePlaces(12, (below) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    });
    assert.equal(new Set(places).size, 3);
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
    assert(places.every((place) => place >= 1 && place <= 12));
  }
  const phrase = 'one two three';
  assert.deepEqual(
    wrongPlaces(
      phrase,
      new Map([
        [1, ' ONE '],
        [3, 'three'],
      ]),
    ),
    [],
  );
  assert.deepEqual(
    wrongPlaces(
      phrase,
      new Map([
        [2, 'one'],
        [3, 'three'],
      ]),
    ),
    [2],
  );
});

test('a slip in a phrase is told by the word alone', () => {
  const refused = parseMnemonic(
    'legal winner thank year wave sausege worth useful legal winner thank yellow',
  );
  assert(!refused.ok);
  const words = refusalWords(refused.error);
  assert.equal(words, 'Word 6, “sausege”, is not in the list. Is it one of: sausage?');
});

test('what is missing is said in coins', () => {
  const { error } = refuseWallet('wallet/insufficient-funds', { asset: 0, got: 5e8, expected: 7e8 });
  assert.equal(
    refusalWords(error),
    'The coins do not hold enough: 5 CALIN can be spent after the fee, and 7 CALIN are needed.',
  );
  const token = refuseWallet('wallet/insufficient-funds', { asset: 9, got: 5, expected: 7000 });
  assert.match(refusalWords(token.error), /: 5 base units of asset 9 can be spent, and 7,000 /);
});

const entry = (height: number, changes: Partial<Activity> = {}): Activity => ({
  txid: 'ab'.repeat(32),
  height,
  position: 1,
  timeMs: 0,
  asset: 0,
  symbol: null,
  decimals: 8,
  received: 1,
  sent: 0,
  direction: 'in',
  reward: false,
  ...changes,
});

test('a common history shows nothing that could have something unknown in between', () => {
  const lists = [
    { account: 'main', entries: [entry(9), entry(7)], hasMore: true },
    { account: 'savings', entries: [entry(8), entry(3)], hasMore: false },
    { account: 'new', entries: [], hasMore: false },
  ];
  assert.deepEqual(
    wholePart(lists).map(({ account, height }) => [account, height]),
    [
      ['main', 9],
      ['savings', 8],
      ['main', 7],
    ],
  );
  assert.equal(wholePart(lists.map((list) => ({ ...list, hasMore: false }))).length, 4);
});

test('a filter looks into labels, names, ids and symbols', () => {
  const one = { ...entry(4, { symbol: 'GOLD' }), account: 'main' };
  const all = { text: '', direction: 'all', account: undefined } as const;
  assert(fitsFilter(one, all, undefined));
  assert(fitsFilter(one, { ...all, text: 'rEnT' }, 'the rent'));
  assert(fitsFilter(one, { ...all, text: 'gold' }, undefined));
  assert(!fitsFilter(one, { ...all, text: 'silver' }, 'the rent'));
  assert(!fitsFilter(one, { ...all, direction: 'out' }, undefined));
  assert(!fitsFilter(one, { ...all, account: 'savings' }, undefined));
});

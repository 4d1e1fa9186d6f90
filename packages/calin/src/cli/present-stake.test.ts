import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MethodResult } from '@calin/client/rpc/rpc-client.ts';
import { formatStake, formatValidator, formatValidators } from './present-stake.ts';

const CALIN = 100_000_000;
type Member = MethodResult<'stake_getValidators'>['validators'][number];
const pool: NonNullable<Member['pool']> = {
  owner: 'dcal1owner',
  payTo: 'dcal1payee',
  tokens: 12.5 * CALIN,
  shares: 12 * CALIN,
  ownStake: 3 * CALIN,
  isCandidate: true,
  eligibleFrom: 0,
  commissionPermille: 25,
  nextCommissionPermille: 25,
  commissionFrom: 0,
  isJailed: false,
  isConvicted: false,
  jailedUntil: null,
  turnsTaken: 7,
  turnsMissed: 1,
};
const member: Member = { publicKey: 'aa', address: 'dcal1aa', weight: 10 * CALIN, signed: 4, pool };
const set: MethodResult<'stake_getValidators'> = {
  kind: 'stake',
  epoch: 3,
  presentEpoch: 3,
  firstHeight: 61,
  lastHeight: 80,
  seed: '00',
  totalWeight: 10 * CALIN,
  certificates: 5,
  validators: [member],
};

/** The cells of the lines of a text, which at least two spaces part. */
const cells = (text: string) => text.split('\n').map((line) => line.trim().split(/ {2,}/));

test('validators are listed with stake, terms and attendance', () => {
  const jailed = { ...pool, isJailed: true, jailedUntil: 9 };
  const convicted = { ...pool, isJailed: true, isConvicted: true, isCandidate: false };
  const left = { ...pool, isCandidate: false };
  const others = [jailed, convicted, left].map((other) => ({
    ...member,
    weight: 0,
    signed: null,
    pool: other,
  }));
  const gone = { ...member, pool: null };
  const lines = cells(formatValidators({ ...set, validators: [member, gone, ...others] }));
  assert.deepEqual(lines[0], ['Epoch 3: blocks 61 to 80, 2 validators']);
  assert.deepEqual(lines[3], [
    'aa',
    '10 CALIN',
    '12.5 CALIN',
    '3 CALIN',
    '2.5 %',
    '4 of 5',
    '1 of 8',
    'serves',
  ]);
  const states = lines.slice(3).map((line) => line.at(-1));
  const jail = 'in jail, its owner may unjail it from epoch 9 on';
  assert.deepEqual(states, [
    'serves',
    'serves, its stake has left',
    jail,
    'convicted',
    'waits, its owner has left',
  ]);
});

test('authorities have no stake to show, and another epoch says so', () => {
  const authority = { ...member, weight: 1, signed: null, pool: null };
  const text = formatValidators({
    ...set,
    kind: 'authorities',
    presentEpoch: 2,
    certificates: null,
    validators: [authority],
  });
  assert.deepEqual(cells(text), [
    ['Epoch 3: blocks 61 to 80, 1 validator'],
    ['The present epoch is 2.'],
    [''],
    ['AUTHORITY', 'SIGNED'],
    ['aa', '-'],
  ]);
});

test('one validator is shown with its offences and its next commission', () => {
  const text = formatValidator({
    ...member,
    presentEpoch: 3,
    pool: { ...pool, nextCommissionPermille: 100, commissionFrom: 5 },
    convictions: [{ epoch: 1, offence: 'double-sign', permille: 50, height: 33, evidence: '00' }],
  });
  const shown = new Map(cells(text).map(([name = '', value = '']) => [name, value]));
  assert.equal(shown.get('Keeps'), '2.5 %, 10 % from epoch 5 on');
  assert.equal(shown.get('Offence'), 'double-sign in epoch 1, cost 5 % in block 33');
  assert.equal(shown.get('Signed'), '4 certificates of epoch 3');
});

test('stake is shown with the epoch in which it is free', () => {
  assert.deepEqual(cells(formatStake({ presentEpoch: 1, delegations: [], unbonding: [] })), [
    ['The present epoch is 1.'],
    ['Nothing is staked.'],
  ]);
  const held = { validator: 'aa', shares: 5 * CALIN, worth: 6 * CALIN, free: 5 * CALIN, tied: [] };
  const tied = [{ from: 'bb', shares: 1, freeFrom: 7 }];
  const resting = { validator: 'cc', epoch: 2, amount: 9, worth: 3 * CALIN, freeFrom: 6 };
  const text = formatStake({
    presentEpoch: 6,
    delegations: [held, { ...held, free: 4 * CALIN, tied }],
    unbonding: [resting, { ...resting, freeFrom: 8 }],
  });
  assert.deepEqual(cells(text).slice(3), [
    ['aa', '6 CALIN', '500000000', 'now'],
    ['aa', '6 CALIN', '500000000', 'all from epoch 7 on'],
    [''],
    ['RESTS FROM', 'WORTH', 'LEFT IN', 'FREE'],
    ['cc', '3 CALIN', '2', 'now'],
    ['cc', '3 CALIN', '2', 'from epoch 8 on'],
  ]);
});

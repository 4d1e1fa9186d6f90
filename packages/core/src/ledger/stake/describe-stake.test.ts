import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../../base/amount.ts';
import { testKey } from '../testing/owners.testing.ts';
import { CALIN, StakeChain, stakeSpec } from '../testing/stake-chain.testing.ts';
import { vectorCertificate, vectorEvidence } from '../vector-judge.ts';
import { readDelegation } from './delegation.ts';
import { describeStake } from './describe-stake.ts';
import { describeValidator, describeValidators } from './describe-validators.ts';
import { FOR_EVER } from './pool.ts';

const key = (n: number) => testKey(n).publicKey;
const hugs = (calin: number) => amount(calin * CALIN);

/** What test key `n` has staked, in the view of the next block. */
function stakeOf(chain: StakeChain, n: number, validators?: readonly number[]) {
  const { validators: stake } = chain.spec.consensus;
  assert.ok(stake?.kind === 'stake');
  return describeStake(stake, chain.view, chain.epoch, testKey(n).address, validators?.map(key));
}

test('what is described is what the ledger gives when it is touched, offences of earlier validators included', () => {
  const chain = new StakeChain();
  chain.act(4, { kind: 'delegate', validator: key(12), amount: hugs(500) });
  chain.act(4, { kind: 'unbond', validator: key(12), amount: hugs(100) });
  chain.act(4, { kind: 'redelegate', from: key(12), to: key(11), shares: hugs(200) });
  chain.act(5, { kind: 'evidence', claim: amount(0), bytes: vectorEvidence(key(12), 0, 'surround') });
  const { held, resting } = stakeOf(chain, 4);
  const [moved, left] = held;
  assert.equal(held.length, 2);
  assert.ok(moved !== undefined);
  assert.deepEqual([moved.validator, moved.shares, moved.free], [key(11), hugs(100), 0]);
  assert.deepEqual(moved.tied, [{ from: key(12), shares: hugs(100), freeFrom: 4 }]);
  const [rest] = resting;
  assert.deepEqual(resting, [
    { validator: key(12), epoch: 0, amount: hugs(100), worth: hugs(50), freeFrom: 4 },
  ]);
  assert.deepEqual(stakeOf(chain, 4, [12]).held, [left]);
  assert.deepEqual([left?.shares, left?.worth, left?.free], [hugs(200), hugs(100), hugs(200)]);

  chain.goTo(4);
  const worth = rest?.worth ?? amount(0);
  chain.act(4, { kind: 'withdraw', validator: key(12), epoch: 0, amount: worth });
  assert.deepEqual(stakeOf(chain, 4).resting, []);
  assert.equal(stakeOf(chain, 4).held.length, 1, 'the convicted one is no candidate and no member any more');
  assert.equal(stakeOf(chain, 4, [12]).held.length, 1, 'but its pool is there');
  chain.act(4, { kind: 'delegate', validator: key(11), amount: hugs(1) });
  const { shares, ties } = readDelegation(chain.view, testKey(4).address, key(11));
  const [now] = stakeOf(chain, 4).held;
  assert.deepEqual([now?.shares, now?.tied, ties], [shares, [], []]);
});

test('validators are described as the state knows them, the greatest weight first', () => {
  const chain = new StakeChain(stakeSpec({ membersMax: 2 }));
  chain.add([], { producer: 12 });
  const news = {
    evidence: [vectorEvidence(key(11), 0, 'double-sign')],
    certificate: vectorCertificate(0, 1, [key(12)]),
  };
  chain.add([], { producer: 12, news });
  const now = describeValidators(chain.view, 0, true);
  assert.deepEqual(
    now?.validators.map(({ publicKey, weight, signed }) => [publicKey, weight, signed]),
    [
      [key(12), hugs(3000), 1],
      [key(11), hugs(2000), 0],
      [key(10), 0, undefined],
    ],
  );
  assert.equal(now?.certificates, 1);
  assert.equal(describeValidators(chain.view, 1, false)?.certificates, undefined);
  assert.equal(describeValidators(chain.view, 2, false), undefined);
  const convicted = describeValidator(chain.view, 0, testKey(11).address);
  assert.deepEqual([convicted?.weight, convicted?.pool?.jailedUntil], [hugs(2000), FOR_EVER]);
  assert.equal(convicted?.pool?.ownStake, hugs(1900));
  assert.equal(describeValidator(chain.view, 0, testKey(3).address), undefined);
});

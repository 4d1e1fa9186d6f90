import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../../base/amount.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { viewOf } from '../../state/view.ts';
import { readSupply } from '../supply.ts';
import { testKey } from '../testing/owners.testing.ts';
import { auditStake } from '../testing/stake-audit.testing.ts';
import { CALIN, StakeChain, stakeSpec } from '../testing/stake-chain.testing.ts';
import { vectorCertificate, vectorEvidence } from '../vector-judge.ts';
import { readAttendance } from './attendance.ts';
import { readConvictions } from './convictions.ts';
import { readDelegation } from './delegation.ts';
import { FOR_EVER, NO_SEAT, readPool } from './pool.ts';
import { stakedHugs } from './staked.ts';
import { readUnbondings } from './unbonding.ts';
import { readValidatorSet } from './validator-sets.ts';

const key = (n: number): PublicKey => testKey(n).publicKey;
const hugs = (calin: number) => amount(calin * CALIN);
const shares = (chain: StakeChain, owner: number, validator: number) =>
  readDelegation(chain.view, testKey(owner).address, key(validator)).shares;
const pool = (chain: StakeChain, validator: number) => {
  const found = readPool(chain.view, key(validator));
  assert.ok(found, `validator ${validator} has a pool`);
  return found;
};
const members = (chain: StakeChain, epoch: number) =>
  (readValidatorSet(chain.view, epoch)?.members ?? []).map(({ publicKey }) =>
    [10, 11, 12, 13, 14].find((n) => Buffer.compare(key(n), publicKey) === 0),
  );
const weight = (chain: StakeChain, epoch: number, validator: number) =>
  readValidatorSet(chain.view, epoch)?.members.find(
    ({ publicKey }) => Buffer.compare(publicKey, key(validator)) === 0,
  )?.weight;
const bond = (n: number, calin: number, commissionPermille = 50) =>
  ({
    kind: 'bond',
    publicKey: key(n),
    payTo: testKey(n).address,
    amount: hugs(calin),
    commissionPermille,
  }) as const;

describe('the genesis state', () => {
  test('has pools, sets of two epochs with seeds of their own, and the stakes in the supply', () => {
    const chain = new StakeChain();
    auditStake(chain.state);
    const allocated = chain.spec.allocations.reduce((sum, part) => sum + part.amount, 0);
    assert.equal(readSupply(chain.view).issued, allocated + hugs(6000));
    assert.equal(stakedHugs(chain.state), hugs(6000));
    const [first, second] = [0, 1].map((epoch) => readValidatorSet(chain.view, epoch));
    assert.deepEqual(first?.members, second?.members);
    assert.deepEqual(members(chain, 0).toSorted(), [10, 11, 12]);
    assert.notDeepEqual(first?.seed, second?.seed);
    assert.equal(readValidatorSet(chain.view, 2), undefined);
  });

  test('takes the largest stakes where there are more than a set has members', () => {
    const chain = new StakeChain(stakeSpec({ membersMax: 2 }));
    assert.deepEqual(members(chain, 0).toSorted(), [11, 12]);
  });
});

describe('sets', () => {
  test('stake with a candidate counts in the epoch after the next, a new candidate one epoch later', () => {
    const chain = new StakeChain();
    chain.act(4, { kind: 'delegate', validator: key(11), amount: hugs(3000) });
    chain.act(3, bond(13, 5000), [13]);
    assert.equal(pool(chain, 13).eligibleFrom, 1);
    chain.goTo(2);
    assert.deepEqual(members(chain, 1).toSorted(), [10, 11, 12]);
    assert.deepEqual(members(chain, 2).toSorted(), [10, 11, 12]);
    assert.equal(weight(chain, 2, 11), hugs(5000));
    assert.deepEqual(members(chain, 3).toSorted(), [11, 12, 13], 'the smallest of four is out');
    assert.equal(weight(chain, 3, 13), hugs(5000));
    auditStake(chain.state);
  });

  test('who ends an epoch, and so knows the seed that follows, cannot add a key that it has searched for it', () => {
    const chain = new StakeChain();
    const last = () => (chain.height + 1) % 4 === 0;
    while (!last()) chain.add();
    // Known to the producer before it is part of the chain.
    const randomness = new Uint8Array(32).fill(7);
    chain.act(3, bond(13, 5000), [13], { randomness });
    assert.equal(chain.epoch, 1);
    assert.deepEqual(members(chain, 2).toSorted(), [10, 11, 12]);
    chain.endEpoch();
    assert.deepEqual(members(chain, 3).toSorted(), [11, 12, 13], 'under a seed that came after the key');
  });

  test('nor can it bring back one whose pool others have kept alive', () => {
    const chain = new StakeChain();
    chain.act(3, bond(13, 5000), [13]);
    chain.act(4, { kind: 'delegate', validator: key(13), amount: hugs(1) });
    chain.goTo(2);
    chain.act(3, { kind: 'unbond', validator: key(13), amount: shares(chain, 3, 13) });
    assert.equal(pool(chain, 13).seat, NO_SEAT);
    chain.goTo(4);
    assert.deepEqual(members(chain, 5).toSorted(), [10, 11, 12]);
    chain.act(3, { kind: 'delegate', validator: key(13), amount: hugs(4000) });
    chain.goTo(6);
    assert.deepEqual(members(chain, 6).toSorted(), [10, 11, 12]);
    assert.deepEqual(members(chain, 7).toSorted(), [11, 12, 13]);
  });

  test('old ones are forgotten once nothing of their time can be shown any more', () => {
    const chain = new StakeChain();
    chain.goTo(6);
    assert.equal(readValidatorSet(chain.view, 1), undefined);
    for (let epoch = 2; epoch <= 7; epoch++) assert.ok(readValidatorSet(chain.view, epoch), `epoch ${epoch}`);
    assert.equal(readValidatorSet(chain.view, 8), undefined);
  });

  test('go on as they are when nobody is left who could serve', () => {
    const chain = new StakeChain();
    const offences = [10, 11, 12].map((n) => vectorEvidence(key(n), 0, 'double-sign'));
    for (const bytes of offences) chain.act(5, { kind: 'evidence', claim: amount(0), bytes });
    chain.goTo(3);
    assert.deepEqual(members(chain, 2).toSorted(), [10, 11, 12]);
    assert.deepEqual(members(chain, 4).toSorted(), [10, 11, 12]);
  });

  test('the randomness of seals changes the seeds of later sets and of no others', () => {
    const [one, two] = [1, 2].map((byte) => {
      const chain = new StakeChain();
      chain.add([], { randomness: new Uint8Array(32).fill(byte) });
      chain.goTo(1);
      return [1, 2].map((epoch) => readValidatorSet(chain.view, epoch)?.seed);
    });
    assert.deepEqual(one?.[0], two?.[0]);
    assert.notDeepEqual(one?.[1], two?.[1]);
  });
});

describe('rewards', () => {
  test('the commission goes to the address that the validator names, the rest to its pool', () => {
    const chain = new StakeChain();
    const before = pool(chain, 11).tokens;
    const { block } = chain.add([], { producer: 11 });
    const reward = chain.spec.economy.reward;
    const kept = Math.floor((reward * 100) / 1000);
    const [paid] = block.transactions[0]?.outputs ?? [];
    assert.deepEqual(paid, { asset: 0, amount: kept, address: testKey(1).address });
    assert.equal(pool(chain, 11).tokens, before + reward - kept);
    assert.equal(pool(chain, 11).shares, hugs(2000), 'no new shares');
    auditStake(chain.state);
  });

  test('delegators earn by their shares, however many they are, and late ones buy at the price of the day', () => {
    const chain = new StakeChain();
    chain.act(4, { kind: 'delegate', validator: key(10), amount: hugs(1000) });
    for (let i = 0; i < 3; i++) chain.add();
    assert.equal(shares(chain, 4, 10), hugs(1000), 'the first reward came after it');
    chain.act(5, { kind: 'delegate', validator: key(10), amount: hugs(1000) });
    assert.ok(shares(chain, 5, 10) < shares(chain, 4, 10));
    auditStake(chain.state);
  });

  test('a new commission counts from the epoch after the next, a new address at once', () => {
    const chain = new StakeChain();
    const edit = {
      kind: 'validator-edit',
      validator: key(10),
      payTo: testKey(4).address,
      commissionPermille: 200,
    } as const;
    assert.equal(chain.refusal(1, edit).rule, 'stake/not-owner');
    assert.equal(chain.refusal(0, { ...edit, commissionPermille: 201 }).rule, 'stake/commission');
    chain.act(0, edit);
    const paid = () => chain.add().block.transactions[0]?.outputs[0];
    const share = (permille: number) => Math.floor((chain.spec.economy.reward * permille) / 1000);
    assert.deepEqual(paid(), { asset: 0, amount: share(100), address: testKey(4).address });
    chain.goTo(2);
    assert.equal(paid()?.amount, share(200));
  });

  test('a producer without stake gets the tips alone, and nothing else is issued', () => {
    const chain = new StakeChain();
    const { issued } = readSupply(chain.view);
    const { block } = chain.add([], { producer: 20 });
    assert.deepEqual(block.transactions[0]?.outputs, []);
    assert.equal(readSupply(chain.view).issued, issued);
  });

  test('where work makes the blocks, the miner gets all of it', () => {
    const production = { kind: 'pow', initialDifficulty: 1, blockMs: 1000, halfLifeMs: 1000 } as const;
    const chain = new StakeChain(stakeSpec({}, { production }));
    const { block } = chain.add([], { producer: 11 });
    assert.equal(block.transactions[0]?.outputs[0]?.amount, chain.spec.economy.reward);
    auditStake(chain.state);
  });
});

describe('bonding', () => {
  test('needs the key of the validator, the least bond, a fair commission and a strong key', () => {
    const chain = new StakeChain();
    assert.equal(chain.refusal(3, bond(13, 1000)).rule, 'tx/witness-missing');
    assert.equal(chain.refusal(3, bond(13, 99), [13]).rule, 'stake/bond-too-small');
    assert.equal(chain.refusal(3, bond(13, 100, 201), [13]).rule, 'stake/commission');
    assert.equal(chain.refusal(3, bond(12, 100), [12]).rule, 'stake/validator-exists');
    const none = new StakeChain({
      ...chain.spec,
      consensus: { ...chain.spec.consensus, validators: undefined } as never,
    });
    assert.equal(none.refusal(3, bond(13, 100), [13]).rule, 'stake/none');
  });

  test('the owner keeps the least bond or nothing; without it the validator is no candidate and takes no stake', () => {
    const chain = new StakeChain();
    chain.act(4, { kind: 'delegate', validator: key(10), amount: hugs(500) });
    const all = shares(chain, 0, 10);
    const unbond = (n: number) => ({ kind: 'unbond', validator: key(10), amount: amount(n) }) as const;
    assert.equal(chain.refusal(0, unbond(all - hugs(50))).rule, 'stake/bond-too-small');
    assert.equal(chain.refusal(0, unbond(all + 1)).rule, 'stake/shares-missing');
    assert.equal(chain.refusal(4, unbond(shares(chain, 4, 10) - 5)).rule, 'stake/dust');
    chain.act(0, unbond(all));
    assert.equal(pool(chain, 10).seat, NO_SEAT);
    assert.equal(
      chain.refusal(4, { kind: 'delegate', validator: key(10), amount: hugs(1) }).rule,
      'stake/pool-closed',
    );
    auditStake(chain.state);
    const back = (calin: number) => ({ kind: 'delegate', validator: key(10), amount: hugs(calin) }) as const;
    assert.equal(chain.refusal(0, back(100)).rule, 'stake/bond-too-small', 'a part of a share is lost');
    chain.act(0, back(101));
    assert.notEqual(pool(chain, 10).seat, NO_SEAT, 'it is back');
    auditStake(chain.state);
    chain.act(0, unbond(shares(chain, 0, 10)), [], { producer: 11 });
    chain.act(4, unbond(shares(chain, 4, 10)), [], { producer: 11 });
    assert.equal(readPool(chain.view, key(10)), undefined, 'without shares a pool is gone');
    auditStake(chain.state);
  });

  test('too small a delegation is refused rather than rounded away', () => {
    const chain = new StakeChain();
    const delegate = (value: number) =>
      ({ kind: 'delegate', validator: key(10), amount: amount(value) }) as const;
    assert.equal(chain.refusal(4, delegate(999_999)).rule, 'stake/too-little');
    chain.act(4, delegate(1_000_000));
    assert.equal(chain.refusal(4, delegate(1_000_000)).rule, 'stake/too-little', 'a share is worth more now');
  });
});

describe('unbonding', () => {
  test('rests until nothing of its time can be shown, and is withdrawn to the hug', () => {
    const chain = new StakeChain();
    chain.act(1, { kind: 'unbond', validator: key(11), amount: hugs(500) });
    const withdraw = (value: number, epoch = 0) =>
      ({ kind: 'withdraw', validator: key(11), epoch, amount: amount(value) }) as const;
    // Begun in epoch 0, counted in that of epoch 1, and two more epochs of rest.
    chain.goTo(3);
    const resting = chain.refusal(1, withdraw(hugs(500)));
    assert.deepEqual([resting.rule, resting.evidence['expected']], ['stake/resting', 4]);
    chain.goTo(4);
    const wrong = chain.refusal(1, withdraw(hugs(500) - 1));
    assert.deepEqual([wrong.rule, wrong.evidence['expected']], ['stake/withdraw-amount', hugs(500)]);
    assert.equal(chain.refusal(2, withdraw(hugs(500))).rule, 'stake/unbonding-unknown');
    chain.act(1, withdraw(hugs(500)));
    assert.deepEqual(readUnbondings(chain.view, testKey(1).address), []);
    assert.equal(chain.refusal(1, withdraw(hugs(500))).rule, 'stake/unbonding-unknown');
    auditStake(chain.state);
  });

  test('of one validator and epoch is one entry; more than sixteen are refused', () => {
    const chain = new StakeChain(stakeSpec({ epochBlocks: 1, unbondingEpochs: 100 }));
    const unbond = { kind: 'unbond', validator: key(12), amount: hugs(10) } as const;
    chain.add([chain.make(2, [unbond, unbond])]);
    assert.equal(readUnbondings(chain.view, testKey(2).address).length, 1);
    for (let i = 1; i < 16; i++) chain.act(2, unbond);
    assert.equal(chain.refusal(2, unbond).rule, 'stake/unbondings-full');
    auditStake(chain.state);
  });
});

describe('offences', () => {
  const doubleSign = (n: number, epoch: number, claim = 0) =>
    ({
      kind: 'evidence',
      claim: amount(claim),
      bytes: vectorEvidence(key(n), epoch, 'double-sign'),
    }) as const;

  test('cost the pool, jail for ever, pay the sender its part, and count once', () => {
    const chain = new StakeChain();
    const before = pool(chain, 12);
    const lost = Math.floor((before.tokens * 50) / 1000);
    const claim = Math.floor((lost * 50) / 1000);
    const { burned } = readSupply(chain.view);
    assert.equal(chain.refusal(5, doubleSign(12, 0, claim + 1)).rule, 'evidence/claim');
    const { result } = chain.act(5, doubleSign(12, 0, claim));
    assert.equal(pool(chain, 12).tokens, before.tokens - lost);
    assert.deepEqual([pool(chain, 12).jailedUntil, pool(chain, 12).seat], [FOR_EVER, NO_SEAT]);
    const fees = readSupply(viewOf(result.state)).burned - burned - (lost - claim);
    assert.ok(fees > 0 && fees < 10_000, 'burned beside the base fee');
    assert.equal(chain.refusal(5, doubleSign(12, 0)).rule, 'evidence/known');
    assert.equal(chain.refusal(2, { kind: 'unjail', validator: key(12) }).rule, 'stake/jailed');
    assert.equal(
      chain.refusal(4, { kind: 'delegate', validator: key(12), amount: hugs(5) }).rule,
      'stake/pool-closed',
    );
    chain.endEpoch();
    assert.deepEqual(members(chain, 2).toSorted(), [10, 11]);
    auditStake(chain.state);
    chain.act(2, { kind: 'unbond', validator: key(12), amount: shares(chain, 2, 12) });
    assert.equal(readPool(chain.view, key(12)), undefined);
    assert.equal(chain.refusal(3, bond(12, 1000), [12]).rule, 'stake/convicted');
    assert.equal(readConvictions(chain.view, key(12)).length, 1);
  });

  test('reach what rests, unless it had left the last set before', () => {
    const chain = new StakeChain();
    const unbond = (n: number) => ({ kind: 'unbond', validator: key(12), amount: hugs(n) }) as const;
    chain.act(2, unbond(100));
    chain.goTo(2);
    chain.act(2, unbond(200));
    chain.endEpoch();
    // What left in epoch 0 counted in the set of epoch 1, but not in that of epoch 2.
    chain.act(5, doubleSign(12, 2));
    chain.goTo(4);
    const withdraw = (epoch: number, value: number) =>
      ({ kind: 'withdraw', validator: key(12), epoch, amount: amount(value) }) as const;
    chain.act(2, withdraw(0, hugs(100)));
    chain.goTo(6);
    assert.equal(chain.refusal(2, withdraw(2, hugs(200))).evidence['expected'], hugs(190));
    chain.act(2, withdraw(2, hugs(190)));
    auditStake(chain.state);
  });

  test('that cost everything leave nothing that rests for ever', () => {
    const slashPermille = { 'double-sign': 1000, 'lock-break': 1000, surround: 1000 };
    const chain = new StakeChain(stakeSpec({ slashPermille }));
    chain.act(2, { kind: 'unbond', validator: key(12), amount: hugs(100) });
    chain.act(5, doubleSign(12, 0), [], { producer: 20 });
    assert.equal(pool(chain, 12).tokens, 0);
    chain.act(2, { kind: 'unbond', validator: key(12), amount: shares(chain, 2, 12) }, [], { producer: 20 });
    assert.equal(readPool(chain.view, key(12)), undefined);
    const { length } = readUnbondings(chain.view, testKey(2).address);
    assert.equal(length, 1, 'what was worth nothing rests nowhere');
    chain.goTo(4, { producer: 20 });
    auditStake(chain.state);
    const withdraw = { kind: 'withdraw', validator: key(12), epoch: 0 } as const;
    assert.equal(chain.refusal(2, { ...withdraw, amount: amount(1) }).rule, 'stake/withdraw-amount');
    chain.act(2, { ...withdraw, amount: amount(0) });
    assert.deepEqual(readUnbondings(chain.view, testKey(2).address), []);
    auditStake(chain.state);
  });

  test('follow stake that was moved to another validator, and what was moved cannot leave before', () => {
    const chain = new StakeChain();
    chain.act(4, { kind: 'delegate', validator: key(12), amount: hugs(1000) }, [], { producer: 20 });
    const move = { kind: 'redelegate', from: key(12), to: key(11), shares: hugs(1000) } as const;
    chain.act(4, move, [], { producer: 20 });
    assert.equal(shares(chain, 4, 11), hugs(1000));
    const unbond = (n: number) => ({ kind: 'unbond', validator: key(11), amount: amount(n) }) as const;
    assert.equal(chain.refusal(4, unbond(hugs(1000))).rule, 'stake/tied');
    assert.equal(chain.refusal(4, { ...move, from: key(11), to: key(10) }).rule, 'stake/tied');
    chain.act(5, doubleSign(12, 0), [], { producer: 20 });
    const before = pool(chain, 11).tokens;
    chain.act(4, { kind: 'delegate', validator: key(11), amount: hugs(1) }, [], { producer: 20 });
    assert.equal(shares(chain, 4, 11), hugs(951), 'a twentieth of what was moved is gone');
    assert.equal(pool(chain, 11).tokens, before - hugs(50) + hugs(1));
    auditStake(chain.state);
    chain.goTo(4, { producer: 20 });
    chain.act(4, unbond(hugs(951)), [], { producer: 20 });
    assert.equal(shares(chain, 4, 11), 0, 'free once nothing can be shown any more');
    auditStake(chain.state);
  });

  test('are of a validator, in an epoch that is neither over nor to come, for a chain with a judge', () => {
    const chain = new StakeChain();
    assert.equal(chain.refusal(5, doubleSign(13, 0)).rule, 'evidence/not-a-validator');
    assert.equal(chain.refusal(5, doubleSign(12, 1)).rule, 'evidence/epoch');
    const tx = chain.make(5, [{ kind: 'evidence', claim: amount(0), bytes: Uint8Array.of(1) }]);
    assert.throws(() => chain.add([tx]), /codec\/truncated/);
    chain.goTo(3);
    assert.equal(chain.refusal(5, doubleSign(12, 0)).rule, 'evidence/epoch');
    chain.act(5, doubleSign(12, 1));
    auditStake(chain.state);
  });

  test('a worse one after the first costs more of what is left', () => {
    const chain = new StakeChain();
    chain.act(5, doubleSign(12, 0), [], { producer: 20 });
    const before = pool(chain, 12).tokens;
    const bytes = vectorEvidence(key(12), 0, 'surround');
    chain.act(5, { kind: 'evidence', claim: amount(0), bytes }, [], { producer: 20 });
    assert.equal(pool(chain, 12).tokens, before - Math.floor(before / 2));
    auditStake(chain.state);
  });
});

describe('silence', () => {
  test('more missed turns than allowed jail at the end of the epoch; the owner ends it later', () => {
    const chain = new StakeChain();
    chain.add([], { producer: 10, missed: [key(11), key(12)] });
    chain.add([], { producer: 12, missed: [key(11)] });
    chain.endEpoch();
    assert.equal(pool(chain, 11).jailedUntil, 2);
    assert.equal(pool(chain, 12).jailedUntil, 0, 'half is not more than half');
    assert.deepEqual(members(chain, 2).toSorted(), [10, 12]);
    const unjail = { kind: 'unjail', validator: key(11) } as const;
    assert.equal(chain.refusal(1, unjail).rule, 'stake/jailed');
    chain.goTo(2);
    assert.equal(chain.refusal(0, unjail).rule, 'stake/not-owner');
    chain.act(1, unjail);
    assert.equal(chain.refusal(1, unjail).rule, 'stake/not-jailed');
    chain.endEpoch();
    assert.deepEqual(members(chain, 4).toSorted(), [10, 11, 12]);
    auditStake(chain.state);
  });

  test('counts begin anew with each epoch', () => {
    const chain = new StakeChain(stakeSpec({ missedPermilleMax: 700 }));
    chain.goTo(0);
    for (let i = 0; i < 3; i++) chain.add([], { producer: 11 });
    chain.add([], { producer: 10 });
    chain.add([], { producer: 10, missed: [key(11)] });
    assert.deepEqual([pool(chain, 11).turnsTaken, pool(chain, 11).turnsMissed], [0, 1]);
    chain.endEpoch();
    assert.notEqual(pool(chain, 11).jailedUntil, 0);
  });

  test('certificates count once, in order, in their epoch, and name members', () => {
    const chain = new StakeChain();
    chain.add();
    assert.equal(chain.refusedNews(certificate(0, 2, [10])).rule, 'certificate/height');
    assert.equal(chain.refusedNews(certificate(1, 1, [10])).rule, 'certificate/epoch');
    assert.equal(chain.refusedNews(certificate(0, 1, [10, 13])).rule, 'certificate/not-a-validator');
    assert.equal(chain.refusedNews(certificate(0, 1, [10, 10])).rule, 'certificate/not-a-validator');
    chain.add([], { news: certificate(0, 1, [10, 11]) });
    assert.equal(chain.refusedNews(certificate(0, 1, [12])).rule, 'certificate/height');
    chain.add([], { news: certificate(0, 2, [10, 11, 12]) });
    const { certificate: bytes } = certificate(0, 3, [10]);
    assert.equal(chain.refusal(5, { kind: 'certificate', bytes }).rule, 'certificate/reward-only');
    const { certificates, signed, height } = readAttendance(chain.view, 0) ?? {};
    assert.deepEqual([certificates, height], [2, 2]);
    assert.deepEqual(
      signed?.toSorted((a, b) => a - b),
      [1, 2, 2],
    );
  });

  test('who signs nothing in an epoch is jailed, where there are enough certificates to tell', () => {
    for (const [epochBlocks, expected] of [
      [16, [0, 0, 0]],
      [17, [0, 0, 2]],
    ] as const) {
      const chain = new StakeChain(stakeSpec({ epochBlocks }));
      chain.add();
      while (chain.epoch === 0) {
        // Key 11 signs a single one, the last.
        const signers = chain.height === epochBlocks - 1 ? [10, 11] : [10];
        chain.add([], { news: certificate(0, chain.height, signers) });
      }
      assert.deepEqual(
        [10, 11, 12].map((n) => pool(chain, n).jailedUntil),
        expected,
        `${epochBlocks} blocks`,
      );
    }
  });
});

function certificate(epoch: number, height: number, signers: readonly number[]) {
  return { evidence: [], certificate: vectorCertificate(epoch, height, signers.map(key)) };
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../../base/amount.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { readSupply } from '../supply.ts';
import { testKey } from '../testing/owners.testing.ts';
import { auditStake } from '../testing/stake-audit.testing.ts';
import { BY_VOTES, CALIN, MINED_BY_VOTES, StakeChain, stakeSpec } from '../testing/stake-chain.testing.ts';
import { vectorCertificate, vectorEvidence } from '../vector-judge.ts';
import { readDelegation } from './delegation.ts';
import { readPool } from './pool.ts';
import { readSignersPot } from './signers-pot.ts';

const key = (n: number): PublicKey => testKey(n).publicKey;
const tokens = (chain: StakeChain, n: number) => readPool(chain.view, key(n))?.tokens ?? 0;
const worths = (chain: StakeChain): number[] => [10, 11, 12].map((n) => tokens(chain, n));
const certified = (chain: StakeChain, signers: readonly number[]) => ({
  evidence: [],
  certificate: vectorCertificate(chain.epoch, chain.height, signers.map(key)),
});

/** Adds the blocks of an epoch of four, with a certificate in each but the first. */
function signEpoch(chain: StakeChain, signers: readonly (readonly number[])[]): void {
  chain.add([], { producer: 20 });
  for (const some of signers) chain.add([], { producer: 20, news: certified(chain, some) });
}

describe('a part of each reward for those who sign', () => {
  it('waits for the end of the epoch, and is parted by weight and by what each has signed', () => {
    const chain = new StakeChain(stakeSpec({}, MINED_BY_VOTES));
    const { reward } = chain.spec.economy;
    const part = Math.floor(reward / 4);
    const before = worths(chain);
    const { block } = chain.add([], { producer: 20 });
    assert.equal(block.transactions[0]?.outputs[0]?.amount, reward - part, "the rest is the miner's");
    assert.equal(readSignersPot(chain.view), part);
    auditStake(chain.state);
    for (const signers of [[10, 11, 12], [11, 12], [12]]) {
      chain.add([], { producer: 20, news: certified(chain, signers) });
    }
    assert.equal(readSignersPot(chain.view), 0);
    const pot = 4 * part;
    // 1,000, 2,000 and 3,000 of 6,000 CALIN; one, two and three of three certificates.
    const parts = [1, 4, 9].map((weight) => Math.floor((pot * weight) / 18));
    assert.deepEqual(
      worths(chain),
      before.map((old, i) => old + (parts[i] as number)),
    );
    const burned = pot - parts.reduce((sum, one) => sum + one, 0);
    assert.equal(readSupply(chain.view).burned, burned, "what was not signed for is nobody's");
    auditStake(chain.state);
  });

  it('pays the commission in shares of the owner, which make nobody else poorer', () => {
    const chain = new StakeChain(stakeSpec({}, MINED_BY_VOTES));
    chain.act(4, { kind: 'delegate', validator: key(12), amount: amount(3000 * CALIN) }, [], {
      producer: 20,
    });
    const shares = (owner: number) => readDelegation(chain.view, testKey(owner).address, key(12)).shares;
    const [owned, delegated] = [shares(2), shares(4)];
    const before = tokens(chain, 12);
    for (const signers of [[12], [12], [12]])
      chain.add([], { producer: 20, news: certified(chain, signers) });
    const earned = tokens(chain, 12) - before;
    assert.equal(shares(4), delegated);
    const pool = readPool(chain.view, key(12));
    assert.ok(pool !== undefined && earned > 0);
    const gain = (pool.tokens / pool.shares) * delegated - 3000 * CALIN;
    // Half of the pool, less a commission of 10 %.
    assert.ok(Math.abs(gain - 0.45 * earned) < 10, `${gain} of ${earned}`);
    assert.ok(shares(2) > owned);
    auditStake(chain.state);
  });

  it('pays no commission to an owner who has left: all goes to those who are still there', () => {
    const chain = new StakeChain(stakeSpec({}, MINED_BY_VOTES));
    const stake = { validator: key(12), amount: amount(3000 * CALIN) } as const;
    chain.add(
      [chain.make(4, [{ kind: 'delegate', ...stake }]), chain.make(2, [{ kind: 'unbond', ...stake }])],
      {
        producer: 20,
      },
    );
    for (const signers of [[12], [12], [12]])
      chain.add([], { producer: 20, news: certified(chain, signers) });
    const pool = readPool(chain.view, key(12));
    assert.ok(pool !== undefined && pool.tokens > 3000 * CALIN);
    assert.equal(pool.shares, 3000 * CALIN);
    assert.equal(readDelegation(chain.view, testKey(2).address, key(12)).shares, 0);
    auditStake(chain.state);
  });

  it('stays for the next epoch where nobody has signed', () => {
    const chain = new StakeChain(stakeSpec({}, MINED_BY_VOTES));
    chain.endEpoch({ producer: 20 });
    const part = Math.floor(chain.spec.economy.reward / 4);
    assert.equal(readSignersPot(chain.view), 4 * part);
    signEpoch(chain, [
      [10, 11, 12],
      [10, 11, 12],
      [10, 11, 12],
    ]);
    assert.equal(readSignersPot(chain.view), 0);
    assert.ok(worths(chain).reduce((sum, one) => sum + one, 0) - 6000 * CALIN > 8 * part - 3);
    auditStake(chain.state);
  });

  it('gives nothing to who was convicted in the epoch', () => {
    const chain = new StakeChain(stakeSpec({}, MINED_BY_VOTES));
    signEpoch(chain, [
      [10, 12],
      [10, 12],
    ]);
    const news = { ...certified(chain, [10, 12]), evidence: [vectorEvidence(key(12), 0, 'double-sign')] };
    chain.add([], { producer: 20, news });
    assert.equal(tokens(chain, 12), 2850 * CALIN);
    assert.ok(tokens(chain, 10) > 1000 * CALIN);
    auditStake(chain.state);
  });

  it('comes off before a producer and its pool share the rest', () => {
    const chain = new StakeChain(stakeSpec({}, BY_VOTES));
    const { reward } = chain.spec.economy;
    const made = reward - Math.floor(reward / 4);
    const { block } = chain.add([], { producer: 11 });
    const commission = Math.floor(made / 10);
    assert.equal(block.transactions[0]?.outputs[0]?.amount, commission);
    assert.equal(tokens(chain, 11), 2000 * CALIN + made - commission);
  });

  it('is none where depth makes blocks final, or the chain says so', () => {
    const none = [stakeSpec(), stakeSpec({ signersPermille: 0 }, MINED_BY_VOTES)];
    for (const spec of none) {
      const chain = new StakeChain(spec);
      chain.endEpoch();
      assert.equal(readSignersPot(chain.view), 0);
    }
  });
});

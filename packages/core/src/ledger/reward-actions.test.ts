import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Amount, amount } from '../base/amount.ts';
import type { Refusal } from '../base/result.ts';
import type { PublicKey } from '../crypto/signature.ts';
import { decodeReceipts } from '../primitives/receipt.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { encodeAction, type LedgerAction } from './actions/registry.ts';
import { draftBlock } from './build-block.ts';
import type { BlockEnvironment } from './environment.ts';
import { NO_NEWS, REWARD_EVIDENCE_MAX } from './reward-actions.ts';
import { readAttendance } from './stake/attendance.ts';
import { readConvictions } from './stake/convictions.ts';
import { FOR_EVER, readPool } from './stake/pool.ts';
import { testKey } from './testing/owners.testing.ts';
import { auditStake } from './testing/stake-audit.testing.ts';
import { CALIN, StakeChain, stakeSpec } from './testing/stake-chain.testing.ts';
import { vectorCertificate, vectorEvidence } from './vector-judge.ts';

const key = (n: number): PublicKey => testKey(n).publicKey;
const evidence = (n: number, claim = 0, epoch = 0): LedgerAction => ({
  kind: 'evidence',
  claim: amount(claim),
  bytes: vectorEvidence(key(n), epoch, 'double-sign'),
});
const certificate = (height: number, signers: readonly number[]): LedgerAction => ({
  kind: 'certificate',
  bytes: vectorCertificate(0, height, signers.map(key)),
});

/** What the ledger says to a block of nothing but a reward with these actions. */
function refusalOf(
  chain: StakeChain,
  actions: readonly LedgerAction[],
  changes: Partial<BlockEnvironment> = {},
): Refusal {
  return chain.rewardRefusal(actions.map(encodeAction), changes);
}

describe('a reward that tells what validators did', () => {
  it('convicts, counts, and pays the claim to whom the producer has named', () => {
    const chain = new StakeChain();
    chain.add();
    const news = {
      evidence: [vectorEvidence(key(12), 0, 'double-sign'), vectorEvidence(key(11), 0, 'surround')],
      certificate: vectorCertificate(0, 1, [key(10), key(11)]),
    };
    const { block, result } = chain.add([], { news });
    const [reward] = block.transactions as [Transaction];
    assert.deepEqual(
      reward.actions.map(({ tag }) => tag),
      [12, 12, 13],
    );
    // 5 % of what the pools of 3,000 and 2,000 CALIN lose: 50 and 500 thousandths.
    const claims = (0.05 * (3000 * 0.05 + 2000 * 0.5) * CALIN) as Amount;
    const commission = Math.floor((chain.spec.economy.reward * 100) / 1000);
    assert.deepEqual(reward.outputs, [
      { asset: 0, amount: commission + claims, address: testKey(0).address },
    ]);
    for (const n of [11, 12]) assert.equal(readPool(chain.view, key(n))?.jailedUntil, FOR_EVER);
    assert.equal(readAttendance(chain.view, 0)?.certificates, 1);
    assert.equal(readConvictions(chain.view, key(12)).length, 1);
    const { gasPerByte, gasPerAction } = chain.spec.fees;
    const bytes = reward.actions.reduce((sum, { body }) => sum + 4 + 4 * Math.ceil(body.length / 4), 0);
    const gas = bytes * gasPerByte + 3 * gasPerAction;
    assert.equal(block.header.gasUsed, gas);
    assert.deepEqual(decodeReceipts(result.receipts), [
      { txid: reward.txid, gasUsed: gas, fee: 0, burned: 0 },
    ]);
    auditStake(chain.state);
  });

  it('is done before all other transactions: they find the state that it leaves', () => {
    const chain = new StakeChain();
    const news = { evidence: [vectorEvidence(key(12), 0, 'double-sign')], certificate: undefined };
    const late = chain.make(5, [evidence(12)]);
    const other = chain.make(4, [{ kind: 'delegate', validator: key(12), amount: amount(CALIN) }]);
    const draft = draftBlock(
      chain.spec,
      chain.state,
      chain.genesis.header,
      chain.env(),
      [late, other],
      testKey(0).address,
      undefined,
      news,
    );
    assert.deepEqual(
      draft.refused.map(({ refusal }) => refusal.rule),
      ['evidence/known', 'stake/pool-closed'],
    );
  });

  it('pays no claim twice, and none above what there is', () => {
    const chain = new StakeChain();
    chain.add([], { news: { ...NO_NEWS, evidence: [vectorEvidence(key(12), 0, 'double-sign')] } });
    assert.equal(refusalOf(chain, [evidence(12)]).rule, 'evidence/known');
    const most = 2000 * 0.05 * 0.05 * CALIN;
    const refusal = refusalOf(chain, [evidence(11, most + 1)]);
    assert.deepEqual([refusal.rule, refusal.evidence['expected']], ['evidence/claim', most]);
    assert.equal(refusalOf(chain, [evidence(11, most)]).rule, 'block/gas-used-mismatch', 'all but the roots');
  });
});

describe('a block is refused by name', () => {
  const chain = new StakeChain();
  chain.add();
  const cases: readonly (readonly [string, string, readonly LedgerAction[]])[] = [
    ['a signer who is no validator', 'certificate/not-a-validator', [certificate(1, [10, 5])]],
    ['a certificate of the block itself', 'certificate/height', [certificate(2, [10])]],
    ['evidence against nobody', 'evidence/not-a-validator', [evidence(5)]],
    ['evidence of an epoch to come', 'evidence/epoch', [evidence(12, 0, 1)]],
    ['evidence twice', 'evidence/known', [evidence(12), evidence(12)]],
    [
      'bytes that are no evidence',
      'codec/truncated',
      [{ kind: 'evidence', claim: amount(0), bytes: new Uint8Array(3) }],
    ],
    ['two certificates', 'block/reward-actions', [certificate(1, [10]), certificate(1, [10])]],
    [
      'too much evidence',
      'block/reward-actions',
      Array.from({ length: REWARD_EVIDENCE_MAX + 1 }, () => evidence(12)),
    ],
    [
      'evidence that is too long',
      'block/reward-actions',
      [{ kind: 'evidence', claim: amount(0), bytes: new Uint8Array(4097) }],
    ],
    ['another action', 'block/reward-actions', [{ kind: 'unjail', validator: key(12) }]],
    [
      'more than a transaction may hold',
      'block/reward-actions',
      [{ kind: 'certificate', bytes: new Uint8Array(chain.spec.limits.transactionBytesMax - 60 - 3) }],
    ],
  ];
  for (const [what, rule, actions] of cases) {
    it(`for ${what}`, () => {
      const refusal = refusalOf(chain, actions);
      assert.deepEqual([refusal.rule, refusal.banPoints, refusal.retry], [rule, 100, false]);
    });
  }

  it('which says which transaction and which action', () => {
    const { evidence: found } = refusalOf(chain, [evidence(12), certificate(1, [10, 10])]);
    assert.deepEqual([found['transaction'], found['action']], [0, 1]);
  });

  it('where nobody can read what it tells', () => {
    assert.equal(refusalOf(chain, [evidence(12)], { judge: undefined }).rule, 'evidence/no-judge');
    assert.equal(refusalOf(chain, [certificate(1, [])], { judge: undefined }).rule, 'evidence/no-judge');
  });

  it('for more gas than a block may use', () => {
    const { limits, ...rest } = chain.spec;
    const narrow = new StakeChain({ ...rest, limits: { ...limits, blockGasMax: 100 } });
    assert.equal(refusalOf(narrow, [evidence(12)]).rule, 'block/gas-exceeded');
  });
});

describe('a producer', () => {
  const drafted = (chain: StakeChain, news: typeof NO_NEWS, transactions: readonly Transaction[] = []) => {
    const parent = (chain.blocks.at(-1)?.block ?? chain.genesis).header;
    const { address } = testKey(0);
    return draftBlock(chain.spec, chain.state, parent, chain.env(), transactions, address, undefined, news);
  };

  it('leaves out what does not hold, and hears of it', () => {
    const chain = new StakeChain();
    const good = vectorEvidence(key(12), 0, 'double-sign');
    const bad = [good, vectorEvidence(key(5), 0, 'double-sign'), new Uint8Array(5000)];
    const late = vectorCertificate(0, 7, [key(10)]);
    const draft = drafted(chain, { evidence: [good, ...bad], certificate: late });
    assert.equal(draft.transactions[0]?.actions.length, 1);
    assert.deepEqual(
      draft.refusedNews.map(({ bytes, refusal }) => [bytes, refusal.rule]),
      [
        [bad[0], 'evidence/known'],
        [bad[1], 'evidence/not-a-validator'],
        [bad[2], 'block/reward-actions'],
        [late, 'certificate/height'],
      ],
    );
  });

  it('takes no more than a reward holds', () => {
    const many = stakeSpec({ membersMax: 6 });
    const { validators } = many.consensus;
    assert.ok(validators?.kind === 'stake');
    const [stake] = validators.stakes;
    assert.ok(stake !== undefined);
    const stakes = [10, 11, 12, 13, 14, 15].map((n) => ({ ...stake, publicKey: key(n) }));
    const chain = new StakeChain(stakeSpec({ membersMax: 6, stakes }));
    chain.add();
    const pieces = [11, 12, 13, 14, 15].map((n) => vectorEvidence(key(n), 0, 'double-sign'));
    const news = { evidence: pieces, certificate: vectorCertificate(0, 1, [key(10)]) };
    const draft = drafted(chain, news);
    assert.deepEqual(
      draft.transactions[0]?.actions.map(({ tag }) => tag),
      [12, 12, 12, 12, 13],
    );
    assert.deepEqual(draft.refusedNews, [], 'the fifth waits');
    chain.add([], { news: { ...news, evidence: pieces.slice(0, 4) } });
  });

  it('keeps room for what the reward tells, in bytes and in gas', () => {
    const base = new StakeChain();
    const tx = base.make(3, []);
    const news = { evidence: [], certificate: vectorCertificate(0, 0, []) };
    const count = (limits: Partial<typeof base.spec.limits>) => {
      const chain = new StakeChain({ ...base.spec, limits: { ...base.spec.limits, ...limits } });
      const made = chain.make(3, []);
      assert.equal(made.bytes.length, tx.bytes.length);
      const { transactions } = drafted(chain, news, [made]);
      return [transactions[0]?.actions.length, transactions.length - 1];
    };
    const actionBytes = 16;
    const blockBytes = 196 + 4 + 60 + actionBytes + tx.bytes.length;
    assert.deepEqual(count({ blockBytesMax: blockBytes }), [1, 1]);
    assert.deepEqual(count({ blockBytesMax: blockBytes - 1 }), [1, 0]);
    assert.deepEqual(count({ transactionBytesMax: 60 + actionBytes, blockBytesMax: blockBytes }), [1, 0]);
    assert.deepEqual(count({ transactionBytesMax: 60 + actionBytes - 1, blockBytesMax: blockBytes }), [0, 0]);
    const { gasPerByte, gasPerAction } = base.spec.fees;
    const gas = actionBytes * gasPerByte + gasPerAction;
    assert.deepEqual(count({ blockGasMax: gas })[0], 1);
    assert.deepEqual(count({ blockGasMax: gas - 1 })[0], 0);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../../base/amount.ts';
import { createBlock, transactionRoot } from '../../primitives/block.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import { encodeValidatorSet } from '../../primitives/validator-set.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import { proveState, verifyStateProof } from '../../state/state-proof.ts';
import { storageKey, storageValueHash } from '../../state/storage.ts';
import { Overlay } from '../../state/view.ts';
import { parseAction } from '../actions/registry.ts';
import { applyBlock } from '../apply-block.ts';
import { applyTransaction } from '../apply-transaction.ts';
import { createReward } from '../reward-transaction.ts';
import { testKey } from '../testing/owners.testing.ts';
import { authoritySpec, CALIN, StakeChain, stakeSpec } from '../testing/stake-chain.testing.ts';
import { SIGNATURES_CHECKED } from '../transaction-signatures.ts';
import { vectorEvidence } from '../vector-judge.ts';
import { writeAuthorities } from './authorities.ts';
import { writeConvictions } from './convictions.ts';
import { delegationKey, readDelegation } from './delegation.ts';
import { CONVICTIONS_MAX, POOLS_MAX } from './limits.ts';
import { newPool, readPool } from './pool.ts';
import { refuseStake } from './rules.ts';
import { seatCount, seatedPools, takeSeat } from './seats.ts';
import { readValidatorSet, validatorSetKey } from './validator-sets.ts';

const key = (n: number) => testKey(n).publicKey;
const hugs = (calin: number) => amount(calin * CALIN);

function ruleOf(bytes: readonly number[], tag: number): string {
  const parsed = parseAction({ tag, body: Uint8Array.from(bytes) });
  return parsed.ok ? '' : parsed.error.rule;
}

const zeros = (count: number) => Array.from({ length: count }, () => 0);

test('bodies that say nothing are refused before any state is read', () => {
  for (const tag of [6, 7]) assert.equal(ruleOf(zeros(40), tag), 'stake/amount-zero');
  assert.equal(ruleOf([...zeros(64), 1, ...zeros(7)], 8), 'stake/same-validator');
  assert.equal(ruleOf([1, ...zeros(71)], 8), 'stake/amount-zero');
  assert.equal(ruleOf([...zeros(32), 3, ...zeros(32)], 14), 'codec/unknown-tag');
});

test('a reward that goes elsewhere than the validator has said is refused', () => {
  const chain = new StakeChain();
  const { block, env, before } = chain.add();
  const { outputs } = block.transactions[0] as Transaction;
  const reward = createReward(env, testKey(5).address, amount(outputs[0]?.amount ?? 0));
  const other = createBlock({ ...block.header, txRoot: transactionRoot([reward]) }, [reward]);
  const applied = applyBlock(chain.spec, before, other, env, SIGNATURES_CHECKED);
  assert.equal(applied.ok ? '' : applied.error.rule, 'stake/reward-owner');
});

test('a chain whose consensus signs nothing takes no evidence and no certificates', () => {
  const chain = new StakeChain();
  const tx = chain.make(5, [
    { kind: 'evidence', claim: amount(0), bytes: vectorEvidence(key(12), 0, 'surround') },
  ]);
  const env = { ...chain.env(), judge: undefined };
  const applied = applyTransaction(chain.spec, new Overlay(chain.view), tx, env, SIGNATURES_CHECKED);
  assert.equal(applied.ok ? '' : applied.error.rule, 'evidence/no-judge');
});

test('a log of convictions has an end', () => {
  const chain = new StakeChain(stakeSpec({ unbondingEpochs: 1000 }));
  const overlay = new Overlay(chain.view);
  const line = { epoch: 7, offence: 'surround', permille: 1, height: 1, id: new Uint8Array(32) } as const;
  writeConvictions(
    overlay,
    key(12),
    Array.from({ length: CONVICTIONS_MAX }, () => line),
  );
  const tx = chain.make(5, [
    { kind: 'evidence', claim: amount(0), bytes: vectorEvidence(key(12), 0, 'surround') },
  ]);
  const applied = applyTransaction(chain.spec, overlay, tx, chain.env(), SIGNATURES_CHECKED);
  assert.equal(applied.ok ? '' : applied.error.rule, 'evidence/full');
});

test('seats have no gaps whoever leaves, and there is no more than the last', () => {
  const chain = new StakeChain();
  const overlay = new Overlay(chain.view);
  assert.deepEqual(
    [...seatedPools(overlay)].map(({ seat }) => seat),
    [0, 1, 2],
  );
  const identity = { owner: key(0), payTo: key(0), commissionPermille: 0 };
  for (let seat = 3; seat < POOLS_MAX; seat++) {
    const publicKey = new Uint8Array(32).fill(seat & 255).fill(seat >> 8, 0, 1);
    assert.equal(takeSeat(overlay, newPool({ ...identity, publicKey }), 1)?.seat, seat);
  }
  assert.equal(seatCount(overlay), POOLS_MAX);
  assert.equal(takeSeat(overlay, newPool({ ...identity, publicKey: key(5) }), 1), undefined);
  const bond = { kind: 'bond', publicKey: key(13), payTo: key(13), amount: hugs(100) } as const;
  const tx = chain.make(5, [{ ...bond, commissionPermille: 0 }], [13]);
  const applied = applyTransaction(chain.spec, overlay, tx, chain.env(), SIGNATURES_CHECKED);
  assert.equal(applied.ok ? '' : applied.error.rule, 'stake/pools-full');
});

test('one delegation answers for at most four other validators and epochs', () => {
  const chain = new StakeChain(stakeSpec({ epochBlocks: 1, unbondingEpochs: 50 }));
  chain.act(2, { kind: 'delegate', validator: key(11), amount: hugs(10) });
  const move = { kind: 'redelegate', from: key(12), to: key(11), shares: hugs(10) } as const;
  chain.add([chain.make(2, [move, move])]);
  for (let i = 0; i < 3; i++) chain.act(2, move);
  assert.equal(readDelegation(chain.view, testKey(2).address, key(11)).ties.length, 4);
  assert.equal(chain.refusal(2, move).rule, 'stake/ties-full');
  const fee = chain.refusal(2, { ...move, to: key(13) });
  assert.equal(fee.rule, 'stake/validator-unknown');
});

test('a weak key cannot become a validator', () => {
  const chain = new StakeChain();
  const bond = { kind: 'bond', payTo: key(0), amount: hugs(100), commissionPermille: 0 } as const;
  const small = new Uint8Array(32).fill(1, 0, 1);
  const opening = {
    lock: { kind: 'key', publicKey: small },
    path: 0,
    signers: [{ ...testKey(0), publicKey: small }],
  } as const;
  const tx = chain.makeWith(3, [{ ...bond, publicKey: small }], [opening]);
  const applied = applyTransaction(chain.spec, new Overlay(chain.view), tx, chain.env(), SIGNATURES_CHECKED);
  assert.equal(applied.ok ? '' : applied.error.rule, 'stake/key-weak');
});

test('a set and a delegation are proved against the state root of a header', () => {
  const chain = new StakeChain();
  chain.act(4, { kind: 'delegate', validator: key(11), amount: hugs(10) });
  chain.endEpoch();
  const { state, view } = chain;
  const root = chain.blocks.at(-1)?.block.header.stateRoot ?? new Uint8Array(32);
  const set = readValidatorSet(view, 2);
  assert.ok(set);
  const shown = [
    { namespace: NAMESPACE.validators, key: validatorSetKey(2), value: encodeValidatorSet(set) },
    {
      namespace: NAMESPACE.delegation,
      key: delegationKey(testKey(4).address, key(11)),
      value: view.value(NAMESPACE.delegation, delegationKey(testKey(4).address, key(11))) as Uint8Array,
    },
  ];
  for (const entry of shown) {
    const name = storageKey(entry.namespace, entry.key);
    const checked = verifyStateProof(root, 'storage', name, proveState(state, 'storage', name));
    assert.ok(checked.ok);
    assert.deepEqual(checked.value.present ? checked.value.valueHash : undefined, storageValueHash(entry));
  }
  assert.equal(readPool(view, key(11))?.seat, 1);
});

test('there are as many authorities as a set can have', () => {
  const chain = new StakeChain(authoritySpec(1));
  const overlay = new Overlay(chain.view);
  const many = Array.from({ length: 1023 }, (_, n) => new Uint8Array(32).fill(n & 255).fill(n >> 8, 0, 1));
  writeAuthorities(overlay, [key(10), ...many]);
  const vote = { kind: 'authority-vote', voter: key(10), change: 'add', subject: key(11) } as const;
  const tx = chain.make(5, [vote], [10]);
  const applied = applyTransaction(chain.spec, overlay, tx, chain.env(), SIGNATURES_CHECKED);
  assert.equal(applied.ok ? '' : applied.error.rule, 'authority/full');
  assert.throws(() => writeAuthorities(overlay, []), /0 authorities/);
  assert.throws(
    () =>
      writeAuthorities(
        overlay,
        Array.from({ length: 1025 }, () => key(0)),
      ),
    /1025 authorities/,
  );
});

test('every rule has a sentence, a help and points that fit', () => {
  for (const [id, { message, help, banPoints = 0, retry = false }] of Object.entries(refuseStake.rules)) {
    assert.ok(message.endsWith('.') && help.endsWith('.'), id);
    assert.ok(!(retry && banPoints > 0), `${id} is honest and punished`);
  }
});

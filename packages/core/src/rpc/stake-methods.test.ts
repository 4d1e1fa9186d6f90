import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { concatBytes, equalBytes, fromHex, toHex } from '../base/bytes.ts';
import { validatorSetKey } from '../ledger/stake/validator-sets.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { AUTHORITY } from '../node/test-node.testing.ts';
import { parseValidatorSet } from '../primitives/validator-set.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { devSpec } from '../spec/presets.ts';
import { NAMESPACE, type Namespace } from '../state/namespaces.ts';
import { parseStateProof, verifyStateProof } from '../state/state-proof.ts';
import { storageKey, storageValueHash } from '../state/storage.ts';
import type { ParamsOf, ResultOf } from './method.ts';
import { METHODS, type Methods } from './methods.ts';
import { ALICE, rpcSpec, TestFace, textOf } from './node-view.testing.ts';

const CALIN = 100_000_000;
const KEY = toHex(AUTHORITY.publicKey);
const DELEGATED = amount(5 * CALIN);

/** A development chain whose only validator is the authority, with epochs of two blocks. */
function stakedSpec(kind: 'stake' | 'authorities' = 'stake'): ChainSpec {
  const { genesisTimeMs, allocations } = rpcSpec;
  const spec = devSpec({ authority: AUTHORITY.publicKey, genesisTimeMs, allocations, validators: kind });
  const { validators } = spec.consensus;
  assert.ok(validators !== undefined);
  return { ...spec, consensus: { ...spec.consensus, validators: { ...validators, epochBlocks: 2 } } };
}

function call<Name extends keyof Methods>(face: TestFace, name: Name, params: ParamsOf<Methods[Name]>) {
  const { result, error } = face.call(name, params);
  assert.equal(error, undefined, `${name}: ${JSON.stringify(error)}`);
  const shaped = METHODS[name].result.parse(result, 'result');
  assert.ok(shaped.ok, shaped.ok ? '' : JSON.stringify(shaped.error));
  assert.deepEqual(shaped.value, result);
  return result as ResultOf<Methods[Name]>;
}

function refused(face: TestFace, name: keyof Methods, params: unknown): string {
  const { error } = face.call(name, params);
  assert.deepEqual(face.failures, []);
  return (error as { data: { rule: string } }).data.rule;
}

/** The value under a key of the state after the head, proved by the node and checked here. */
function proved(face: TestFace, namespace: Namespace, key: Uint8Array): Uint8Array {
  const found = call(face, 'state_getProof', { namespace, key: toHex(key) });
  const proof = parseStateProof(fromHex(found.proof));
  assert.ok(proof.ok && found.value !== null);
  const root = fromHex(found.header.stateRoot);
  const checked = verifyStateProof(root, 'storage', storageKey(namespace, key), proof.value);
  assert.ok(checked.ok && checked.value.present);
  const value = fromHex(found.value);
  assert.ok(equalBytes(checked.value.valueHash, storageValueHash({ namespace, value })));
  return value;
}

describe('a chain with stake', () => {
  const face = new TestFace({ spec: stakedSpec() });
  const validator = AUTHORITY.publicKey;
  face.submit(face.payment(0, { actions: [{ kind: 'delegate', validator, amount: DELEGATED }] }));

  test('stake_getValidators lists a set, which state_getProof proves', () => {
    const now = call(face, 'stake_getValidators', {});
    assert.deepEqual(
      [now.kind, now.epoch, now.presentEpoch, now.firstHeight, now.lastHeight, now.certificates],
      ['stake', 0, 0, 1, 2, 0],
    );
    const [one] = now.validators;
    assert.equal(now.validators.length, 1);
    assert.equal(one?.publicKey, KEY);
    assert.equal(one?.address, textOf(AUTHORITY));
    assert.equal(one?.weight, 10_000 * CALIN, 'the set was chosen before the delegation');
    assert.equal(now.totalWeight, one?.weight);
    assert.equal(one?.signed, null);
    const { pool } = one ?? {};
    assert.ok(pool);
    assert.deepEqual([pool.owner, pool.isCandidate, pool.isJailed], [textOf(AUTHORITY), true, false]);
    assert.deepEqual([pool.turnsTaken, pool.turnsMissed], [1, 0]);
    assert.ok(pool.tokens > 10_005 * CALIN - 1, 'with a part of the reward');
    const set = parseValidatorSet(proved(face, NAMESPACE.validators, validatorSetKey(0)));
    assert.ok(set.ok && toHex(set.value.seed) === now.seed);
    assert.deepEqual(set.value.members, [{ publicKey: validator, weight: one?.weight }]);
    const record = toHex(proved(face, NAMESPACE.pool, AUTHORITY.address));
    assert.ok(record.startsWith(KEY + toHex(AUTHORITY.address)));
  });

  test('sets of other epochs are listed once they are decided', () => {
    assert.equal(call(face, 'stake_getValidators', { epoch: 1 }).certificates, null);
    assert.equal(refused(face, 'stake_getValidators', { epoch: 2 }), 'rpc/epoch-unknown');
    assert.equal(refused(face, 'stake_getValidators', { epoch: -1 }), 'json/range');
  });

  test('stake_getValidator finds one by its key or by the address that headers name', () => {
    const byKey = call(face, 'stake_getValidator', { publicKey: KEY });
    assert.deepEqual(call(face, 'stake_getValidator', { address: textOf(AUTHORITY) }), byKey);
    assert.deepEqual([byKey.presentEpoch, byKey.weight, byKey.convictions], [0, 10_000 * CALIN, []]);
    for (const wrong of [{}, { publicKey: KEY, address: textOf(AUTHORITY) }]) {
      assert.equal(refused(face, 'stake_getValidator', wrong), 'rpc/validator-selector');
    }
    const unknown = { publicKey: toHex(ALICE.publicKey) };
    assert.equal(refused(face, 'stake_getValidator', unknown), 'rpc/validator-unknown');
    assert.equal(refused(face, 'stake_getValidator', { address: 'dcal1' }), 'codec/address');
  });

  test('stake_getDelegations says what an address has, and what of it rests until when', () => {
    const { delegations, unbonding } = call(face, 'stake_getDelegations', { address: textOf(ALICE) });
    assert.deepEqual(unbonding, []);
    assert.equal(delegations.length, 1);
    const [held] = delegations;
    assert.deepEqual([held?.validator, held?.shares, held?.tied], [KEY, DELEGATED, []]);
    assert.ok((held?.worth ?? 0) > DELEGATED, 'its part of the reward');
    face.submit(face.payment(1, { actions: [{ kind: 'unbond', validator, amount: amount(2 * CALIN) }] }));
    face.node.advance(2000);
    const after = call(face, 'stake_getDelegations', { address: textOf(ALICE), validators: [KEY] });
    assert.equal(after.presentEpoch, 1);
    assert.equal(after.delegations[0]?.free, 3 * CALIN);
    const [resting] = after.unbonding;
    assert.deepEqual([resting?.validator, resting?.epoch, resting?.freeFrom], [KEY, 0, 5]);
    assert.ok(resting !== undefined && resting.worth === resting.amount && resting.worth >= 2 * CALIN);
    proved(face, NAMESPACE.delegation, concatBytes(ALICE.address, validator));
    proved(face, NAMESPACE.unbonding, ALICE.address);
    const none = call(face, 'stake_getDelegations', { address: textOf(testKey(9)) });
    assert.deepEqual([none.delegations, none.unbonding], [[], []]);
  });

  test('candidates are listed beside the members', () => {
    const bond = { publicKey: ALICE.publicKey, payTo: ALICE.address, amount: amount(1500 * CALIN) } as const;
    const rich = new TestFace({ spec: withRichAlice(stakedSpec()) });
    rich.submit(rich.payment(0, { actions: [{ kind: 'bond', ...bond, commissionPermille: 20 }] }));
    const list = (candidates: boolean) => call(rich, 'stake_getValidators', { candidates }).validators;
    assert.equal(list(false).length, 1);
    const [, candidate] = list(true);
    assert.equal(candidate?.publicKey, toHex(ALICE.publicKey));
    assert.deepEqual(
      [candidate?.weight, candidate?.signed, candidate?.pool?.ownStake],
      [0, null, 1500 * CALIN],
    );
  });
});

/** Twenty coins of 10,000 CALIN. */
function withRichAlice(spec: ChainSpec): ChainSpec {
  const allocations = spec.allocations.map(({ address }) => ({ address, amount: amount(10_000 * CALIN) }));
  return { ...spec, allocations };
}

describe('other chains', () => {
  test('authorities have no stake', () => {
    const face = new TestFace({ spec: stakedSpec('authorities') });
    const { kind, validators } = call(face, 'stake_getValidators', {});
    assert.equal(kind, 'authorities');
    assert.deepEqual(
      validators.map(({ publicKey, weight, pool }) => [publicKey, weight, pool]),
      [[KEY, 1, null]],
    );
    assert.equal(call(face, 'stake_getValidator', { publicKey: KEY }).weight, 1);
    assert.equal(refused(face, 'stake_getDelegations', { address: textOf(ALICE) }), 'rpc/stake-none');
  });

  test('a chain without validators says so', () => {
    const face = new TestFace();
    assert.equal(refused(face, 'stake_getValidators', {}), 'rpc/validators-none');
    assert.equal(refused(face, 'stake_getValidator', { publicKey: KEY }), 'rpc/validators-none');
    assert.equal(refused(face, 'stake_getDelegations', { address: textOf(ALICE) }), 'rpc/stake-none');
  });
});

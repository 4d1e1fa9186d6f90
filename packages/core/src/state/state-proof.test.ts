import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Result } from '../base/result.ts';
import { coinHash } from './coin.ts';
import { arbitraryChanges, exampleCoin, hashOf } from './state.testing.ts';
import {
  encodeStateProof,
  parseStateProof,
  proveState,
  STATE_PROOF_BYTES_MAX,
  type StateProof,
  verifyStateProof,
} from './state-proof.ts';
import { storageKey, storageValueHash } from './storage.ts';
import { applyChanges, emptyState, getCoin, getValue, stateRoot, type WorldState } from './world-state.ts';

const arbitraryState: fc.Arbitrary<WorldState> = arbitraryChanges.map(
  (changes) => applyChanges(emptyState, changes).state,
);

function ruleOf(result: Result<unknown>): string {
  return result.ok ? 'accepted' : result.error.rule;
}

describe('state proof', () => {
  test('of a coin tells what the state says', () => {
    fc.assert(
      fc.property(arbitraryState, fc.nat(30), (state, n) => {
        const key = hashOf(n);
        const coin = getCoin(state, key);
        const value = coin ? { present: true, valueHash: coinHash(coin) } : { present: false };
        checkProof(state, 'coins', key, value);
      }),
    );
  });

  test('of a storage entry tells what the state says', () => {
    fc.assert(
      fc.property(
        arbitraryState,
        fc.constantFrom(1 as const, 2 as const, 3 as const),
        fc.nat(8),
        (state, namespace, n) => {
          const value = getValue(state, namespace, Uint8Array.of(n));
          const expected = value
            ? { present: true, valueHash: storageValueHash({ namespace, value }) }
            : { present: false };
          checkProof(state, 'storage', storageKey(namespace, Uint8Array.of(n)), expected);
        },
      ),
    );
  });

  test('of the other map, of another state, or with a changed byte is refused', () => {
    const coins = Array.from({ length: 40 }, (_, n) => ({ key: hashOf(n), coin: exampleCoin(n) }));
    const entry = { namespace: 1 as const, key: Uint8Array.of(1), value: Uint8Array.of(2) };
    const { state } = applyChanges(emptyState, { coins, storage: [entry] });
    const root = stateRoot(state);
    const key = hashOf(3);
    const proof = proveState(state, 'coins', key);
    assert.equal(ruleOf(verifyStateProof(root, 'coins', key, proof)), 'accepted');
    const absentInStorage = proveState(state, 'storage', key);
    assert.equal(ruleOf(verifyStateProof(root, 'storage', key, absentInStorage)), 'accepted');
    assert.equal(ruleOf(verifyStateProof(root, 'coins', key, absentInStorage)), 'state/proof-map');
    const renamed: StateProof = { ...absentInStorage, map: 'coins' };
    assert.equal(ruleOf(verifyStateProof(root, 'coins', key, renamed)), 'state/proof-root');
    assert.equal(ruleOf(verifyStateProof(stateRoot(emptyState), 'coins', key, proof)), 'state/proof-root');
    const shortRoot: StateProof = { ...proof, otherRoot: new Uint8Array(31) };
    assert.equal(ruleOf(verifyStateProof(root, 'coins', key, shortRoot)), 'state/proof-shape');
    const bytes = encodeStateProof(proof);
    for (let at = 0; at < bytes.length; at++) {
      const mutated = parseStateProof(bytes.with(at, (bytes[at] as number) ^ 1));
      assert.equal(mutated.ok && verifyStateProof(root, 'coins', key, mutated.value).ok, false, `byte ${at}`);
    }
    assert.equal(ruleOf(parseStateProof(bytes.with(0, 2))), 'codec/unknown-tag');
  });
});

function checkProof(state: WorldState, map: 'coins' | 'storage', key: Uint8Array, value: object): void {
  const proof = proveState(state, map, key);
  const bytes = encodeStateProof(proof);
  assert.ok(bytes.length <= STATE_PROOF_BYTES_MAX);
  assert.deepEqual(parseStateProof(bytes), { ok: true, value: proof });
  assert.deepEqual(verifyStateProof(stateRoot(state), map, key, proof), { ok: true, value });
}

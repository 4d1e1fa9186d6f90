import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { naiveHash } from './naive.testing.ts';
import { isNamespace, NAMESPACE } from './namespaces.ts';
import { storageKey, storageValueHash } from './storage.ts';

const { supply, token } = NAMESPACE;

describe('storage hashes', () => {
  test('bind the namespace to key and value', () => {
    assert.deepEqual(storageKey(token, Uint8Array.of(5)), naiveHash('storage-key', Uint8Array.of(2, 5)));
    const value = Uint8Array.of(9, 8);
    assert.deepEqual(
      storageValueHash({ namespace: supply, value }),
      naiveHash('storage-value', Uint8Array.of(1, 9, 8)),
    );
    assert.notDeepEqual(storageKey(token, Uint8Array.of(5)), storageKey(supply, Uint8Array.of(5)));
  });

  test('of no bytes are those of the namespace alone', () => {
    const nothing = new Uint8Array(0);
    assert.deepEqual(storageKey(supply, nothing), naiveHash('storage-key', Uint8Array.of(1)));
    assert.deepEqual(
      storageValueHash({ namespace: token, value: nothing }),
      naiveHash('storage-value', Uint8Array.of(2)),
    );
  });
});

test('the namespaces are the closed set 1 to 15', () => {
  const known = Array.from({ length: 256 }, (_, n) => n).filter(isNamespace);
  assert.deepEqual(
    known,
    Array.from({ length: 15 }, (_, i) => i + 1),
  );
  assert.deepEqual(Object.values(NAMESPACE), known);
});

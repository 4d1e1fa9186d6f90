import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBytes } from '@calin/core/base/bytes.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import { createPlainHasher } from '@calin/core/crypto/plain-hasher.ts';
import { mapKernel } from '@calin/core/state/kernel.ts';
import { snapshotPieces } from '@calin/core/state/snapshot-cut.ts';
import { outlineOf, verifyOutline } from '@calin/core/state/snapshot-outline.ts';
import { exampleCoin } from '@calin/core/state/state.testing.ts';
import { applyChanges, emptyState, stateRoot, type WorldState } from '@calin/core/state/world-state.ts';
import { createKernelCoinMap } from './kernel-coin-map.ts';
import { createKernelHasher } from './kernel-hasher.ts';

const COINS = 9_000;

/** Coins under random keys, a third of them behind a common prefix of three bytes. */
const changes = {
  coins: Array.from({ length: COINS }, (_, n) => {
    const key = hash('coin', Uint8Array.of(n & 0xff, n >>> 8));
    if (n % 3 === 0) key.set([0x5a, 0x5a, 0x5a]);
    return { key, coin: exampleCoin(n) };
  }).toSorted((a, b) => compareBytes(a.key, b.key)),
  storage: Array.from({ length: 12 }, (_, n) => ({
    namespace: 3 as const,
    key: Uint8Array.of(n),
    value: new Uint8Array(50_000).fill(n),
  })),
};
/** What is changed behind the state that the snapshot is of. */
const later = {
  coins: changes.coins.filter((_, n) => n % 7 === 0).map(({ key }) => ({ key, coin: undefined })),
  storage: [],
};

function outlineBy(state: WorldState, hasher = createKernelHasher()) {
  return outlineOf({ height: 1, blockId: new Uint8Array(32) }, snapshotPieces(state), hasher);
}

test('a snapshot of a kernel map, also of a version before its last, is that of the reference tree', () => {
  const { state } = applyChanges(emptyState, changes);
  const expected = [...snapshotPieces(state)];
  assert.ok(expected.length > 12);
  const outline = outlineBy(state, createPlainHasher());
  assert.ok(verifyOutline(outline, stateRoot(state)).ok);
  for (const shards of [1, 4]) {
    const kernel = mapKernel(createKernelHasher(), () => createKernelCoinMap({ shards }));
    const twin = applyChanges(kernel.emptyState(), changes).state;
    assert.deepEqual([...snapshotPieces(twin)], expected);
    assert.deepEqual(outlineBy(twin), outline);
    applyChanges(twin, later);
    assert.deepEqual([...snapshotPieces(twin)], expected);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import { openCoins } from './open-coins.ts';

const { publicKey } = testKey(1);
const safe: Lock = {
  kind: 'recoverable',
  owner: publicKey,
  threshold: 1,
  guardians: [testKey(2).publicKey],
  restBlocks: 10,
};
const inner = { kind: 'key', publicKey } as const;
const coins = [{ height: 5 }, { height: 8 }];

/** Heights of the coins that open, or the evidence of the refusal. */
function opened(lock: Lock, path: number, height: number, timeMs = 0) {
  const open = openCoins(coins, { lock, path }, { height, timeMs });
  return open.ok ? open.value.map((coin) => coin.height) : open.error.evidence;
}

test('guardians wait for each coin, the owner for none', () => {
  assert.deepEqual(opened(safe, 0, 9), [5, 8]);
  assert.deepEqual(opened(safe, 1, 14), { opensAtHeight: 15, got: 14 });
  assert.deepEqual(opened(safe, 1, 15), [5]);
  assert.deepEqual(opened(safe, 1, 18), [5, 8]);
});

test('a timelock opens all its coins at once', () => {
  const byHeight: Lock = { kind: 'timelock', unit: 'height', from: 20, inner };
  assert.deepEqual(opened(byHeight, 0, 19), { opensAtHeight: 20, got: 19 });
  assert.deepEqual(opened(byHeight, 0, 20), [5, 8]);
  const byTime: Lock = { kind: 'timelock', unit: 'timeMs', from: 1000, inner };
  assert.deepEqual(opened(byTime, 0, 30, 999), { opensAtMs: 1000, got: 30 });
  assert.deepEqual(opened(byTime, 0, 30, 1000), [5, 8]);
});

test('an address without coins is not early', () => {
  const byHeight: Lock = { kind: 'timelock', unit: 'height', from: 20, inner };
  const open = openCoins([], { lock: byHeight, path: 0 }, { height: 1, timeMs: 0 });
  assert.deepEqual(open, { ok: true, value: [] });
});

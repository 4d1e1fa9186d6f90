import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { encodeChanges, parseChanges, STATE_CHANGES_MAX, type StateChanges } from './changes.ts';
import type { Coin } from './coin.ts';
import { arbitraryChanges, keyFrom } from './state.testing.ts';
import { STORAGE_KEY_BYTES_MAX, STORAGE_VALUE_BYTES_MAX } from './storage.ts';

const coin: Coin = {
  index: 0,
  asset: 0,
  amount: amount(7),
  address: new Uint8Array(32).fill(0xcc),
  height: 9,
  reward: false,
};

const example: StateChanges = {
  coins: [
    { key: keyFrom(1), coin: undefined },
    { key: keyFrom(2), coin },
  ],
  storage: [
    { namespace: 1, key: Uint8Array.of(0xee), value: undefined },
    { namespace: 2, key: new Uint8Array(0), value: new Uint8Array(0) },
    { namespace: 2, key: Uint8Array.of(0), value: Uint8Array.of(0xaa) },
  ],
};

function ruleOf(result: Result<unknown>): string {
  return result.ok ? 'accepted' : result.error.rule;
}

describe('state changes', () => {
  test('are laid out as documented', () => {
    const record = `${'00'.repeat(8)}0700000000000000${'cc'.repeat(32)}0900000000000000`;
    const coins = `02000000${`01${'00'.repeat(31)}`}00${`02${'00'.repeat(31)}`}01${record}`;
    const storage = `03000000${'0101ee00'}${'02000100000000'}${'02010001'}01000000aa`;
    assert.equal(toHex(encodeChanges(example)), coins + storage);
  });

  test('are read back', () => {
    fc.assert(
      fc.property(arbitraryChanges, (changes) => {
        assert.deepEqual(parseChanges(encodeChanges(changes)), { ok: true, value: changes });
      }),
    );
  });

  test('are refused when damaged, or give other bytes back unchanged', () => {
    const bytes = encodeChanges(example);
    for (let length = 0; length < bytes.length; length++) {
      assert.equal(parseChanges(bytes.subarray(0, length)).ok, false);
    }
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.with(at, (bytes[at] as number) ^ 0x81);
      const parsed = parseChanges(damaged);
      if (parsed.ok) assert.deepEqual(encodeChanges(parsed.value), damaged);
    }
  });

  test('are refused out of order, doubled, with odd flags, unknown namespaces or long values', () => {
    const bytes = encodeChanges(example);
    assert.equal(ruleOf(parseChanges(bytes.with(4, 3))), 'codec/not-canonical');
    assert.equal(ruleOf(parseChanges(bytes.with(4, 2))), 'codec/not-canonical');
    assert.equal(ruleOf(parseChanges(bytes.with(4 + 32, 2))), 'codec/not-canonical');
    const unknown = encodeChanges({ coins: [], storage: example.storage }).with(8, 200);
    assert.equal(ruleOf(parseChanges(unknown)), 'codec/unknown-tag');
    const long = encodeChanges({
      coins: [],
      storage: [{ namespace: 2, key: new Uint8Array(0), value: new Uint8Array(3) }],
    });
    assert.equal(ruleOf(parseChanges(long.with(13, 1).with(14, 0))), 'codec/limit');
  });

  test('with a count that cannot be true are refused before anything is allocated', () => {
    const claim = new Uint8Array(40);
    claim.set([0xff, 0xff, 0xff, 0xff]);
    assert.equal(ruleOf(parseChanges(claim)), 'codec/limit');
    claim.set([0, 0, 0x40, 0]);
    assert.equal(STATE_CHANGES_MAX, 0x40_0000);
    assert.equal(ruleOf(parseChanges(claim)), 'codec/truncated');
  });

  test('that this program got wrong are a bug', () => {
    const [first, second] = example.coins;
    assert.ok(first && second);
    assert.throws(() => encodeChanges({ coins: [second, first], storage: [] }), /out of order/);
    assert.throws(() => encodeChanges({ coins: [first, first], storage: [] }), /out of order/);
    assert.throws(() => encodeChanges({ coins: [], storage: example.storage.toReversed() }), /out of order/);
    const value = new Uint8Array(STORAGE_VALUE_BYTES_MAX + 1);
    const key = new Uint8Array(STORAGE_KEY_BYTES_MAX + 1);
    assert.throws(
      () => encodeChanges({ coins: [], storage: [{ namespace: 1, key, value: undefined }] }),
      /too long/,
    );
    assert.throws(
      () => encodeChanges({ coins: [], storage: [{ namespace: 1, key: keyFrom(), value }] }),
      /too long/,
    );
    const short = { key: new Uint8Array(31), coin: undefined };
    assert.throws(() => encodeChanges({ coins: [short], storage: [] }), /32 bytes/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blake3 } from '@noble/hashes/blake3.js';
import { AssertionError } from '../base/assert.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import { utf8Bytes } from '../base/text.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import { addressOf, formatAddress, keyAddress, parseAddress } from './address.ts';
import { type Lock, readLock, spendPaths, writeLock } from './lock.ts';
import { sortKeys } from './locks/key-set.ts';

const [A, B, C] = ['aa', 'bb', 'cc'].map((byte) => fromHex(byte.repeat(32))) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const a = toHex(A);
const b = toHex(B);

function encode(lock: Lock): string {
  const writer = new Writer();
  writeLock(writer, lock);
  return toHex(writer.finish());
}

function ruleOf(hex: string): string {
  const reader = new Reader(fromHex(hex));
  const parsed = reader.finish(readLock(reader));
  return parsed.ok ? 'ok' : parsed.error.rule;
}

/** Each kind with its bytes, written by hand from docs/reference/encodings.md. */
const CASES: readonly [lock: Lock, hex: string][] = [
  [{ kind: 'key', publicKey: A }, `01000000${a}`],
  [{ kind: 'multisig', threshold: 2, publicKeys: [A, B] }, `02020200${a}${b}`],
  [
    { kind: 'timelock', unit: 'height', from: 0x0102, inner: { kind: 'key', publicKey: A } },
    `03000000${'0201000000000000'}01000000${a}`,
  ],
  [
    {
      kind: 'timelock',
      unit: 'timeMs',
      from: Number.MAX_SAFE_INTEGER,
      inner: { kind: 'multisig', threshold: 1, publicKeys: [B] },
    },
    `03010000${'ffffffffffff1f00'}02010100${b}`,
  ],
  [
    { kind: 'htlc', sha256: A, receiver: B, sender: A, refundHeight: 0xffff_fffe },
    `04000000${a}${b}${a}${'feffffff'}`,
  ],
  [
    { kind: 'recoverable', owner: B, threshold: 1, guardians: [A, B], restBlocks: 144 },
    `05010200${'90000000'}${b}${a}${b}`,
  ],
];

describe('a lock', () => {
  it('has the bytes of the reference', () => {
    for (const [lock, hex] of CASES) {
      assert.equal(encode(lock), hex);
      const reader = new Reader(fromHex(hex));
      assert.deepEqual(reader.finish(readLock(reader)), { ok: true, value: lock });
    }
  });

  it('is a multiple of four bytes long', () => {
    for (const [, hex] of CASES) assert.equal((hex.length / 2) % 4, 0);
  });

  it('has no other kind, and no timelock inside a timelock', () => {
    for (const tag of ['00', '06', 'ff']) assert.equal(ruleOf(`${tag}000000${a}`), 'codec/unknown-tag');
    const inner = `01000000${a}`;
    const timelock = (tag: string) => `03000000${'00'.repeat(8)}${tag}`;
    assert.equal(ruleOf(timelock(inner)), 'ok');
    assert.equal(ruleOf(timelock(timelock(inner))), 'codec/unknown-tag');
    for (const [, hex] of CASES.slice(4)) assert.equal(ruleOf(timelock(hex)), 'codec/unknown-tag');
    assert.equal(ruleOf(`03020000${'00'.repeat(8)}${inner}`), 'codec/unknown-tag');
  });

  it('keeps its unused bytes zero', () => {
    for (const at of [1, 2, 3]) {
      const hex = `01${'00'.repeat(at - 1)}01${'00'.repeat(3 - at)}${a}`;
      assert.equal(ruleOf(hex), 'codec/not-canonical');
      assert.equal(ruleOf(`04${hex.slice(2, 8)}${a}${b}${a}00000000`), 'codec/not-canonical');
    }
    assert.equal(ruleOf(`02010101${a}`), 'codec/not-canonical');
    assert.equal(ruleOf(`05010101${'00'.repeat(4)}${a}${a}`), 'codec/not-canonical');
    assert.equal(ruleOf(`03000100${'00'.repeat(8)}01000000${a}`), 'codec/not-canonical');
  });

  it('holds its keys once, in order, with a threshold they can reach', () => {
    const set = (threshold: string, count: string, ...keys: string[]) =>
      ruleOf(`02${threshold}${count}00${keys.join('')}`);
    assert.equal(set('02', '02', a, b), 'ok');
    assert.equal(set('02', '02', b, a), 'codec/not-canonical');
    assert.equal(set('02', '02', a, a), 'codec/not-canonical');
    assert.equal(set('00', '02', a, b), 'codec/not-canonical');
    assert.equal(set('03', '02', a, b), 'codec/not-canonical');
    assert.equal(set('00', '00'), 'codec/not-canonical');
    const many = Array.from({ length: 17 }, (_, i) => i.toString(16).padStart(2, '0').repeat(32));
    assert.equal(set('01', '10', ...many.slice(0, 16)), 'ok');
    assert.equal(set('01', '11', ...many), 'codec/limit');
    assert.equal(set('01', 'ff'), 'codec/limit');
    assert.equal(set('01', '03', a, b), 'codec/truncated');
  });

  it('is not written when it could not be read', () => {
    const wrong: readonly Lock[] = [
      { kind: 'key', publicKey: A.slice(1) },
      { kind: 'multisig', threshold: 1, publicKeys: [B, A] },
      { kind: 'multisig', threshold: 1, publicKeys: [A, A] },
      { kind: 'multisig', threshold: 3, publicKeys: [A, B] },
      { kind: 'multisig', threshold: 0, publicKeys: [A] },
      { kind: 'multisig', threshold: 0, publicKeys: [] },
      { kind: 'recoverable', owner: A, threshold: 2, guardians: [B], restBlocks: 1 },
      { kind: 'htlc', sha256: A, receiver: B, sender: A, refundHeight: -1 },
      { kind: 'timelock', unit: 'height', from: 2 ** 53, inner: { kind: 'key', publicKey: A } },
    ];
    for (const lock of wrong) assert.throws(() => encode(lock), AssertionError, JSON.stringify(lock));
    assert.deepEqual(sortKeys([C, A, B]), [A, B, C]);
  });

  it('opens by its paths', () => {
    const paths = CASES.map(([lock]) =>
      spendPaths(lock).map(({ threshold, condition }) => [threshold, condition.kind]),
    );
    assert.deepEqual(paths, [
      [[1, 'none']],
      [[2, 'none']],
      [[1, 'height']],
      [[1, 'time']],
      [
        [1, 'preimage'],
        [1, 'height'],
      ],
      [
        [1, 'none'],
        [1, 'age'],
      ],
    ]);
  });
});

describe('an address', () => {
  it('is BLAKE3 of the lock, keyed by BLAKE3("calin/1/address")', () => {
    const expected = blake3(fromHex(`01000000${a}`), { key: blake3(utf8Bytes('calin/1/address')) });
    assert.deepEqual(keyAddress(A), expected);
    assert.equal(new Set(CASES.map(([lock]) => toHex(addressOf(lock)))).size, CASES.length);
  });

  it('is text with the prefix of its network and no other', () => {
    const text = formatAddress(A, 'cal');
    assert.match(text, /^cal1[02-9ac-hj-np-z]{58}$/);
    assert.deepEqual(parseAddress(text, 'cal'), { ok: true, value: A });
    assert.deepEqual(parseAddress(text.toUpperCase(), 'cal'), { ok: true, value: A });
    const elsewhere = parseAddress(text, 'tcal');
    assert.ok(!elsewhere.ok && elsewhere.error.rule === 'codec/address');
    for (const bytes of [A.slice(1), new Uint8Array(33), new Uint8Array(0)]) {
      assert.equal(parseAddress(formatAddress(bytes, 'cal'), 'cal').ok, false);
    }
  });
});

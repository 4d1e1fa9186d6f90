import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssertionError } from '../base/assert.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Lock } from './lock.ts';
import { readWitness, type Witness, writeWitness } from './witness.ts';

const KEYS = ['aa', 'bb', 'cc'].map((byte) => fromHex(byte.repeat(32))) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const [A, B, C] = KEYS;
const [a, b, c] = KEYS.map(toHex) as [string, string, string];
const S = '51'.repeat(64);
const T = '52'.repeat(64);
const keyLock: Lock = { kind: 'key', publicKey: A };
const multisig: Lock = { kind: 'multisig', threshold: 2, publicKeys: [A, B, C] };
const htlc: Lock = { kind: 'htlc', sha256: A, receiver: B, sender: C, refundHeight: 5 };
const multisigHex = `02020300${a}${b}${c}`;
const htlcHex = `04000000${a}${b}${c}05000000`;

const CASES: readonly [witness: Witness, hex: string][] = [
  [
    { lock: keyLock, path: 0, signers: [0], signatures: [fromHex(S)], preimage: undefined },
    `0000010001000000${a}${S}`,
  ],
  [
    { lock: multisig, path: 0, signers: [0, 2], signatures: [fromHex(S), fromHex(T)], preimage: undefined },
    `00000500${multisigHex}${S}${T}`,
  ],
  [
    { lock: htlc, path: 0, signers: [0], signatures: [fromHex(S)], preimage: B },
    `00000100${htlcHex}${b}${S}`,
  ],
  [
    { lock: htlc, path: 1, signers: [0], signatures: [fromHex(S)], preimage: undefined },
    `01000100${htlcHex}${S}`,
  ],
];

function ruleOf(hex: string): string {
  const reader = new Reader(fromHex(hex));
  const parsed = reader.finish(readWitness(reader));
  return parsed.ok ? 'ok' : parsed.error.rule;
}

describe('a witness', () => {
  it('has the bytes of the reference', () => {
    for (const [witness, hex] of CASES) {
      const writer = new Writer();
      writeWitness(writer, witness);
      assert.equal(toHex(writer.finish()), hex);
      const reader = new Reader(fromHex(hex));
      assert.deepEqual(reader.finish(readWitness(reader)), { ok: true, value: witness });
    }
  });

  it('takes a path of its own lock', () => {
    const key = `01000000${a}${S}`;
    assert.equal(ruleOf(`00000100${key}`), 'ok');
    assert.equal(ruleOf(`01000100${key}`), 'codec/unknown-tag');
    assert.equal(ruleOf(`ff000100${key}`), 'codec/unknown-tag');
    assert.equal(ruleOf(`02000100${htlcHex}${S}`), 'codec/unknown-tag');
  });

  it('is signed by exactly as many keys as the path asks for, all of them its own', () => {
    const signed = (bits: string, ...signatures: string[]) =>
      ruleOf(`0000${bits}${multisigHex}${signatures.join('')}`);
    for (const bits of ['0300', '0500', '0600']) assert.equal(signed(bits, S, T), 'ok');
    assert.equal(signed('0000'), 'codec/not-canonical');
    assert.equal(signed('0100', S), 'codec/not-canonical');
    assert.equal(signed('0700', S, T, S), 'codec/not-canonical');
    assert.equal(signed('0900', S, T), 'codec/not-canonical');
    assert.equal(signed('0180', S, T), 'codec/not-canonical');
    assert.equal(signed('0300', S), 'codec/truncated');
    assert.equal(signed('0300', S, T, S), 'codec/trailing-bytes');
  });

  it('keeps its unused byte zero, and shows a preimage only where one is asked for', () => {
    assert.equal(ruleOf(`0001010001000000${a}${S}`), 'codec/not-canonical');
    assert.equal(ruleOf(`00000100${htlcHex}${S}`), 'codec/truncated');
    assert.equal(ruleOf(`01000100${htlcHex}${b}${S}`), 'codec/trailing-bytes');
  });

  it('is not written when it could not be read', () => {
    const [key, many, claim, refund] = CASES.map(([witness]) => witness) as [
      Witness,
      Witness,
      Witness,
      Witness,
    ];
    const [signature] = key.signatures as [Uint8Array];
    const wrong: readonly Witness[] = [
      { ...key, path: 1 },
      { ...key, signers: [1] },
      { ...key, signers: [32] },
      { ...key, signers: [] },
      { ...key, signatures: [] },
      { ...key, signatures: [signature.slice(1)] },
      { ...key, preimage: B },
      { ...many, signers: [2, 0] },
      { ...many, signers: [1, 1] },
      { ...many, signers: [0, 1, 2], signatures: [signature, signature, signature] },
      { ...claim, preimage: undefined },
      { ...claim, preimage: B.slice(1) },
      { ...refund, preimage: B },
    ];
    for (const witness of wrong) assert.throws(() => writeWitness(new Writer(), witness), AssertionError);
  });
});

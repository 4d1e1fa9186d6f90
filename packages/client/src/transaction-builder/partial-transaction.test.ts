import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concatBytes, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import { sortKeys } from '@calin/core/primitives/locks/key-set.ts';
import { buildTransaction } from './build-transaction.ts';
import type { Opening, SpendableCoin } from './opening.ts';
import { encodePartial, parsePartial } from './partial-encoding.ts';
import {
  addPreimage,
  addSignature,
  combinePartials,
  createPartial,
  finalisePartial,
  missingParts,
  type PartialTransaction,
  partialId,
} from './partial-transaction.ts';
import { signPartial, signTransaction } from './sign-transaction.ts';
import {
  CHAIN_ID,
  coin,
  judge,
  keyOpening,
  must,
  OWNERS,
  overlayWith,
  payment,
  request,
  signerOf,
} from './wallet.testing.ts';

const MULTISIG: Opening = {
  lock: { kind: 'multisig', threshold: 2, publicKeys: sortKeys([4, 5, 6].map((n) => testKey(n).publicKey)) },
  path: 0,
};

function openingOf(name: string): Opening {
  const found = OWNERS.find((owner) => owner.name === name)?.opening;
  assert.ok(found !== undefined, name);
  return found;
}

function partialOf(...coins: readonly SpendableCoin[]): PartialTransaction {
  return createPartial(
    must(buildTransaction(request({ mustSpend: coins, outputs: [payment(1000)] }))),
    CHAIN_ID,
  );
}

function sign(partial: PartialTransaction, ...keys: readonly number[]): PartialTransaction {
  return keys.reduce((signed, n) => must(signPartial(signed, signerOf(testKey(n)))), partial);
}

function refusal(result: Result<unknown>) {
  assert.ok(!result.ok, 'refused');
  return result.error;
}

describe('signing step by step', () => {
  test('two of three sign apart, join, and the ledger takes it', () => {
    const spent = coin(500_000, MULTISIG);
    const partial = partialOf(spent);
    const [left, right] = [sign(partial, 5), sign(partial, 6)];
    assert.equal(refusal(finalisePartial(left)).rule, 'wallet/missing-signature');
    const joined = must(combinePartials(left, right));
    assert.deepEqual(must(combinePartials(right, left)), joined);
    assert.deepEqual(missingParts(joined), []);
    must(judge(overlayWith([spent]), must(finalisePartial(joined))));
  });

  test('of three signatures the two lowest positions are taken, in whatever order they came', () => {
    const partial = partialOf(coin(500_000, MULTISIG));
    const orders = [
      [4, 5, 6],
      [6, 5, 4],
      [5, 6, 4],
    ].map((keys) => must(finalisePartial(sign(partial, ...keys))));
    for (const tx of orders) {
      assert.deepEqual(tx.bytes, orders[0]?.bytes);
      assert.deepEqual(tx.witnesses[0]?.signers, [0, 1]);
    }
  });

  test('one signature of a key counts in all locks that it opens', () => {
    const spent = [
      coin(500_000, MULTISIG),
      coin(90_000, keyOpening(4)),
      coin(90_000, openingOf('recoverable, path 1')),
    ];
    const tx = must(finalisePartial(sign(partialOf(...spent), 4, 5)));
    assert.deepEqual(
      tx.witnesses.map(({ signatures }) => signatures.length),
      [2, 1, 2],
    );
  });

  test('what is missing is said: how many, of whom, and the secret', () => {
    const claim = openingOf('htlc, path 0');
    const silent = { lock: claim.lock, path: claim.path };
    const partial = sign(partialOf(coin(500_000, MULTISIG), coin(90_000, silent)), 6);
    const [first, second] = missingParts(partial);
    assert.deepEqual(first, {
      witness: 0,
      signatures: 1,
      publicKeys: sortKeys([testKey(4).publicKey, testKey(5).publicKey]),
      preimage: false,
    });
    assert.deepEqual(second, {
      witness: 1,
      signatures: 1,
      publicKeys: [testKey(2).publicKey],
      preimage: true,
    });
    const { rule, evidence } = refusal(finalisePartial(partial));
    assert.equal(rule, 'wallet/missing-signature');
    assert.deepEqual([evidence['witness'], evidence['got'], evidence['expected']], [0, 1, 2]);
    const signed = sign(partial, 5, 2);
    assert.equal(refusal(finalisePartial(signed)).rule, 'wallet/missing-preimage');
    assert.equal(refusal(addPreimage(signed, new Uint8Array(32))).rule, 'wallet/wrong-preimage');
    const known = must(addPreimage(signed, claim.preimage ?? new Uint8Array()));
    assert.ok(finalisePartial(known).ok);
    // The secret travels with either copy.
    assert.ok(finalisePartial(must(combinePartials(signed, known))).ok);
    assert.ok(finalisePartial(must(combinePartials(known, signed))).ok);
  });

  test('the same key twice changes nothing', () => {
    const partial = sign(partialOf(coin(500_000, MULTISIG)), 4);
    assert.deepEqual(sign(partial, 4), partial);
  });

  test('wallet/unknown-key, wallet/signature-invalid, wallet/other-transaction', () => {
    const spent = coin(500_000, MULTISIG);
    const partial = partialOf(spent);
    assert.equal(refusal(signPartial(partial, signerOf(testKey(0)))).rule, 'wallet/unknown-key');
    const { publicKey } = testKey(4);
    const wrong = addSignature(partial, { publicKey, signature: new Uint8Array(64) });
    assert.equal(refusal(wrong).rule, 'wallet/signature-invalid');
    const otherChain = { ...partial, chainId: hash('header', Uint8Array.of(2)) };
    const foreign = sign(otherChain, 4).signatures[0];
    assert.ok(foreign !== undefined);
    assert.equal(refusal(addSignature(partial, foreign)).rule, 'wallet/signature-invalid');
    assert.equal(refusal(combinePartials(partial, otherChain)).rule, 'wallet/other-transaction');
    assert.equal(
      refusal(combinePartials(partial, partialOf(coin(500_000, MULTISIG)))).rule,
      'wallet/other-transaction',
    );
    const otherLock = { ...partial, openings: [keyOpening(4)] };
    assert.equal(refusal(combinePartials(partial, otherLock)).rule, 'wallet/other-transaction');
  });
});

describe('signTransaction', () => {
  test('uses only the keys that are needed', () => {
    const unsigned = must(
      buildTransaction(request({ coins: [coin(500_000, MULTISIG)], outputs: [payment(1)] })),
    );
    let asked = 0;
    const signers = [4, 0, 5, 6].map((n) => {
      const { publicKey, sign: make } = signerOf(testKey(n));
      return {
        publicKey,
        sign(message: Uint8Array) {
          asked++;
          return make(message);
        },
      };
    });
    assert.ok(signTransaction(unsigned, CHAIN_ID, signers).ok);
    assert.equal(asked, 2);
  });

  test('wallet/missing-signature when a key is not at hand', () => {
    const unsigned = must(buildTransaction(request({ coins: [coin(500_000)], outputs: [payment(1)] })));
    const refused = refusal(signTransaction(unsigned, CHAIN_ID, [signerOf(testKey(3))]));
    assert.equal(refused.rule, 'wallet/missing-signature');
    assert.equal(refused.evidence['keys'], toHex(testKey(0).publicKey));
  });
});

describe('the container', () => {
  const claim = openingOf('htlc, path 0');
  const coins = OWNERS.filter(({ name }) => name.endsWith('path 0')).map(({ opening }) =>
    coin(90_000, opening),
  );
  const whole = sign(partialOf(...coins), 0, 2, 5, 6);

  test('is read back as it was written', () => {
    for (const partial of [whole, { ...whole, signatures: [] }, partialOf(coin(90_000))]) {
      const bytes = encodePartial(partial);
      const parsed = must(parsePartial(bytes));
      assert.deepEqual(encodePartial(parsed), bytes);
      assert.deepEqual(partialId(parsed), partialId(partial));
      assert.deepEqual(parsed.signatures, partial.signatures);
      assert.deepEqual(parsed.coins, partial.coins);
    }
  });

  test('wallet/format: another magic, another version, nothing, too much', () => {
    const bytes = encodePartial(whole);
    const other = (offset: number) => bytes.map((byte, i) => (i === offset ? byte + 1 : byte));
    for (const wrong of [other(0), other(4), new Uint8Array(0), new Uint8Array(3_000_000)]) {
      assert.equal(refusal(parsePartial(wrong)).rule, 'wallet/format');
    }
  });

  test('one encoding only: no trailing bytes, padding, order or repetition', () => {
    const bytes = encodePartial(whole);
    const rule = (wrong: Uint8Array) => refusal(parsePartial(wrong)).rule;
    assert.equal(rule(concatBytes(bytes, Uint8Array.of(0))), 'codec/trailing-bytes');
    assert.equal(rule(bytes.subarray(0, -1)), 'codec/truncated');
    assert.equal(rule(bytes.with(5, 1)), 'codec/not-canonical');
    const turned = { ...whole, signatures: whole.signatures.toReversed() };
    assert.equal(rule(encodePartial(turned)), 'codec/not-canonical');
    const [first] = whole.signatures;
    assert.ok(first !== undefined);
    assert.equal(rule(encodePartial({ ...whole, signatures: [first, first] })), 'codec/not-canonical');
  });

  test('signatures, keys and secrets are checked when it is read', () => {
    const [first] = whole.signatures;
    assert.ok(first !== undefined);
    const broken = { ...first, signature: first.signature.with(5, (first.signature[5] as number) ^ 1) };
    const rule = (partial: PartialTransaction) => refusal(parsePartial(encodePartial(partial))).rule;
    assert.equal(rule({ ...whole, signatures: [broken] }), 'wallet/signature-invalid');
    assert.equal(
      rule({ ...whole, signatures: [{ ...first, publicKey: testKey(99).publicKey }] }),
      'wallet/unknown-key',
    );
    const lie = { ...claim, preimage: new Uint8Array(32) };
    const lied = whole.openings.map((opening) => (opening.lock === claim.lock ? lie : opening));
    assert.equal(rule({ ...whole, openings: lied }), 'wallet/wrong-preimage');
    const unasked = [{ ...keyOpening(), preimage: new Uint8Array(32) }, ...whole.openings.slice(1)];
    assert.equal(rule({ ...whole, openings: unasked }), 'wallet/wrong-preimage');
  });
});

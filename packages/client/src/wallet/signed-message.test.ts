import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import fc from 'fast-check';
import { keySigner } from '../transaction-builder/sign-transaction.ts';
import {
  formatSignedMessage,
  parseSignedMessage,
  type SignedMessage,
  signMessage,
  verifyMessage,
} from './signed-message.ts';

const signer = keySigner(testKey(1).secretKey);
const other = keySigner(testKey(2).secretKey);

function signed(message: string): SignedMessage {
  const result = signMessage(message, signer, 'cal');
  assert.ok(result.ok);
  return result.value;
}

const ruleOf = (result: Result<unknown>): string => (result.ok ? 'accepted' : result.error.rule);

describe('signed messages', () => {
  test('any text comes through and is verified', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(anyText, (message) => {
        const read = parseSignedMessage(formatSignedMessage(signed(message)));
        assert.ok(read.ok);
        assert.equal(read.value.message, message);
        assert.equal(ruleOf(verifyMessage(read.value, 'cal')), 'accepted');
      }),
      { numRuns: 20 },
    );
  });

  test('another message, key, address or network is refused', () => {
    const real = signed('I owe nobody anything.');
    const stranger = signMessage(real.message, other, 'cal');
    assert.ok(stranger.ok);
    const forged: readonly Partial<SignedMessage>[] = [
      { message: 'I owe nobody anything. ' },
      { address: stranger.value.address },
      { publicKey: stranger.value.publicKey },
      { address: stranger.value.address, publicKey: stranger.value.publicKey },
      { signature: stranger.value.signature },
      { signature: '00'.repeat(64) },
    ];
    for (const change of forged)
      assert.equal(ruleOf(verifyMessage({ ...real, ...change }, 'cal')), 'wallet/message-signature');
    assert.equal(ruleOf(verifyMessage(real, 'dcal')), 'codec/address');
  });

  test('a signature of a transaction is none of a message, and the other way round', () => {
    const message = 'pay';
    const raw = toHex(signer.sign(new TextEncoder().encode(message)));
    assert.equal(
      ruleOf(verifyMessage({ ...signed(message), signature: raw }, 'cal')),
      'wallet/message-signature',
    );
  });

  test('what is no signed message is refused', () => {
    const good = signed('x');
    for (const text of [
      '',
      '{',
      '[]',
      '{}',
      JSON.stringify({ ...good, version: 2 }),
      `"${'x'.repeat(500_000)}"`,
    ])
      assert.equal(ruleOf(parseSignedMessage(text)), 'wallet/message-format', text.slice(0, 40));
    assert.equal(
      ruleOf(parseSignedMessage(JSON.stringify({ ...good, message: '\ud800' }))),
      'wallet/message-format',
    );
    assert.equal(ruleOf(signMessage('\ud800', signer, 'cal')), 'wallet/message');
    assert.equal(ruleOf(signMessage('x'.repeat(65_537), signer, 'cal')), 'wallet/message');
    assert.ok(parseSignedMessage(formatSignedMessage(signed('"'.repeat(65_536)))).ok);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicKeyOf, type SignatureCheck, sign } from '@calin/core/crypto/signature.ts';
import { packSignatureChecks } from '@calin/core/crypto/signature-records.ts';
import { InlineCompute } from './inline-compute.testing.ts';

const secretKey = new Uint8Array(32).fill(5);
const publicKey = publicKeyOf(secretKey);
const message = new Uint8Array(32).fill(1);
const good: SignatureCheck = { publicKey, message, signature: sign(message, secretKey) };
const bad: SignatureCheck = { ...good, message: new Uint8Array(32).fill(2) };

test('verdicts come in the order of the checks, batches in the order in which they were given', async () => {
  const compute = new InlineCompute();
  const answers: (readonly [string, Uint8Array])[] = [];
  await new Promise<void>((resolve) => {
    const checks = Array.from({ length: 150 }, (_, i) => (i % 50 === 49 ? bad : good));
    compute.checkSignatures(packSignatureChecks(checks), (valid) => answers.push(['long', valid]));
    compute.checkSignatures(packSignatureChecks([bad, good]), (valid) => answers.push(['short', valid]));
    compute.checkSignatures(new Uint8Array(0), (valid) => {
      answers.push(['empty', valid]);
      resolve();
    });
    assert.equal(answers.length, 0, 'nothing is answered before the call returns');
  });
  assert.deepEqual(
    answers.map(([name]) => name),
    ['long', 'short', 'empty'],
  );
  assert.deepEqual(
    [...(answers[0]?.[1] ?? [])].flatMap((valid, i) => (valid === 1 ? [] : [i])),
    [49, 99, 149],
  );
  assert.deepEqual(answers[1]?.[1], Uint8Array.of(0, 1));
});

test('a long batch lets others have their turn', async () => {
  const compute = new InlineCompute();
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    compute.checkSignatures(packSignatureChecks(Array.from({ length: 200 }, () => good)), () => {
      order.push('checked');
      resolve();
    });
    setImmediate(() => order.push('turn'));
  });
  assert.deepEqual(order, ['turn', 'checked']);
});

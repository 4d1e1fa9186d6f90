import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { type BundleVerdict, parseVerdicts } from './bundle-verdicts.ts';
import { failing, TestFace } from './node-view.testing.ts';
import { submitBundle, type VerdictFormat } from './submit-bundle.ts';
import { encodeBundle } from './transaction-bundle.ts';

function answerOf(face: TestFace, bytes: Uint8Array, format: VerdictFormat): Result<Uint8Array | string> {
  const answers: Result<Uint8Array | string>[] = [];
  submitBundle(bytes, format, face.host, (answer) => answers.push(answer));
  for (let passed = 0; answers.length === 0 && passed < 100; passed++) face.node.advance(1);
  assert.equal(answers.length, 1);
  return answers[0] as Result<Uint8Array | string>;
}

function verdictsOf(face: TestFace, transactions: readonly Uint8Array[]): readonly BundleVerdict[] {
  const answer = answerOf(face, encodeBundle(transactions), 'binary');
  assert(answer.ok && typeof answer.value !== 'string');
  const parsed = parseVerdicts(answer.value);
  assert(parsed.ok);
  return parsed.value;
}

test('each transaction of a bundle gets its verdict, and what is good is in the pool or a block', () => {
  const face = new TestFace();
  const [first, second] = [face.payment(0), face.payment(1)];
  const verdicts = verdictsOf(face, [first.bytes, Uint8Array.of(1), second.bytes, first.bytes]);
  assert.deepEqual(verdicts, [
    { accepted: true, txid: first.txid },
    { accepted: false, txid: undefined, rule: 'codec/truncated' },
    { accepted: true, txid: second.txid },
    { accepted: false, txid: first.txid, rule: 'mempool/known' },
  ]);
  assert.ok(face.node.ask({ kind: 'follow' }).ok);
  assert.notEqual(face.node.queries.transaction(second.txid), undefined);
});

test('asked for JSON, the verdicts are those of tx_submit, with their evidence', () => {
  const transactions = [new TestFace().payment(0).bytes, Uint8Array.of(9)];
  const answer = answerOf(new TestFace(), encodeBundle(transactions), 'json');
  assert(answer.ok && typeof answer.value === 'string');
  const { result } = new TestFace().call('tx_submit', { transactions: transactions.map(toHex) });
  assert.deepEqual(JSON.parse(answer.value), result);
});

test('a bundle that is none is refused as a whole', () => {
  const face = new TestFace();
  const answer = answerOf(face, Uint8Array.of(1, 0, 0), 'binary');
  assert(!answer.ok && answer.error.rule === 'codec/truncated');
});

test('what the node refuses, and what it throws, is the answer', () => {
  const face = new TestFace();
  const host = {
    ...face.host,
    request: (...[, done]: Parameters<typeof face.host.request>) => done(failing('node/busy')),
  };
  const bundle = encodeBundle([face.payment(0).bytes]);
  const rules: string[] = [];
  const note = (answer: Result<unknown>) => void rules.push(answer.ok ? '' : answer.error.rule);
  submitBundle(bundle, 'binary', host, note);
  const broken = {
    ...host,
    request: () => {
      throw new Error('a bug');
    },
  };
  submitBundle(bundle, 'binary', broken, note);
  assert.deepEqual(rules, ['node/busy', 'rpc/internal']);
  assert.equal(face.failures.length, 1);
});

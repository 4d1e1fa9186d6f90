import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, toHex } from '../base/bytes.ts';
import type { SubmitVerdict } from '../node/events.ts';
import { encodeVerdicts, parseVerdicts } from './bundle-verdicts.ts';

const ID = new Uint8Array(32).fill(0x11);

const refused = (rule: string, txid?: Uint8Array): SubmitVerdict => ({
  txid,
  accepted: false,
  refusal: { rule, message: 'No.', help: 'Do.', evidence: {}, banPoints: 0, retry: false },
});

const accepted = (txid: Uint8Array): SubmitVerdict => ({ txid, accepted: true });

/** What is left of a verdict once it has travelled. */
function expected(verdict: SubmitVerdict) {
  const { txid } = verdict;
  return verdict.accepted ? { accepted: true, txid } : { accepted: false, txid, rule: verdict.refusal.rule };
}

function ruleOf(bytes: Uint8Array): string | undefined {
  const parsed = parseVerdicts(bytes);
  return parsed.ok ? undefined : parsed.error.rule;
}

test('verdicts have the layout that is documented', () => {
  const bytes = encodeVerdicts([accepted(ID), refused('tx/abc'), accepted(ID), refused('tx/abc', ID)]);
  const rule = ['06000000', toHex(new TextEncoder().encode('tx/abc')), '0000'];
  const none = '00'.repeat(32);
  const parts = ['04000000', '01000000', ...rule];
  const id = toHex(ID);
  parts.push('00000000', id, '01000000', none, '00000000', id, '01000000', id);
  assert.equal(toHex(bytes), parts.join(''));
});

test('verdicts travel', () => {
  const txid = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .filter((bytes) => bytes.some((byte) => byte > 0));
  const rule = fc.constantFrom('tx/expired', 'mempool/full', 'codec/truncated', 'mempool/fee-too-low');
  const verdict = fc.oneof(
    txid.map(accepted),
    fc.tuple(rule, fc.option(txid, { nil: undefined })).map(([name, of]) => refused(name, of)),
  );
  fc.assert(
    fc.property(fc.array(verdict, { maxLength: 40 }), (verdicts) => {
      const parsed = parseVerdicts(encodeVerdicts(verdicts));
      assert(parsed.ok);
      assert.deepEqual(parsed.value, verdicts.map(expected));
    }),
  );
});

test('no byte of an answer can be left out, and none can stand for another', () => {
  const bytes = encodeVerdicts([refused('tx/b', ID), refused('tx/a'), accepted(ID)]);
  for (let end = 0; end < bytes.length; end++) assert.notEqual(ruleOf(bytes.subarray(0, end)), undefined);
  assert.equal(ruleOf(concatBytes(bytes, Uint8Array.of(0))), 'codec/trailing-bytes');
  const damaged = (at: number, value: number) => {
    const copy = bytes.slice();
    copy[at] = value;
    return ruleOf(copy);
  };
  assert.equal(damaged(5, 255), 'codec/limit', 'more rules than there are');
  assert.equal(damaged(8 + 4, 0x80), 'codec/not-canonical', 'a rule that is not ASCII');
  assert.equal(damaged(24, 2), 'codec/not-canonical', 'a rule used before one that is listed earlier');
  assert.equal(damaged(24, 3), 'codec/limit', 'a rule that is not listed');
  assert.equal(damaged(24 + 36, 1), 'codec/not-canonical', 'a rule that nobody uses');
  assert.equal(damaged(0, 2), 'codec/trailing-bytes', 'fewer verdicts than follow');
});

test('what is accepted has an id', () => {
  assert.equal(ruleOf(encodeVerdicts([accepted(new Uint8Array(32))])), 'codec/not-canonical');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeBundleAnswerFrame,
  encodeBundleFrame,
  parseBundleAnswerFrame,
  parseBundleFrame,
} from './bundle-frame.ts';

test('a message is its number and a bundle; its answer the number, a status and a body', () => {
  const asked = encodeBundleFrame({ number: 0xfffffffe, bundle: Uint8Array.of(5, 6) });
  assert.deepEqual(asked, Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 5, 6));
  assert.deepEqual(parseBundleFrame(asked), {
    ok: true,
    value: { number: 0xfffffffe, bundle: Uint8Array.of(5, 6) },
  });
  const frame = { number: 7, status: 429, body: Uint8Array.of(9) };
  const answered = encodeBundleAnswerFrame(frame);
  assert.deepEqual(answered, Uint8Array.of(7, 0, 0, 0, 0xad, 1, 0, 0, 9));
  assert.deepEqual(parseBundleAnswerFrame(answered), { ok: true, value: frame });
});

test('a message too short for its numbers is refused', () => {
  assert(!parseBundleFrame(new Uint8Array(3)).ok);
  assert(!parseBundleAnswerFrame(new Uint8Array(7)).ok);
});

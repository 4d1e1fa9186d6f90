import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorAnswer } from '../line/answers.ts';
import type { LineBlockchain } from '../line/read-blockchain.ts';
import { refuseLine } from '../line/rules.ts';
import { presentAnswer } from './present-line.ts';

test('words are told apart from refusals', () => {
  for (const answer of ['SUCCESS', 'VALID']) {
    assert.deepEqual(presentAnswer(answer), { json: { answer }, text: answer, isRefusal: false });
  }
  assert.equal(presentAnswer('INVALID').isRefusal, true);
});

test('a refusal is read back as the rule that it was written from', () => {
  const { error } = refuseLine('line/too-long', { expected: 1024 });
  const { json, isRefusal } = presentAnswer(errorAnswer(error));
  assert.equal(isRefusal, true);
  assert.deepEqual(json, {
    answer: 'ERROR',
    rule: 'line/too-long',
    reason: `${error.message} ${error.help} [expected=1024]`,
  });
});

test('a blockchain is a table without bytes that says how to go on, and never moves the cursor', () => {
  const chain: LineBlockchain = {
    chainId: 'c1',
    height: 9,
    head: 'h9',
    next: 4,
    blocks: [
      { height: 3, id: 'b3\x1b[2J', parent: 'b2', timeMs: 1_700_000_000_000, bytes: '00'.repeat(572) },
    ],
  };
  const { text, json, isRefusal } = presentAnswer(JSON.stringify(chain));
  assert.equal(isRefusal, false);
  assert.deepEqual(json, { answer: 'BLOCKCHAIN', blockchain: chain });
  assert.match(text, /^Chain c1, height 9\n3 {2}b3\?\[2J {2}2023-11-14T22:13:20\.000Z {2}572 bytes\n/);
  assert.match(text, /GET_BLOCKCHAIN:0\nMore with GET_BLOCKCHAIN:4$/);
});

test('what is no blockchain, or has an impossible time, is shown as it is', () => {
  assert.equal(presentAnswer('{"blocks":1}').text, '{"blocks":1}');
  assert.equal(presentAnswer('{broken').isRefusal, true);
  const odd = presentAnswer(
    '{"blocks":[{"height":1,"id":"x","timeMs":1e300,"bytes":""}],"next":2,"height":1}',
  );
  assert.match(odd.text, /1 {2}x {2}\? {2}0 bytes/);
});

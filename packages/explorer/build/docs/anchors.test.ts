import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Anchors } from './anchors.ts';

test('headings are named as GitHub names them', () => {
  const anchors = new Anchors();
  const titles: readonly [string, string][] = [
    ['On one machine', 'on-one-machine'],
    ['2: token-create', '2-token-create'],
    ['Votes on each block: bft', 'votes-on-each-block-bft'],
    ['What holds, in any case?', 'what-holds-in-any-case'],
    ['calin account create', 'calin-account-create'],
    ['tx_submit', 'tx_submit'],
    ['Größe & Gewicht', 'größe--gewicht'],
  ];
  for (const [title, anchor] of titles) assert.equal(anchors.next(title), anchor);
});

test('a name that was there before gets a number', () => {
  const anchors = new Anchors();
  const names = ['Limits', 'Limits', 'Limits 1', 'Limits'].map((title) => anchors.next(title));
  assert.deepEqual(names, ['limits', 'limits-1', 'limits-1-1', 'limits-2']);
});

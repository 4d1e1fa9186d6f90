import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPlace } from './find-place.ts';

const HASH = '4ad5f2b1c0e39786a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f00f1e';
const ADDRESS = 'dcal1u5hxgvuj7g200cep0e0926u5mk59lgup9lnlqyfhru64df2695vqplav7s';

test('a search finds heights, hashes and addresses as people write them', () => {
  for (const text of ['12', '#12', ' 12 ', '0012']) {
    assert.deepEqual(findPlace(text, 'dcal'), { kind: 'block', block: '12' }, text);
  }
  assert.deepEqual(findPlace('1,234,567', 'dcal'), { kind: 'block', block: '1234567' });
  for (const text of [HASH, `0x${HASH}`, HASH.toUpperCase()]) {
    assert.deepEqual(findPlace(text, 'dcal'), { kind: 'hash', hash: HASH }, text);
  }
  for (const text of [ADDRESS, ADDRESS.toUpperCase(), `${ADDRESS}\n`]) {
    assert.deepEqual(findPlace(text, 'dcal'), { kind: 'address', address: ADDRESS }, text);
  }
});

test('what is none of these leads nowhere', () => {
  for (const text of ['', 'abc', HASH.slice(1), '12345678901', '<img src=x>', `x${ADDRESS}`, '-1', '1.5']) {
    assert.deepEqual(findPlace(text, 'dcal'), { kind: 'nothing' }, text);
  }
  assert.deepEqual(findPlace(ADDRESS, 'cal'), { kind: 'nothing' });
});

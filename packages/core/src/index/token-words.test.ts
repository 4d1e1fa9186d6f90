import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldText, tokenWords } from './token-words.ts';

test('a token is found by its symbol, its name, and each further word of it', () => {
  assert.deepEqual(tokenWords({ symbol: 'GOLD', name: 'Gold  Reserve Coin' }), [
    'gold',
    'gold reserve coin',
    'reserve coin',
    'coin',
  ]);
  assert.deepEqual(tokenWords({ symbol: 'X', name: '' }), ['x']);
  assert.deepEqual(tokenWords({ symbol: 'X', name: ' x ' }), ['x']);
  assert.equal(tokenWords({ symbol: 'A', name: 'b '.repeat(32) }).length, 9);
});

test('texts are compared in lower case, well formed, without zero bytes', () => {
  assert.equal(foldText(' ŽLUŤ\u00a0Kůň\t'), 'žluť kůň');
  assert.equal(foldText('a\0b\ud800'), 'ab\ufffd');
});

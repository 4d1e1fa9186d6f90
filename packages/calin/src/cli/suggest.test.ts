import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDistance, nearestName } from './suggest.ts';

test('slips of the fingers are counted', () => {
  assert.equal(editDistance('send', 'send'), 0);
  assert.equal(editDistance('sned', 'send'), 1, 'a swap is one slip');
  assert.equal(editDistance('sen', 'send'), 1);
  assert.equal(editDistance('', 'send'), 4);
  assert.equal(editDistance('kitten', 'sitting'), 3);
});

test('near names are suggested, far ones are not', () => {
  const names = ['send', 'status', 'verify', 'token'];
  assert.equal(nearestName('sned', names), 'send');
  assert.equal(nearestName('veri', names), 'verify');
  assert.equal(nearestName('tokens', names), 'token');
  assert.equal(nearestName('xyzzy', names), undefined);
  assert.equal(nearestName('s'.repeat(1000), names), undefined);
});

test('the distance is symmetric and at most the longer length', () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      assert.equal(distance, editDistance(b, a));
      assert.ok(distance <= Math.max(a.length, b.length) && (distance === 0) === (a === b));
    }),
  );
});

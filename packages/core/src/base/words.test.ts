import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wordsOf } from './words.ts';

describe('the words of bytes', () => {
  const bytes = Uint8Array.from({ length: 23 }, (_, i) => 0xf0 + i);

  it('are little-endian, at every place in memory, without the bytes that fill none', () => {
    const view = new DataView(bytes.buffer);
    for (let start = 0; start <= bytes.length; start++) {
      const words = wordsOf(bytes.subarray(start));
      assert.equal(words.length, Math.floor((bytes.length - start) / 4));
      for (const [i, word] of words.entries()) assert.equal(word, view.getInt32(start + 4 * i, true));
    }
  });

  it('are a view where they can be, also of bytes whose slice is one', () => {
    assert.equal(wordsOf(bytes.subarray(4)).buffer, bytes.buffer);
    const buffer = Buffer.from(bytes.buffer, 1, 8);
    assert.notEqual(wordsOf(buffer).buffer, bytes.buffer);
    assert.equal(wordsOf(buffer)[0], new DataView(bytes.buffer).getInt32(1, true));
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { uncompressSnappy } from './snappy.ts';

/** The text of a Snappy block, or undefined when it is refused. */
function text(...bytes: readonly number[]): string | undefined {
  const uncompressed = uncompressSnappy(Uint8Array.from(bytes));
  return uncompressed && Buffer.from(uncompressed).toString();
}

const [a, b, c] = [0x61, 0x62, 0x63];

describe('Snappy', () => {
  it('reads literals of every length code', () => {
    assert.equal(text(0), '');
    assert.equal(text(3, 2 << 2, a, b, c), 'abc');
    assert.equal(text(3, 60 << 2, 2, a, b, c), 'abc');
    assert.equal(text(3, 61 << 2, 2, 0, a, b, c), 'abc');
    assert.equal(text(3, 62 << 2, 2, 0, 0, a, b, c), 'abc');
    assert.equal(text(3, 63 << 2, 2, 0, 0, 0, a, b, c), 'abc');
  });

  it('reads copies of every distance code, also those that overlap themselves', () => {
    const abc = [2 << 2, a, b, c];
    assert.equal(text(7, ...abc, 1, 3), 'abcabca');
    assert.equal(text(5, ...abc, (1 << 2) | 2, 3, 0), 'abcab');
    assert.equal(text(5, ...abc, (1 << 2) | 3, 2, 0, 0, 0), 'abcbc');
    assert.equal(text(9, 0, a, (7 << 2) | 2, 1, 0), 'aaaaaaaaa');
    assert.equal(text(10, 0, b, 0, c, (7 << 2) | 2, 2, 0), 'bcbcbcbcbc');
  });

  it('refuses what is cut, too long, too short or points before the start', () => {
    assert.equal(text(), undefined);
    assert.equal(text(3, 2 << 2, a, b), undefined);
    assert.equal(text(2, 2 << 2, a, b, c), undefined);
    assert.equal(text(4, 2 << 2, a, b, c), undefined);
    assert.equal(text(7, 2 << 2, a, b, c, 1, 4), undefined);
    assert.equal(text(7, 2 << 2, a, b, c, 1, 0), undefined);
    assert.equal(text(6, 2 << 2, a, b, c, 1, 3), undefined);
    assert.equal(text(0xff, 0xff, 0xff, 0xff, 0x7f, 0, a), undefined);
  });

  it('never throws', () => {
    const random = seededRandom(5);
    for (let i = 0; i < 20_000; i++) uncompressSnappy(random.bytes(random.below(24)));
  });
});

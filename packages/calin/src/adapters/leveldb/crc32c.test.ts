import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crc32c, maskedCrc32c } from './crc32c.ts';

describe('CRC-32C', () => {
  it('RFC 3720, appendix B.4', () => {
    const counting = Uint8Array.from({ length: 32 }, (_, i) => i);
    assert.equal(crc32c(new Uint8Array(32)), 0x8a91_36aa);
    assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8_ab43);
    assert.equal(crc32c(counting), 0x46dd_794e);
    assert.equal(crc32c(counting.toReversed()), 0x113f_db5c);
  });

  it('the check value of the catalogue, at any place in an array', () => {
    const digits = Buffer.from('123456789');
    assert.equal(crc32c(digits), 0xe306_9283);
    for (let before = 0; before < 9; before++) {
      const padded = Buffer.concat([Buffer.alloc(before, 7), digits, Buffer.alloc(3, 9)]);
      assert.equal(crc32c(padded, before, before + 9), 0xe306_9283);
    }
  });

  it('the mask differs from the checksum and from its own mask', () => {
    const bytes = Buffer.from('foo');
    const masked = maskedCrc32c(bytes, 0, 3);
    const crc = crc32c(bytes);
    assert.notEqual(masked, crc);
    // The inverse that LevelDB's reader uses.
    const rotated = (masked - 0xa282_ead8) >>> 0;
    assert.equal(((rotated >>> 17) | (rotated << 15)) >>> 0, crc);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareBytes, toHex } from '../base/bytes.ts';
import { formatAddress } from '../primitives/address.ts';
import { type HashRange, parseSearch } from './search-text.ts';

const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Uint8Array.from(bytes));

function holds(range: HashRange | undefined, hash: Uint8Array): boolean {
  if (range === undefined || compareBytes(range.from, hash) > 0) return false;
  return range.to === undefined || compareBytes(hash, range.to) < 0;
}

describe('what a text may mean', () => {
  it('is a height, however people write numbers', () => {
    for (const text of ['1024', '#1024', ' 1,024 ', '1 024', '1_024', "1'024", '#1.024']) {
      assert.equal(parseSearch(text, 'cal').height, 1024, text);
    }
    for (const text of ['', '-1', '1e3', '0x10', '4294967296', 'ten']) {
      assert.equal(parseSearch(text, 'cal').height, undefined, text);
    }
    assert.equal(parseSearch('4294967295', 'cal').height, 0xffff_ffff);
    assert.equal(parseSearch('9007199254740991', 'cal').asset, Number.MAX_SAFE_INTEGER);
    assert.equal(parseSearch('9007199254740993', 'cal').asset, undefined);
    assert.equal(parseSearch('#7', 'cal').asset, undefined);
  });

  it('is an id by any beginning of four digits or more, and by nothing else', () => {
    fc.assert(
      fc.property(hashes, hashes, fc.integer({ min: 4, max: 64 }), (hash, other, digits) => {
        const text = toHex(hash).slice(0, digits);
        for (const written of [text, text.toUpperCase(), `0x${text}`, ` ${text}\n`]) {
          const { ids } = parseSearch(written, 'cal');
          assert.ok(holds(ids, hash) && ids?.isWhole === (digits === 64));
          assert.equal(holds(ids, other), toHex(other).startsWith(text));
        }
        assert.equal(parseSearch(text.slice(0, 3), 'cal').ids, undefined);
      }),
    );
    assert.ok(holds(parseSearch('f'.repeat(64), 'cal').ids, new Uint8Array(32).fill(255)));
    assert.equal(parseSearch(`${'f'.repeat(64)}f`, 'cal').ids, undefined);
  });

  it('is an address as a whole, and by its beginning of four characters or more', () => {
    fc.assert(
      fc.property(hashes, hashes, fc.integer({ min: 4, max: 57 }), (address, other, characters) => {
        const whole = formatAddress(address, 'cal');
        const found = parseSearch(whole, 'cal');
        assert.deepEqual([found.address, found.addresses], [address, undefined]);
        assert.deepEqual(parseSearch(whole.toUpperCase(), 'cal').address, address);
        const text = whole.slice(0, 4 + characters);
        const { addresses } = parseSearch(text, 'cal');
        assert.ok(holds(addresses, address), text);
        const same = formatAddress(other, 'cal').slice(0, Math.min(text.length, 55)) === text.slice(0, 55);
        assert.equal(holds(addresses, other), same);
        assert.equal(parseSearch(whole.slice(0, 7), 'cal').addresses, undefined);
        assert.equal(parseSearch(text, 'dcal').addresses, undefined);
      }),
    );
  });

  it('is the beginning of a word, in lower case and with single spaces', () => {
    assert.equal(parseSearch('  Gold \t Coin ', 'cal').word, 'gold coin');
    assert.equal(parseSearch('\0', 'cal').word, undefined);
    assert.equal(parseSearch('x'.repeat(65), 'cal').word, undefined);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../../base/amount.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import { HEADER_VERSION, type Header, headerId } from '../../primitives/header.ts';
import { KnownBlocks } from './known-blocks.ts';
import { RECENT_BLOCKS_MAX, SERVED_BLOCK_BYTES_MAX, SERVED_BLOCKS_MAX } from './limits.ts';
import { compactBlockOf, type RelayBlock } from './relay-block.ts';

function header(height: number): Header {
  return {
    version: HEADER_VERSION,
    height,
    parent: ZERO_HASH,
    timeMs: 1000 + height,
    producer: ZERO_HASH,
    txRoot: ZERO_HASH,
    receiptRoot: ZERO_HASH,
    stateRoot: ZERO_HASH,
    gasUsed: 0,
    baseFee: amount(0),
    seal: new Uint8Array(0),
  };
}

function blockOf(of: Header, length = 8): RelayBlock {
  const bytes = new Uint8Array(length);
  const leaves = new Uint8Array(32);
  return { id: headerId(of), header: of, bytes, count: 1, leaves, flat: undefined, part: () => bytes };
}

describe('the blocks that relay knows', () => {
  it('are found, the youngest and older ones, until they are forgotten', () => {
    const blocks = new KnownBlocks();
    const known = [1, 2, 3].map((height) => blocks.add(header(height), 1n, 0));
    for (const one of known) assert.equal(blocks.get(one.id), one);
    for (const one of known.toReversed()) {
      blocks.forget(one);
      assert.equal(blocks.get(one.id), undefined);
    }
    assert.equal(blocks.count, 0);
  });

  it('are few where none is final', () => {
    const blocks = new KnownBlocks();
    for (let height = 1; height <= 2 * RECENT_BLOCKS_MAX; height++) blocks.add(header(height), 1n, 0);
    assert.equal(blocks.count, RECENT_BLOCKS_MAX);
  });

  it('are let go of once they are final and no longer kept whole', () => {
    const blocks = new KnownBlocks();
    for (let height = 1; height <= 40; height++) {
      const known = blocks.add(header(height), 1n, height - 3);
      const block = blockOf(known.header);
      blocks.keep(known, block, compactBlockOf(block, [0]));
    }
    assert.equal(blocks.count, SERVED_BLOCKS_MAX + 1);
    assert.equal(blocks.get(headerId(header(40 - SERVED_BLOCKS_MAX - 1))), undefined);
    assert.notEqual(blocks.get(headerId(header(40 - SERVED_BLOCKS_MAX + 1))), undefined);
  });

  it('are kept whole up to so many bytes, of which what was dropped takes none', () => {
    const blocks = new KnownBlocks();
    const keep = (height: number, bytes: number) => {
      const known = blocks.add(header(height), 1n, 0);
      blocks.keep(known, blockOf(known.header, bytes), compactBlockOf(blockOf(known.header), [0]));
      return known;
    };
    const quarter = SERVED_BLOCK_BYTES_MAX / 4 + 1;
    const all = [1, 2, 3, 4].map((height) => keep(height, quarter));
    assert.deepEqual(
      all.map(({ block }) => block !== undefined),
      [false, true, true, true],
    );
    blocks.drop(all[2] as (typeof all)[number]);
    const next = keep(5, quarter);
    assert.notEqual(all[1]?.block, undefined, 'there was room again');
    const large = keep(6, SERVED_BLOCK_BYTES_MAX + 1);
    assert.equal(all[1]?.block, undefined, 'one beyond the limit takes the place of all others');
    assert.equal(next.block, undefined);
    assert.equal(large.block?.bytes.length, SERVED_BLOCK_BYTES_MAX + 1);
  });
});

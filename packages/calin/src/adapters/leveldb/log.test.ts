import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { logFragment, writeLog } from './log.testing.ts';
import { scanLog } from './log.ts';

const HEADER = 7;
const BLOCK = 32_768;
const random = seededRandom(2);
const RECORDS = [5, 0, 40_000, BLOCK - HEADER, 1, 100_000, 300, 32_000, 700].map((length) =>
  random.bytes(length),
);
const LOG = writeLog(RECORDS);

describe('a LevelDB log', () => {
  it('gives back every record', () => {
    const { records, faultAt, recordsAfterFault } = scanLog(LOG);
    assert.deepEqual(
      records.map((record) => Buffer.from(record)),
      RECORDS.map((record) => Buffer.from(record)),
    );
    assert.deepEqual([faultAt, recordsAfterFault], [undefined, false]);
    assert.deepEqual(scanLog(new Uint8Array(0)), {
      records: [],
      faultAt: undefined,
      recordsAfterFault: false,
    });
  });

  it('cut anywhere, gives the whole records before the cut and says where the torn one starts', () => {
    const ends = RECORDS.map((_, i) => writeLog(RECORDS.slice(0, i + 1)).length);
    for (let i = 0; i < 300; i++) {
      const cut = random.below(LOG.length);
      const { records, faultAt, recordsAfterFault } = scanLog(LOG.subarray(0, cut));
      assert.equal(records.length, ends.filter((end) => end <= cut).length);
      const end = ends[records.length - 1] ?? 0;
      if (cut === end) assert.equal(faultAt, undefined);
      // What is left of a block that is too short for a header is padding, where the next record cannot start.
      else assert.ok(faultAt === undefined ? cut - end < HEADER : faultAt >= end && faultAt < end + HEADER);
      assert.equal(recordsAfterFault, false);
    }
  });

  it('notices every flipped bit that is not padding, and gives only whole records before it', () => {
    let followed = 0;
    for (let i = 0; i < 400; i++) {
      const at = random.below(LOG.length);
      const flipped = Buffer.from(LOG);
      flipped[at] = (flipped[at] as number) ^ (1 << random.below(8));
      const { records, faultAt, recordsAfterFault } = scanLog(flipped);
      if (faultAt === undefined) assert.equal(LOG[at], 0, 'padding');
      for (const [n, record] of records.entries())
        assert.ok(Buffer.from(record).equals(RECORDS[n] as Uint8Array));
      if (recordsAfterFault) followed++;
    }
    assert.ok(followed > 100, 'damage in the middle has whole records behind it');
  });

  it('a whole record that vanished from the middle of another is noticed', () => {
    const middle = logFragment(3, Buffer.from('m'));
    const last = logFragment(4, Buffer.from('l'));
    const first = logFragment(2, Buffer.from('f'));
    const full = logFragment(1, Buffer.from('whole'));
    for (const [parts, recordsAfterFault] of [
      [[middle], false],
      [[last], false],
      [[first, full], true],
      [[first, first, last], true],
      [[first, middle], false],
    ] as const) {
      const scan = scanLog(Buffer.concat(parts));
      assert.deepEqual(
        [scan.records.length, scan.faultAt, scan.recordsAfterFault],
        [0, 0, recordsAfterFault],
      );
    }
  });
});

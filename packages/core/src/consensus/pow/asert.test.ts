import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { asertTarget } from './asert.ts';
import { encodeCompact, parseCompact, TARGET_MAX } from './compact-target.ts';

const vectors = new URL('./asert-vectors/', import.meta.url);

/** What the head of a file of vectors says. */
function numberAfter(text: string, name: RegExp): bigint {
  const match = name.exec(text);
  assert(match !== null, `no ${name} in the head of the vectors`);
  return BigInt(match[1] as string);
}

function targetOf(bits: number): bigint {
  const target = parseCompact(bits);
  assert(target !== undefined);
  return target;
}

describe('aserti3-2d', () => {
  const files = readdirSync(vectors).filter((name) => name.startsWith('run'));
  assert.equal(files.length, 12);
  for (const file of files) {
    it(`gives the targets of ${file}`, () => {
      const text = readFileSync(new URL(file, vectors), 'utf8');
      const anchorHeight = numberAfter(text, /anchor height: (\d+)/);
      const anchorTime = numberAfter(text, /anchor (?:ancestor|parent) time: (\d+)/);
      const schedule = {
        anchorTarget: targetOf(Number(numberAfter(text, /anchor nBits: (0x[0-9a-f]+)/))),
        targetMax: targetOf(0x1d00ffff),
        spacing: 600n,
        halfLife: 172_800n,
      };
      const rows = text.split('\n').filter((line) => /^\d/.test(line));
      assert.equal(BigInt(rows.length), numberAfter(text, /iterations: (\d+)/));
      for (const row of rows) {
        const [, height = '', time = '', bits = ''] = row.split(' ');
        const target = asertTarget(schedule, BigInt(time) - anchorTime, BigInt(height) - anchorHeight);
        assert.equal(encodeCompact(target), Number(bits), `after height ${height}`);
      }
    });
  }

  const schedule = { anchorTarget: 1n << 200n, targetMax: TARGET_MAX, spacing: 10n, halfLife: 100n };

  it('doubles for each half-life of delay, and halves for each of haste', () => {
    for (let lives = -150n; lives <= 50n; lives++) {
      const expected = lives >= 0n ? (1n << 200n) << lives : (1n << 200n) >> -lives;
      assert.equal(asertTarget(schedule, 10n * 8n + 100n * lives, 7n), expected);
    }
  });

  it('stays between 1 and the largest target, however far times are apart', () => {
    const far = 1n << 63n;
    assert.equal(asertTarget(schedule, far, 0n), TARGET_MAX);
    assert.equal(asertTarget(schedule, -far, 0n), 1n);
    assert.equal(asertTarget({ ...schedule, targetMax: 99n }, far, 0n), 99n);
  });

  it('never falls when blocks come later', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50_000, max: 50_000 }),
        fc.integer({ min: 0, max: 100 }),
        (time, height) => {
          const at = (late: number) => asertTarget(schedule, BigInt(time + late), BigInt(height));
          assert.ok(at(1) >= at(0));
        },
      ),
    );
  });
});

describe('the short form of a target', () => {
  it('keeps the three highest bytes and is read back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: TARGET_MAX }), (target) => {
        const bits = encodeCompact(target);
        const read = parseCompact(bits);
        assert(read !== undefined && read <= target);
        // At least 16 bits are kept.
        assert.ok((target - read) * 32_768n <= target);
        assert.equal(encodeCompact(read), bits);
      }),
    );
  });

  it('gives the values of Bitcoin', () => {
    assert.equal(parseCompact(0x1d00ffff), 0xffffn << 208n);
    assert.equal(parseCompact(0x207fffff), 0x7fffffn << 232n);
    assert.equal(encodeCompact(0x80n), 0x02008000);
    assert.equal(encodeCompact(0x12345678n), 0x04123456);
    assert.equal(encodeCompact(TARGET_MAX), 0x2100ffff);
  });

  it('takes nothing that would be written otherwise', () => {
    const refused = [
      0, // zero
      0x01003456, // shifted out
      0x04923456, // negative in Bitcoin
      0x04000012, // not the shortest
      0x2200ffff, // above the largest
      0xff123456,
      0x03000000,
    ];
    for (const bits of refused) assert.equal(parseCompact(bits), undefined, bits.toString(16));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (bits) => {
        const target = parseCompact(bits);
        if (target !== undefined) assert.equal(encodeCompact(target), bits);
      }),
    );
  });
});

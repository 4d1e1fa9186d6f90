import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { ClassicLevel } from 'classic-level';
import { temporaryFolder } from '../level-store.testing.ts';
import { findTableFault } from './table.ts';

const FOOTER = 48;

/** A table of 2,000 keys as LevelDB writes it; its keys make the index compressible. */
async function makeTable(compression: boolean): Promise<Buffer> {
  using folder = temporaryFolder();
  const random = seededRandom(9);
  const level = new ClassicLevel<string, Uint8Array>(folder.path, { compression, valueEncoding: 'view' });
  await level.batch(
    Array.from({ length: 2000 }, (_, i) => ({
      type: 'put' as const,
      key: `a long common beginning of all the keys ${i}`,
      value: random.bytes(90),
    })),
  );
  await level.compactRange('', '~');
  await level.close();
  const file = readdirSync(folder.path).find((name) => name.endsWith('.ldb'));
  return readFileSync(join(folder.path, file ?? assert.fail('no table')));
}

for (const compression of [true, false]) {
  describe(`a table ${compression ? 'with' : 'without'} compression`, () => {
    it('is whole as LevelDB wrote it', async () => {
      const table = await makeTable(compression);
      assert.equal(findTableFault(table), undefined);
    });

    it('is damaged after any flipped bit outside the padding of its footer, or any cut', async () => {
      const table = await makeTable(compression);
      const random = seededRandom(10);
      for (let i = 0; i < 200; i++) {
        const at =
          i < 60 ? table.length - FOOTER - 1 - random.below(2000) : random.below(table.length - FOOTER);
        const flipped = Buffer.from(table);
        flipped[at] = (flipped[at] as number) ^ (1 << random.below(8));
        assert.notEqual(findTableFault(flipped), undefined, `byte ${at} of ${table.length}`);
      }
      for (let i = 0; i < 50; i++)
        assert.notEqual(findTableFault(table.subarray(0, random.below(table.length))), undefined);
    });

    it('a changed footer is noticed, unless it still says the same', async () => {
      const table = await makeTable(compression);
      // Two handles of two varints each, then zeros up to the eight bytes of the magic number.
      const padding =
        table
          .subarray(table.length - FOOTER, table.length - 8)
          .toString('hex')
          .replace(/(00)+$/, '').length / 2;
      for (let bit = 0; bit < 8 * FOOTER; bit++) {
        const flipped = Buffer.from(table);
        const at = table.length - FOOTER + (bit >>> 3);
        flipped[at] = (flipped[at] as number) ^ (1 << (bit & 7));
        // The top bit of the last byte only says that the integer goes on, with the zero that follows.
        const isHarmless = bit >= 8 * padding - 1 && bit < 8 * (FOOTER - 8);
        assert.equal(findTableFault(flipped) === undefined, isHarmless, `bit ${bit} of the footer`);
      }
    });
  });
}

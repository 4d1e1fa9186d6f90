import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildKernel, staleFiles } from './build.ts';

const built = buildKernel();

describe('the committed kernel', () => {
  it('is what its sources compile to', async () => {
    const files = await built;
    assert.equal(files.length, 2);
    const stale = staleFiles(files).map(({ path }) => path);
    assert.deepEqual(stale, [], 'the kernel is not built from its sources; run: npm run kernel');
  });

  it('is called stale when one byte differs', async () => {
    const files = await built;
    const [first] = files;
    assert.ok(first !== undefined);
    const changed = { ...first, text: first.text.replace('i32x4.add', 'i32x4.sub') };
    assert.deepEqual(staleFiles([changed]), [changed]);
  });
});

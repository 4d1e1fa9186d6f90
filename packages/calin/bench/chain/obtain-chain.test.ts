import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { ChainSize } from './chain-size.ts';
import { makeChain } from './make-chain.ts';
import { obtainChain } from './obtain-chain.ts';

const SIZE: ChainSize = { coins: 300, blocks: 2, transfers: 3, respend: true };
const root = mkdtempSync(join(tmpdir(), 'calin-bench-test-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** How often the making of a chain was reported. */
async function obtain(fresh: boolean): Promise<number> {
  let steps = 0;
  const chain = await obtainChain(SIZE, { fresh, root }, () => {
    steps += 1;
  });
  const file = chain.open();
  const blocks = Array.from({ length: file.left }, () => file.next());
  file.close();
  assert.deepEqual(blocks, [...makeChain(SIZE)]);
  return steps;
}

test('a chain is made once, and again when it is asked for', async () => {
  assert(existsSync(root));
  assert.equal(await obtain(false), 4);
  assert.equal(await obtain(false), 0);
  assert.equal(await obtain(true), 4);
});

test('a chain that nobody has used for a week is removed', async () => {
  const old = join(root, 'old');
  mkdirSync(old);
  writeFileSync(join(old, 'blocks'), 'x');
  utimesSync(old, new Date(0), new Date(0));
  await obtain(false);
  assert(!existsSync(old));
});

test('a size that cannot be is refused before anything is made', async () => {
  await assert.rejects(
    obtainChain({ ...SIZE, coins: -1 }, { fresh: false, root }, () => {}),
    /--coins/,
  );
});

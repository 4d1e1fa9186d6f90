import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Workplace } from './calin.testing.ts';

interface Status {
  readonly head: { readonly height: number };
  readonly storage: { readonly index: boolean };
}

interface Verified {
  readonly height: number;
  readonly indexed: number;
}

describe('a folder without the index', () => {
  const place = new Workplace();
  after(() => place.close());

  test('is switched off, stays so, verifies, and catches up when it is switched on again', async () => {
    const first = await place.start(['dev']);
    await place.json(['send', '--from', 'dev0', '--to', 'dev1', '--amount', '7']);
    const paid = await heightOf();
    await first.end('SIGINT');

    const off = await place.start(['dev', '--no-index']);
    await place.json(['mine', '--blocks', '5']);
    const status = (await place.json(['status'])) as Status;
    assert.deepEqual([status.head.height, status.storage.index], [paid + 5, false]);
    assert.match((await place.run(['status'])).stdout, /Index +off/);
    const { txids } = (await place.json(['block', String(paid + 3)])) as { txids: readonly string[] };
    const phrase = join(place.folder, 'phrase.txt');
    writeFileSync(phrase, `${'abandon '.repeat(11)}about`);
    for (const args of [
      ['wallet', 'restore', '--file', phrase],
      ['balance', 'dev1'],
      ['history', 'dev1'],
      ['tx', String(txids[0])],
      ['send', '--from', 'dev0', '--to', 'dev1', '--amount', '1'],
    ]) {
      const refused = await place.run([...args, '--json']);
      assert.equal(refused.code, 1, args.join(' '));
      assert.match(refused.stderr, /node\/no-index[\s\S]*--index on/, args.join(' '));
    }
    await off.end('SIGKILL');
    assert.deepEqual(await verified(), [paid + 5, paid]);

    const still = await place.start(['dev']);
    assert.equal(((await place.json(['status'])) as Status).storage.index, false);
    await still.end('SIGINT');
    assert.match((await place.run(['verify'])).stdout, /The index is off; it ends at block \d+ and is right/);

    const on = await place.start(['dev', '--index', 'on']);
    const { block } = (await place.json(['tx', String(txids[0])])) as { block: { height: number } };
    assert.equal(block.height, paid + 3);
    await place.json(['send', '--from', 'dev1', '--to', 'dev0', '--amount', '2']);
    const { entries } = (await place.json(['history', 'dev1'])) as { entries: readonly unknown[] };
    assert.equal(entries.length, 2);
    assert.match((await place.run(['status'])).stdout, /Index +of transactions and addresses/);
    await on.end('SIGINT');
    assert.doesNotMatch(settings(), /index/);
    assert.deepEqual(await verified(), [paid + 6, paid + 6]);
  });

  test('is not told by nonsense', async () => {
    const other = new Workplace();
    for (const [args, env] of [
      [['dev', '--port', '0', '--index', 'maybe'], {}],
      [['dev', '--port', '0'], { CALIN_INDEX: 'false' }],
    ] as const) {
      const refused = await other.run([...args, '--json'], env);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /cli\/option-value[\s\S]*on, off/);
    }
    other.close();
  });

  test('cannot be switched on again once blocks that it lacks are pruned', async () => {
    const config = join(place.data, 'calin.json');
    writeFileSync(config, '{ "index": "off" }');
    const off = await place.start(['dev']);
    rmSync(config);
    await place.json(['mine', '--blocks', '700']);
    await off.end('SIGINT');
    await place.json(['prune', '--keep', '300']);
    const refused = await place.run(['dev', '--index', 'on', '--port', '0', '--json']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /history\/blocks-pruned[\s\S]*without --index on/);
    assert.match(settings(), /"index": false/);
    const again = await place.start(['dev']);
    assert.equal(((await place.json(['status'])) as Status).storage.index, false);
    await again.end('SIGINT');
    assert.equal((await place.run(['verify'])).code, 0);
  });

  async function heightOf(): Promise<number> {
    return ((await place.json(['status'])) as Status).head.height;
  }

  async function verified(): Promise<readonly [number, number]> {
    const { height, indexed } = (await place.json(['verify'])) as Verified;
    return [height, indexed];
  }

  function settings(): string {
    return readFileSync(join(place.data, 'node.json'), 'utf8');
  }
});
